package io.narthex.cli;

import io.narthex.compiler.Compiler;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code narthex lint}. */
@Command(
        name = "lint",
        description = {
            "Check a folder, a file or standard input (-).",
            "Ends with 1 where there are errors; -o sarif is for code scanning services."
        })
final class LintCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final InstantSource clock;
    private final Supplier<Compiler> compiler;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|FILE|-",
            defaultValue = ".",
            description = "What to check. Default: the working directory.")
    private String where;

    @Option(
            names = "--prometheus",
            paramLabel = "FILE",
            description = "The Prometheus whose promtool checks PromQL. Default: $PROMETHEUS, else in $PATH.")
    private @Nullable String prometheus;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Have PromQL checked by the Prometheus there. Default: the one of a run on DIR.")
    private @Nullable String url;

    @Option(names = "--strict", description = "End with 1 where there are warnings, too.")
    private boolean strict;

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
        Input input = Input.read(terminal, clock, where);
        LintParser parser = new LintParser(
                terminal.environment(),
                clock,
                Optional.ofNullable(url),
                Optional.ofNullable(prometheus),
                where.equals(Input.STANDARD_INPUT) ? Optional.empty() : Optional.of(StateFolders.of(Input.path(where))),
                (folder, run) -> Visits.access(folder, clock, output).endpoint(run.url()));
        Compiled compiled = Compiled.all(compiler.get(), input, server, Layouts.USUAL, parser);
        Optional<String> note = parser.note();
        LintReport report = new LintReport(
                compiled.diagnostics(), input.snapshot().files(), compiled.resources(), parser.name(), note);
        report.print(output, input.lines(), strict);
        return (report.isClean(strict) ? ExitCode.OK : ExitCode.NO).number();
    }
}
