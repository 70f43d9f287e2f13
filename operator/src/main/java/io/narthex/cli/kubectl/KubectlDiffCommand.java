package io.narthex.cli.kubectl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.Storage;
import io.narthex.cli.check.DiffReport;
import io.narthex.cli.input.Input;
import io.narthex.cli.input.InputArgument;
import io.narthex.cli.print.Json;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Severity;
import io.narthex.reconcile.Change;
import io.narthex.reconcile.ConfigView;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubectl narthex diff}. */
@Command(
        name = "diff",
        description = {
            "Say what applying files would change of each PrometheusServer's configuration, and what that takes.",
            "Compares what the configurations mean. Ends with 1 where they differ."
        })
public final class KubectlDiffCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final InstantSource clock;
    private final Supplier<Compiler> compiler;

    @Mixin
    private InputArgument argument;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public KubectlDiffCommand(Terminal terminal, InstantSource clock, Supplier<Compiler> compiler) {
        this.terminal = terminal;
        this.clock = clock;
        this.compiler = compiler;
    }

    @Override
    public Integer call() {
        Output output = options.on(terminal);
        return cluster.<Integer>ask((client, namespace) -> {
            Input input = argument.read(terminal, clock, namespace);
            if (input.snapshot().diagnostics().stream().anyMatch(found -> found.severity() == Severity.ERROR)) {
                throw Failure.no(argument.where() + " has errors", "kubectl narthex lint " + argument.where());
            }
            ClusterFiles files = ClusterFiles.look(client, namespace, input, compiler.get());
            TreeMap<String, DiffReport> reports = new TreeMap<>();
            for (Declared<PrometheusServerSpec> server : files.then().servers().toList()) {
                Optional<Compilation> before = files.now()
                        .find(server.key())
                        .flatMap(known -> known.as(PrometheusServerSpec.class))
                        .map(known -> files.preview().compile(compiler.get(), known, files.now()));
                Compilation after = files.preview().compile(compiler.get(), server, files.then());
                boolean concerned = files.concerns(server, after)
                        || before.filter(compiled -> files.concerns(server, compiled))
                                .isPresent();
                if (concerned) {
                    Bundle bundle = after.bundle()
                            .orElseThrow(() -> Failure.no(
                                    server.key() + " can't be compiled: it has errors",
                                    "kubectl narthex lint " + argument.where()));
                    if (files.changed().contains(server.key())) {
                        files.preview().refusals(server, bundle).stream()
                                .findFirst()
                                .ifPresent(refusal -> {
                                    throw Failure.no(
                                            server.key() + " can't become that: "
                                                    + refusal.code().id() + " " + refusal.message(),
                                            refusal.remedy());
                                });
                    }
                    Optional<Bundle> was = before.flatMap(Compilation::bundle);
                    reports.put(
                            server.key().toString(),
                            DiffReport.of(
                                    was.map(ConfigView::of).orElse(ConfigView.EMPTY),
                                    ConfigView.of(bundle),
                                    was,
                                    Optional.of(bundle),
                                    beside(files, server, was, bundle),
                                    livesInPods(server)));
                }
            }
            print(output, reports);
            files.notes().forEach(note -> output.note("note: " + note));
            boolean equal = reports.values().stream().allMatch(DiffReport::isEmpty);
            return (equal ? ExitCode.OK : ExitCode.NO).number();
        });
    }

    /** What differs besides the configuration; a server that is new has nothing that could be replaced. */
    private static List<Change> beside(
            ClusterFiles files, Declared<PrometheusServerSpec> server, Optional<Bundle> was, Bundle bundle) {
        return files.now()
                .find(server.key())
                .flatMap(known -> known.as(PrometheusServerSpec.class))
                .flatMap(known -> was.map(before -> files.preview().changes(known, before, server, bundle)))
                .orElse(List.of());
    }

    /** Whether the samples go with the pods. */
    private static boolean livesInPods(Declared<PrometheusServerSpec> server) {
        Storage storage = server.spec().storage();
        return storage == null
                || (storage.size() == null && storage.storageClass() == null && storage.existingClaim() == null);
    }

    private static void print(Output output, Map<String, DiffReport> reports) {
        if (!output.isText()) {
            ObjectNode document = Json.document("clusterDiff");
            ArrayNode servers = document.putArray("servers");
            reports.forEach((server, report) -> report.into(servers.addObject().put("server", server)));
            output.json(document);
            return;
        }
        if (reports.isEmpty()) {
            output.aside("No PrometheusServer takes any of it: nothing would change.");
        }
        reports.forEach((server, report) -> {
            output.line(output.style().bold(server));
            report.print(output);
        });
    }
}
