package io.narthex.cli.kubectl;

import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.cli.check.LintOptions;
import io.narthex.cli.check.LintParser;
import io.narthex.cli.check.LintReport;
import io.narthex.cli.input.Input;
import io.narthex.cli.input.InputArgument;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.ResourceKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubectl narthex lint}. */
@Command(
        name = "lint",
        description = {
            "Check files against the cluster before they are applied: which server takes them, with which Secrets.",
            "PromQL is checked by promtool, where there is one, or with --url by a server, such as by kubectl port-forward.",
            "Ends with 1 where there are errors; -o sarif is for code scanning services."
        })
public final class KubectlLintCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final InstantSource clock;
    private final Supplier<Compiler> compiler;

    @Mixin
    private InputArgument argument;

    @Mixin
    private LintOptions lint;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public KubectlLintCommand(Terminal terminal, InstantSource clock, Supplier<Compiler> compiler) {
        this.terminal = terminal;
        this.clock = clock;
        this.compiler = compiler;
    }

    @Override
    public Integer call() {
        Output output = options.withSarif(terminal);
        return cluster.<Integer>ask((client, namespace) -> {
            Input input = argument.read(terminal, clock, namespace);
            ClusterFiles files = ClusterFiles.look(client, namespace, input, compiler.get());
            LintParser parser = LintParser.withoutRun(terminal.environment(), clock, lint.url(), lint.prometheus());
            Set<Diagnostic> found = new LinkedHashSet<>(input.snapshot().diagnostics());
            List<Declared<PrometheusServerSpec>> servers =
                    files.then().servers().toList();
            for (Declared<PrometheusServerSpec> server : servers) {
                Compilation compiled = parser.compile(
                        compiler.get(),
                        files.preview().seenBy(server.key(), files.then()),
                        server.key(),
                        files.preview().options(server.spec()),
                        true);
                files.changed().forEach(key -> found.addAll(compiled.diagnostics(key)));
                found.addAll(platform(files, server, compiled));
            }
            for (ResourceKey key : files.changed()) {
                files.then()
                        .find(key)
                        .filter(resource -> !(resource.spec() instanceof PrometheusServerSpec))
                        .flatMap(resource -> files.preview()
                                .whyNobody(resource, files.then())
                                .map(why -> unselected(resource, why)))
                        .ifPresent(found::add);
            }
            List<String> notes = new ArrayList<>(files.notes());
            parser.note().ifPresent(notes::add);
            LintReport report = new LintReport(
                    found.stream().sorted(Diagnostic.ORDER).toList(),
                    input.snapshot().files(),
                    files.changed().size(),
                    parser.name(),
                    notes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", notes)));
            return lint.end(output, report, input.lines());
        });
    }

    /** Returns what an operator would say besides the compiler. */
    private static List<Diagnostic> platform(
            ClusterFiles files, Declared<PrometheusServerSpec> server, Compilation compiled) {
        return files.changed().contains(server.key())
                ? compiled.bundle()
                        .map(bundle -> files.preview().refusals(server, bundle))
                        .orElse(List.of())
                : List.of();
    }

    private static Diagnostic unselected(Declared<?> resource, String why) {
        DiagnosticCode code = resource.spec() instanceof MonitorSpec
                ? DiagnosticCode.MONITOR_UNSELECTED
                : DiagnosticCode.RULESET_UNSELECTED;
        return new Diagnostic(
                code,
                code.severity(),
                Optional.of(resource.key()),
                FieldPath.ROOT,
                resource.source().locate(FieldPath.ROOT),
                "no PrometheusServer of the cluster takes it: " + why,
                "",
                "change its labels, or the server's selector");
    }
}
