package io.narthex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What all commands have in common: options, exit codes, and that standard output holds the result alone. */
class EveryCommandTest {

    /** Command lines that have a result; FOLDER is a clean folder, WRONG one with errors, NEW one that isn't there. */
    static final List<String> RESULTS = List.of(
            "lint FOLDER",
            "lint WRONG",
            "render FOLDER",
            "render WRONG",
            "render WRONGSERVER",
            "diff FOLDER FOLDER",
            "diff FOLDER WRONG",
            "doctor FOLDER",
            "doctor WRONG",
            "explain NX1204",
            "explain monitor",
            "explain monitor.endpoints.interval",
            "explain monitor/web --dir FOLDER",
            "init NEW",
            "import PROMETHEUS");

    @TempDir
    Path parent;

    @BeforeEach
    void writeFolders() throws IOException {
        Folders.clean(parent.resolve("clean"));
        Files.writeString(parent.resolve("prometheus.yml"), "scrape_configs: []\n");
        Folders.wrong(parent.resolve("wrong"));
        Folders.clean(parent.resolve("server"));
        Folders.write(parent.resolve("server"), "server.yaml", Folders.server("retention: {time: 200hh}"));
    }

    private String[] arguments(String line, String... more) {
        return Stream.concat(
                        Arrays.stream(line.split(" ", -1)).map(word -> switch (word) {
                            case "FOLDER" -> parent.resolve("clean").toString();
                            case "WRONG" -> parent.resolve("wrong").toString();
                            case "WRONGSERVER" -> parent.resolve("server").toString();
                            case "PROMETHEUS" ->
                                parent.resolve("prometheus.yml").toString();
                            case "NEW" -> parent.resolve("new").toString();
                            default -> word;
                        }),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @FieldSource("RESULTS")
    void jsonIsOneDocumentWithAVersionOnStandardOutput(String line) throws Exception {
        Session.Result result = new Session().interactive().run(arguments(line, "-o", "json"));
        // One document and nothing after it.
        ObjectReader strict = new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        JsonNode document = strict.readTree(result.out());
        assertThat(document.path("schemaVersion").isInt()).isTrue();
        assertThat(document.path("kind").asText()).isNotEmpty();
        assertThat(document.fieldNames().next()).isEqualTo("schemaVersion");
        assertThat(result.err()).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("RESULTS")
    void theFormDoesNotChangeTheExitCode(String line) {
        int text = new Session().run(arguments(line)).code();
        String again = line.replace("NEW", parent.resolve("other").toString());
        int json = new Session().run(arguments(again, "-o", "json")).code();
        assertThat(json).isEqualTo(text).isIn(0, 1, 3);
    }

    @ParameterizedTest
    @FieldSource("RESULTS")
    void quietAndVerboseAndPlainAreKnownEverywhere(String line) {
        int code = new Session().run(arguments(line)).code();
        for (String option : List.of("-q", "--quiet", "-v", "--verbose", "--no-color")) {
            String fresh = line.replace("NEW", parent.resolve("new" + option).toString());
            Session.Result result = new Session().interactive().run(arguments(fresh, option));
            assertThat(result.code()).as(option).isEqualTo(code);
            if (option.equals("--no-color")) {
                assertThat(result.out() + result.err()).doesNotContain("\u001b");
            }
        }
    }

    static List<String> commands() {
        Terminal terminal = new Terminal(System.in, System.out, System.err, false, Terminal.Size.USUAL, Map.of());
        return below(Main.commandLine(terminal, Clock.systemUTC(), new Bugs(terminal)))
                .map(command -> command.getCommandSpec().qualifiedName().substring("narthex ".length()))
                .toList();
    }

    private static Stream<CommandLine> below(CommandLine parent) {
        return parent.getSubcommands().values().stream()
                .flatMap(command -> Stream.concat(Stream.of(command), below(command)));
    }

    /** Returns how users call a command: kubectl itself calls its plugin. */
    private static String called(String command) {
        return command.startsWith("kubectl")
                ? command.replaceFirst("kubectl", "kubectl narthex")
                : "narthex " + command;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpIsAResult(String command) {
        Session.Result result = new Session().run(arguments(command, "--help"));
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("Usage: " + called(command));
        assertThat(result.err()).isEmpty();
        assertThat(new Session().run(arguments("help " + command))).isEqualTo(result);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void anUnknownOptionIsAUsageErrorOfOneLine(String command) {
        Session.Result result = new Session().run(arguments(command, "--frobnicate"));
        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo("narthex: unknown option --frobnicate\n  = help: " + called(command) + " --help\n");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aFormThatIsNoneNamesTheForms(String command) {
        // These have no results to give a form to; what the operator prints is its log.
        if (List.of("help", "completion", "operator", "socket-gate", "kubectl").contains(command)) {
            return;
        }
        Session.Result result = new Session().run(arguments(command, "x", "-o", "xml"));
        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.err()).contains("'xml'", "text, json, sarif");
    }

    @Test
    void sarifIsForLintAlone() {
        for (String command : List.of("render", "diff", "status", "doctor", "run", "init")) {
            Session.Result result =
                    new Session().run(command, parent.resolve("clean").toString(), "-o", "sarif");
            assertThat(result.code()).as(command).isEqualTo(ExitCode.USAGE.number());
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).contains("-o sarif is for narthex lint alone");
        }
    }

    @Test
    void whatIsNotThereIsTheEnvironment() {
        for (String line : List.of("lint NEW", "render NEW", "diff NEW FOLDER", "run NEW --prometheus /bin/true")) {
            Session.Result result = new Session().run(arguments(line));
            assertThat(result.code()).as(line + ": " + result).isEqualTo(ExitCode.ENVIRONMENT.number());
            assertThat(result.out()).isEmpty();
            assertThat(result.err().lines()).hasSizeLessThanOrEqualTo(2);
            assertThat(result.err()).startsWith("narthex: ");
        }
    }
}
