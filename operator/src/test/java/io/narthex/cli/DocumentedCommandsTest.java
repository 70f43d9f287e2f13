package io.narthex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Whoever types what the documents say gets no usage error: the commands and options in them exist. */
class DocumentedCommandsTest {

    private static final Path REPOSITORY = Path.of("..");

    /** In a block of code after its indentation, or between backticks. */
    private static final Pattern COMMAND =
            Pattern.compile("(?m)(?:^ {4}(?:\\$ )?(?:bin/)?|`)((?:kubectl )?narthex [^`\\n#]+)");

    /** What stands for words of the reader's own or is left out, and what belongs to the shell. */
    private static final Pattern NO_COMMAND = Pattern.compile("\\.\\.\\.|…|[|<>()\\[\\]\"']|(?:^| )(?:and |COMMAND$)");

    record Documented(Path file, String command) {
        @Override
        public String toString() {
            return file + ": " + command;
        }
    }

    static List<Documented> commands() throws IOException {
        List<Documented> found = new ArrayList<>();
        for (String root : List.of("README.md", "CONTRIBUTING.md", "docs", "examples", "testbed/README.md")) {
            try (Stream<Path> files = Files.walk(REPOSITORY.resolve(root))) {
                for (Path file : files.filter(file -> file.toString().endsWith(".md"))
                        .sorted()
                        .toList()) {
                    Matcher matcher = COMMAND.matcher(Files.readString(file));
                    while (matcher.find()) {
                        String command = matcher.group(1).strip();
                        if (!NO_COMMAND.matcher(command).find()) {
                            found.add(new Documented(REPOSITORY.relativize(file), command));
                        }
                    }
                }
            }
        }
        return found;
    }

    @Test
    void thereAreSuch() throws IOException {
        assertThat(commands())
                .extracting(Documented::command)
                .contains("kubectl narthex explain monitor/server -n shop", "narthex lint shop/")
                .hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aDocumentedCommandIsTaken(Documented documented) {
        String[] words = documented.command().split(" +", -1);
        Terminal terminal = new Terminal(System.in, System.out, System.err, false, Terminal.Size.USUAL, Map.of());
        CommandLine command = Main.commandLine(terminal, Clock.systemUTC(), new Bugs(terminal));
        int arguments = words[0].equals("kubectl") ? 2 : 1;
        try {
            command.parseArgs(
                    words[0].equals("kubectl")
                            ? Stream.concat(Stream.of("kubectl"), Arrays.stream(words, 2, words.length))
                                    .toArray(String[]::new)
                            : Arrays.copyOfRange(words, 1, words.length));
        } catch (CommandLine.MissingParameterException e) {
            // A command's bare name, in a sentence.
            assertThat(words).as(String.valueOf(e.getMessage())).hasSize(arguments + 1);
        } catch (CommandLine.ParameterException e) {
            throw new AssertionError(documented + ": " + e.getMessage(), e);
        }
    }
}
