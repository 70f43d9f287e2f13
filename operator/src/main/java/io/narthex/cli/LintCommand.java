package io.narthex.cli;

import io.narthex.compiler.Compiler;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code narthex lint}. */
@Command(
        name = "lint",
        description = {
            "Check a folder, a file or standard input (-).",
            "PromQL is checked by the Prometheus of a run on DIR, else by promtool, where there is one.",
            "Ends with 1 where there are errors; -o sarif is for code scanning services."
        })
final class LintCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final InstantSource clock;
    private final Supplier<Compiler> compiler;

    @Mixin
    private InputArgument argument;

    @Mixin
    private LintOptions lint;

    @Mixin
    private ServerOptions server;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    LintCommand(Terminal terminal, InstantSource clock, Supplier<Compiler> compiler) {
        this.terminal = terminal;
        this.clock = clock;
        this.compiler = compiler;
    }

    @Override
    public Integer call() throws InterruptedException {
        Output output = options.withSarif(terminal);
        Input input = argument.read(terminal, clock);
        LintParser parser = new LintParser(
                terminal.environment(),
                clock,
                lint.url(),
                lint.prometheus(),
                Optional.of(argument.where())
                        .filter(where -> !where.equals(Input.STANDARD_INPUT))
                        .map(where -> StateFolders.of(Input.path(where))),
                (folder, run) -> Visits.access(folder, clock, output).endpoint(run.url()));
        Compiled compiled = Compiled.all(compiler.get(), input, server, Layouts.USUAL, parser);
        Optional<String> note = parser.note();
        LintReport report = new LintReport(
                compiled.diagnostics(), input.snapshot().files(), compiled.resources(), parser.name(), note);
        return lint.end(output, report, input.lines());
    }
}
