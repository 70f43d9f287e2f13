package io.narthex.reconcile.kubernetes;

import io.narthex.api.v1alpha1.Discovery;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a server may ask for that isn't built for Kubernetes: it is refused rather than ignored. */
final class Unserved {

    private Unserved() {}

    /** Returns what of the server can't be done; nothing where all can. */
    static List<Diagnostic> of(Declared<PrometheusServerSpec> server) {
        List<Diagnostic> diagnostics = new ArrayList<>();
        if (server.spec().shards() > 1) {
            diagnostics.add(diagnostic(
                    server,
                    "shards",
                    "shards above 1 aren't served on Kubernetes: a shard sees a part of the targets only, and rules over"
                            + " all of them would be wrong without a word",
                    "declare several PrometheusServers whose monitors.selector divides the Monitors"));
        }
        if (server.spec().discovery() == Discovery.NARTHEX) {
            diagnostics.add(diagnostic(
                    server,
                    "discovery",
                    "discovery: Narthex isn't served on Kubernetes",
                    "leave it out: Prometheus then discovers its targets by itself"));
        }
        return List.copyOf(diagnostics);
    }

    private static Diagnostic diagnostic(
            Declared<PrometheusServerSpec> server, String field, String message, String remedy) {
        return new Diagnostic(
                DiagnosticCode.SETTING_NOT_SERVED,
                DiagnosticCode.SETTING_NOT_SERVED.severity(),
                Optional.of(server.key()),
                FieldPath.of("spec").field(field),
                Optional.empty(),
                message,
                "",
                remedy);
    }
}
