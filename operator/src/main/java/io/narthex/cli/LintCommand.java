package io.narthex.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.print.Count;
import io.narthex.cli.print.DiagnosticText;
import io.narthex.cli.print.Json;
import io.narthex.cli.print.Sarif;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Severity;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
    public Integer call() {
        Output output = options.withSarif(terminal);
        Input input = Input.read(terminal, clock, where);
        Compiled compiled = Compiled.all(compiler.get(), input, server, Layouts.USUAL);
        int errors = compiled.count(Severity.ERROR);
        int warnings = compiled.count(Severity.WARNING);
        boolean clean = errors == 0 && (warnings == 0 || !strict);
        switch (output.format()) {
            case text -> {
                DiagnosticText text = output.diagnostics(input.lines());
                compiled.diagnostics().forEach(diagnostic -> output.print(text.block(diagnostic)));
                output.aside(Count.of(input.snapshot().files(), "file") + ", "
                        + Count.of(compiled.resources(), "resource") + ": " + Count.of(errors, "error") + ", "
                        + Count.of(warnings, "warning"));
            }
            case json -> {
                ObjectNode document = Json.document("lint")
                        .put("clean", clean)
                        .put("files", input.snapshot().files())
                        .put("resources", compiled.resources())
                        .put("errors", errors)
                        .put("warnings", warnings);
                Json.putDiagnostics(document, compiled.diagnostics());
                output.json(document);
            }
            case sarif -> output.json(Sarif.log(compiled.diagnostics(), Version.text()));
        }
        return (clean ? ExitCode.OK : ExitCode.NO).number();
    }
}
