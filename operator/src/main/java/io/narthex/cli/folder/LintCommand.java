package io.narthex.cli.folder;

import io.narthex.cli.check.Compiled;
import io.narthex.cli.check.Layouts;
import io.narthex.cli.check.LintOptions;
import io.narthex.cli.check.LintParser;
import io.narthex.cli.check.LintReport;
import io.narthex.cli.check.ServerOptions;
import io.narthex.cli.input.Input;
import io.narthex.cli.input.InputArgument;
import io.narthex.cli.input.StateFolders;
import io.narthex.cli.input.Visits;
import io.narthex.cli.print.FileLines;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.importing.StackFile;
import io.narthex.compiler.yaml.ResourceReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code narthex lint}. */
@Command(
        name = "lint",
        description = {
            "Check a folder, a file or standard input (-); of a file for docker stack deploy, the labels.",
            "PromQL is checked by the Prometheus of a run on DIR, else by promtool, where there is one.",
            "Ends with 1 where there are errors; -o sarif is for code scanning services."
        })
public final class LintCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final InstantSource clock;
    private final Supplier<Compiler> compiler;

    @Mixin
    private InputArgument argument;

    @Mixin
    private LintOptions lint;

    @Option(
            names = "--stack",
            paramLabel = "NAME",
            description = "With a stack file: the name that it is deployed as. Default: that of its folder.")
    private @Nullable String stack;

    @Mixin
    private ServerOptions server;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public LintCommand(Terminal terminal, InstantSource clock, Supplier<Compiler> compiler) {
        this.terminal = terminal;
        this.clock = clock;
        this.compiler = compiler;
    }

    @Override
    public Integer call() throws InterruptedException {
        Output output = options.withSarif(terminal);
        LintParser parser = new LintParser(
                terminal.environment(),
                clock,
                lint.url(),
                lint.prometheus(),
                Optional.of(argument.where())
                        .filter(where -> !where.equals(Input.STANDARD_INPUT))
                        .map(where -> StateFolders.of(Input.path(where))),
                (folder, run) -> Visits.access(folder, clock, output).endpoint(run.url()));
        Optional<StackFile> stackFile = stackFile();
        if (stackFile.isPresent()) {
            LintReport report = StackLint.check(stackFile.get(), compiler.get(), server.version(), parser);
            return lint.end(output, report, new FileLines(Optional.empty()));
        }
        Input input = argument.read(terminal, clock);
        Compiled compiled = Compiled.all(compiler.get(), input, server, Layouts.USUAL, parser);
        Optional<String> note = parser.note();
        LintReport report = new LintReport(
                compiled.diagnostics(), input.snapshot().files(), compiled.resources(), parser.name(), note);
        return lint.end(output, report, input.lines());
    }

    /** Returns the input where it is a file for docker stack deploy. */
    private Optional<StackFile> stackFile() {
        if (argument.where().equals(Input.STANDARD_INPUT)) {
            return Optional.empty();
        }
        Path file = Input.path(argument.where());
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            // What is too large is told as it is of other files.
            byte[] content = in.readNBytes(ResourceReader.MOST_BYTES + 1);
            String name = stack != null
                    ? stack
                    : String.valueOf(Input.folderOf(file).getFileName()).toLowerCase(Locale.ROOT);
            return StackFile.of(file.toString(), content, terminal.environment(), name);
        } catch (IOException e) {
            // So is what can't be read.
            return Optional.empty();
        }
    }
}
