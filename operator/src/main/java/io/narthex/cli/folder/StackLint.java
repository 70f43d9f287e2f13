package io.narthex.cli.folder;

import io.narthex.cli.check.Layouts;
import io.narthex.cli.check.LintParser;
import io.narthex.cli.check.LintReport;
import io.narthex.cli.print.Visible;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.DefaultServer;
import io.narthex.compiler.frontend.ServiceFrontend;
import io.narthex.compiler.importing.StackFile;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.DiscoveryService;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.swarm.DockerSecret;
import io.narthex.compiler.swarm.SwarmService;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks the labels of a file for {@code docker stack deploy}, as the operator of a Swarm would. */
final class StackLint {

    /** What a server of the Swarm would have; no label is judged by it. */
    private static final DiscoveryService SOMEWHERE =
            new DiscoveryService("http://narthex_operator:9480", SecretValue.of("unknown"));

    private StackLint() {}

    static LintReport check(StackFile file, Compiler compiler, Optional<PrometheusVersion> version, LintParser parser) {
        Inventory inventory = DefaultServer.addTo(Inventory.EMPTY);
        Declared<?> usual = inventory.find(DefaultServer.KEY).orElseThrow();
        for (Declared<SwarmService> service : file.services()) {
            inventory = inventory.with(service);
            // Each server that labels name is taken to be there, and to be like the default one.
            Optional<String> server = ServiceFrontend.server(service);
            if (server.isPresent()) {
                inventory = inventory.with(new Declared<>(
                        ResourceKey.ofServer(DefaultServer.KEY.namespace(), server.get()),
                        Map.of(),
                        Map.of(),
                        usual.spec(),
                        usual.source()));
            }
        }
        for (DockerSecret secret : file.secrets()) {
            inventory = inventory.with(secret);
        }
        CompileOptions options = CompileOptions.of(
                        Platform.SWARM, version.orElse(PrometheusVersion.NEWEST_KNOWN), Layouts.USUAL)
                .withDiscovery(SOMEWHERE);
        Set<Diagnostic> found = new LinkedHashSet<>(file.diagnostics());
        for (Declared<?> server : inventory.servers().toList()) {
            Compilation compiled = parser.compile(compiler, inventory, server.key(), options, version.isPresent());
            for (Diagnostic diagnostic : compiled.diagnostics()) {
                found.add(isForTheImageToSay(diagnostic, inventory) ? warning(diagnostic) : diagnostic);
            }
        }
        return new LintReport(
                found.stream().sorted(Diagnostic.ORDER).toList(),
                1,
                file.services().size(),
                parser.name(),
                note(file, parser));
    }

    /** A port that nothing names may be the one that the image exposes, which a file doesn't tell. */
    private static boolean isForTheImageToSay(Diagnostic diagnostic, Inventory inventory) {
        return diagnostic.code() == DiagnosticCode.LABEL_PORT_UNCLEAR
                && diagnostic
                        .resource()
                        .flatMap(inventory::find)
                        .flatMap(found -> found.as(SwarmService.class))
                        .filter(service -> ServiceFrontend.ports(service.spec()).isEmpty())
                        .isPresent();
    }

    private static Diagnostic warning(Diagnostic error) {
        return new Diagnostic(
                error.code(),
                Severity.WARNING,
                error.resource(),
                error.field(),
                error.position(),
                error.message(),
                error.allowed(),
                error.remedy());
    }

    private static Optional<String> note(StackFile file, LintParser parser) {
        List<String> notes = new ArrayList<>();
        if (!file.unset().isEmpty()) {
            notes.add("taken as empty, since they aren't set: " + names(file.unset()));
        }
        if (!file.foreign().isEmpty()) {
            notes.add("whether these secrets are exposed to the service, the Swarm alone knows: "
                    + names(file.foreign()));
        }
        parser.note().ifPresent(notes::add);
        return notes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", notes));
    }

    private static String names(Set<String> names) {
        return Visible.of(String.join(", ", names.stream().sorted().toList()));
    }
}
