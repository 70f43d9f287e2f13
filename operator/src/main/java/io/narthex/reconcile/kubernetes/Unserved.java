package io.narthex.reconcile.kubernetes;

import io.narthex.api.v1alpha1.Discovery;
import io.narthex.api.v1alpha1.Listen;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.Storage;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a server may ask for that isn't built for Kubernetes: it is refused rather than ignored. */
final class Unserved {

    private static final Pattern LOOPBACK = Pattern.compile("127\\..*|localhost|::1");

    private Unserved() {}

    /** Returns what of the server can't be done; nothing where all can. */
    static List<Diagnostic> of(Declared<PrometheusServerSpec> server) {
        List<Diagnostic> diagnostics = new ArrayList<>();
        if (server.spec().runsElsewhere()) {
            diagnostics.add(diagnostic(
                    server,
                    "mode",
                    "mode: External isn't served on Kubernetes: nothing would tell that Prometheus what to scrape",
                    "leave mode out to have Narthex run it"));
        }
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
        Storage storage = server.spec().storage();
        if (storage != null && storage.volume() != null) {
            diagnostics.add(diagnostic(
                    server,
                    "storage",
                    "storage.volume is a volume of Docker: in its place the samples would go with the pods",
                    "set storage.size, or storage.emptyDir where samples may go with the pods"));
        }
        Listen listen = server.spec().listen();
        if (listen != null
                && listen.address() != null
                && LOOPBACK.matcher(listen.address()).matches()) {
            diagnostics.add(diagnostic(
                    server,
                    "listen",
                    "at listen.address " + listen.address() + " Prometheus can't be reached from outside of its pod",
                    "leave listen.address out"));
        }
        if (storage != null && storage.existingClaim() != null && server.spec().replicas() > 1) {
            diagnostics.add(diagnostic(
                    server,
                    "replicas",
                    "with storage.existingClaim " + server.spec().replicas()
                            + " replicas would write to one volume, which Prometheus keeps for itself",
                    "set replicas to 1, or storage.size in place of existingClaim, which claims a volume for each"));
        }
        return List.copyOf(diagnostics);
    }

    private static Diagnostic diagnostic(
            Declared<PrometheusServerSpec> server, String field, String message, String remedy) {
        return KubernetesCheck.refusal(server, DiagnosticCode.SETTING_NOT_SERVED, field, message, remedy);
    }
}
