package io.narthex.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.cli.print.Style;
import io.narthex.cli.run.RunScreen;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputFormat;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.cli.terminal.Version;
import io.narthex.process.Supervisor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * docs/cli.md is made of the commands themselves and of what they print. {@code -Dnarthex.write=true} writes it anew.
 */
class CliDocsTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "cli.md");

    /** The options of {@link OutputOptions} and of picocli, told once. */
    private static final Set<String> COMMON = Set.of("--format", "--quiet", "--verbose", "--no-color", "--help");

    @Test
    void theDocumentIsMadeOfTheCommands() throws IOException {
        String made = document();
        if (Boolean.getBoolean("narthex.write")) {
            Files.writeString(DOCUMENT, made, UTF_8);
        }
        assertThat(DOCUMENT).as("docs/cli.md is stale: make docs").hasContent(made);
    }

    @Test
    void theReadmeLeadsToIt() throws IOException {
        assertThat(Files.readString(Path.of("..", "README.md"), UTF_8)).contains("(docs/cli.md)");
    }

    @Test
    void everyCommandAndOptionIsDescribed() {
        for (CommandSpec spec : all(commandLine()).toList()) {
            assertThat(spec.usageMessage().description()).as(spec.name()).isNotEmpty();
            assertThat(spec.args())
                    .allSatisfy(arg -> assertThat(description(arg))
                            .as(spec.name() + " " + arg)
                            .isNotBlank());
        }
    }

    private static CommandLine commandLine() {
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
                false,
                Terminal.Size.USUAL,
                Map.of());
        return Main.commandLine(terminal, Clock.systemUTC(), new Bugs(terminal));
    }

    private static String document() {
        CommandLine root = commandLine();
        StringBuilder text = new StringBuilder("""
                # The command line

                <!-- Made from the commands themselves by the test CliDocsTest; edit those. -->

                `narthex COMMAND [OPTIONS] [DIR]`. A folder is the working directory where none is named; `-` is standard input.
                Results go to standard output, everything else to standard error. `narthex help COMMAND` prints what is said here.

                | Command | What it does |
                |---|---|
                """);
        root.getSubcommands()
                .forEach((name, command) -> row(
                        text,
                        "[" + name + "](#"
                                + CommandHelp.nameOf(command.getCommandSpec()).replace(' ', '-') + ")",
                        command.getCommandSpec().usageMessage().description()[0]));
        text.append("\n## Options of every command\n\n");
        options(text, Objects.requireNonNull(root.getSubcommands().get("lint")).getCommandSpec(), true);
        text.append("\n`help` and `completion` take `--help` alone. `narthex --version` prints the version.\n");
        text.append("\n## Exit codes\n\n| Code | Meaning |\n|---|---|\n");
        ExitCodes.byNumber().forEach((code, meaning) -> row(text, code, meaning));
        text.append("\nWarnings alone end with 0, unless `--strict`.\n");
        text.append("\n## Environment variables\n\n| Variable | What it does |\n|---|---|\n");
        EnvironmentVariable.byName().forEach((name, meaning) -> row(text, "`" + name + "`", meaning));
        text.append("\nPrometheus itself is started with none but these, where they are set: ")
                .append(Supervisor.passedVariables().stream()
                        .map(name -> "`" + name + "`")
                        .collect(Collectors.joining(", ")))
                .append(".\n");
        formats(text);
        all(root).forEach(command -> command(text, command));
        return text.toString();
    }

    /** Returns every command, those of a group after it. */
    private static Stream<CommandSpec> all(CommandLine parent) {
        return parent.getSubcommands().values().stream()
                .flatMap(command -> Stream.concat(Stream.of(command.getCommandSpec()), all(command)));
    }

    private static void command(StringBuilder text, CommandSpec spec) {
        text.append("\n## ").append(CommandHelp.nameOf(spec)).append("\n\n");
        text.append("    ")
                .append(CommandHelp.nameOf(spec))
                .append(spec.subcommands().isEmpty() ? " [OPTIONS]" : " COMMAND");
        spec.positionalParameters().forEach(parameter -> text.append(' ').append(synopsis(parameter)));
        text.append("\n\n");
        for (String line : spec.usageMessage().description()) {
            text.append(escaped(line)).append('\n');
        }
        if (!spec.positionalParameters().isEmpty() || !own(spec).isEmpty()) {
            text.append('\n');
            options(text, spec, false);
        }
        String[] footer = spec.usageMessage().footer();
        if (footer.length > 1) {
            text.append("\nExamples:\n\n");
            Arrays.stream(footer)
                    .skip(1)
                    .forEach(line -> text.append("  ").append(line).append('\n'));
        }
    }

    private static String synopsis(PositionalParamSpec parameter) {
        String label = parameter.paramLabel();
        String first = parameter.arity().min() == 0 ? "[" + label + "]" : label;
        return parameter.arity().max() > 1 ? first + " [" + label + "]" : first;
    }

    private static List<OptionSpec> own(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !COMMON.contains(option.longestName()))
                .toList();
    }

    private static void options(StringBuilder text, CommandSpec spec, boolean common) {
        text.append("| ").append(common ? "Option" : "Argument").append(" | Meaning |\n|---|---|\n");
        if (!common) {
            spec.positionalParameters()
                    .forEach(parameter -> row(text, "`" + parameter.paramLabel() + "`", description(parameter)));
        }
        spec.options().stream()
                .filter(option -> COMMON.contains(option.longestName()) == common)
                .sorted((a, b) -> a.longestName().compareTo(b.longestName()))
                .forEach(option -> row(text, "`" + names(option) + "`", description(option)));
    }

    private static String names(OptionSpec option) {
        String names = String.join("`, `", option.names());
        return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
    }

    private static String description(ArgSpec arg) {
        return Arrays.stream(arg.description())
                .map(line -> line.replace("${COMPLETION-CANDIDATES}", candidates(arg)))
                .collect(Collectors.joining(" "));
    }

    private static String candidates(ArgSpec arg) {
        return arg.completionCandidates() == null ? "" : String.join(", ", arg.completionCandidates());
    }

    private static void row(StringBuilder text, String first, String second) {
        text.append("| ")
                .append(first.replace("|", "\\|"))
                .append(" | ")
                .append(escaped(second).replace("|", "\\|"))
                .append(" |\n");
    }

    private static String escaped(String prose) {
        return prose.replace("<(", "&lt;(");
    }

    private static void formats(StringBuilder text) {
        text.append("""

                ## Forms of output

                `-o text` is for people: it may change between releases, and is coloured on a terminal.

                """);
        block(text, "", example("text"));
        text.append("""

                `-o json` is one document, of `run` and `status --watch` one a line. `schemaVersion` is raised when a field goes or
                changes its meaning, not when one is added: ignore fields that you don't know. `kind` says what it is.

                """);
        block(text, "json", example("json"));
        text.append("\nA line of `narthex run -o json`, whose `event` is one of ")
                .append(new TreeSet<>(RunScreen.EVENTS)
                        .stream().map(event -> "`" + event + "`").collect(Collectors.joining(", ")))
                .append(":\n\n");
        block(text, "json", event());
        text.append("""

                `narthex lint -o sarif` is SARIF 2.1.0, for code scanning services:

                """);
        block(text, "json", example("sarif"));
    }

    private static void block(StringBuilder text, String language, String content) {
        text.append("```").append(language).append('\n').append(content).append("```\n");
    }

    private static String example(String format) {
        return new Session()
                .run("lint", "-o", format, "../examples/broken/interval.yaml")
                .out()
                .replace("../examples/", "examples/")
                .replace(Version.text(), "0.1.0");
    }

    private static String event() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, true, UTF_8),
                new PrintStream(out, true, UTF_8),
                false,
                Terminal.Size.USUAL,
                Map.of());
        Clock clock = Clock.fixed(Instant.parse("2026-11-01T14:02:11Z"), ZoneOffset.UTC);
        new RunScreen(new Output(terminal, OutputFormat.json, false, false, Style.PLAIN), clock, Path.of("shop"))
                .loaded("web.yaml changed", "reloaded", "7f3a52c04b1e9d86", Duration.ofMillis(104));
        return out.toString(UTF_8);
    }
}
