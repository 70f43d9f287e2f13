package io.narthex.cli.explain;

import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code narthex explain}. */
@Command(
        name = "explain",
        description = "Explain a diagnostic's code, a kind or field, or what became of a resource.",
        footer = {
            "%nExamples:",
            "  narthex explain NX1204",
            "  narthex explain monitor.endpoints.interval",
            "  narthex explain monitor/server --dir shop/"
        })
public final class ExplainCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final ResourceExplanation resources;

    @Parameters(
            paramLabel = "SUBJECT",
            description =
                    "A code (NX1204), a kind or field (monitor.endpoints.interval), or a resource (monitor/server).")
    private String subject;

    @Option(
            names = {"-d", "--dir"},
            paramLabel = "DIR",
            defaultValue = ".",
            description = "For a resource: the folder that declares it. Default: the working directory.")
    private String folder;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public ExplainCommand(Terminal terminal, ResourceExplanation resources) {
        this.terminal = terminal;
        this.resources = resources;
    }

    @Override
    public Integer call() throws InterruptedException {
        Output output = options.on(terminal);
        if (Manual.hasPageOf(subject)) {
            Manual.print(output, subject);
            return ExitCode.OK.number();
        }
        return resources.print(output, subject, folder).number();
    }
}
