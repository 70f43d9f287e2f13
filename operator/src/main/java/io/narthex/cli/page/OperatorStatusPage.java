package io.narthex.cli.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.access.Identity;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.Severity;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Trust;
import io.narthex.reconcile.OperatorView;
import io.narthex.reconcile.ServerState;
import io.narthex.web.Page;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Where the servers of an operator on Docker stand, for {@code narthex status} beside it. */
public final class OperatorStatusPage {

    public static final String PATH = "/status/v1";

    public static final String KIND = "operatorStatus";

    /** The field of a server that says how to come in. */
    public static final String ACCESS = "access";

    private final OperatorView operator;

    private OperatorStatusPage(OperatorView operator) {
        this.operator = operator;
    }

    /** Returns the page that tells it. */
    public static Page of(OperatorView operator) {
        return new OperatorPage(PATH, KIND, operator, new OperatorStatusPage(operator)::addTo);
    }

    private void addTo(ObjectNode root) throws InterruptedException {
        operator.problem().ifPresent(problem -> root.put("problem", problem));
        diagnostics(root.putArray("diagnostics"), operator.diagnostics());
        ArrayNode servers = root.putArray("servers");
        for (ServerState state : operator.servers()) {
            ObjectNode server = servers.addObject()
                    .put("namespace", state.server().namespace())
                    .put("name", state.server().name())
                    .put("default", state.isDefault())
                    .put("phase", state.status().phase().name().toLowerCase(Locale.ROOT))
                    .put("reason", state.status().reason().name())
                    .put("detail", state.status().detail());
            state.status().verified().ifPresent(generation -> server.put("generation", generation));
            state.obstacle().ifPresent(obstacle -> server.put("obstacle", obstacle));
            state.endpoint().ifPresent(endpoint -> {
                server.put("url", endpoint.base().toString());
                access(server, endpoint);
            });
            diagnostics(server.putArray("diagnostics"), state.diagnostics());
            ObjectNode endpoints = server.putObject("endpoints");
            new TreeMap<>(state.counts())
                    .forEach((endpoint, count) -> endpoints
                            .putObject(endpoint)
                            .put("running", count.running())
                            .put("targets", count.targets()));
        }
    }

    /** Says how to come in, without what lets somebody in: that is for who may ask Docker. */
    private void access(ObjectNode server, PrometheusEndpoint endpoint) {
        boolean known = endpoint.credentials() instanceof Credentials.Basic basic
                && basic.user().equals(Identity.USER);
        if (endpoint.trust() instanceof Trust.Pinned(String certificate)) {
            server.withObject("/" + ACCESS).put("certificate", certificate);
        }
        if (known) {
            operator.instance()
                    .ifPresent(instance -> server.withObject("/" + ACCESS).put("instance", instance));
        }
        boolean open = endpoint.credentials() instanceof Credentials.None && endpoint.trust() instanceof Trust.Defaults;
        if (!open && !server.has(ACCESS)) {
            server.put("asksWhoComes", true);
        }
    }

    private static void diagnostics(ArrayNode all, List<Diagnostic> diagnostics) {
        for (Diagnostic diagnostic : diagnostics) {
            if (diagnostic.severity() == Severity.INFO) {
                continue;
            }
            ObjectNode one = all.addObject()
                    .put("code", diagnostic.code().id())
                    .put("severity", diagnostic.severity().name().toLowerCase(Locale.ROOT))
                    .put("message", diagnostic.message())
                    .put("remedy", diagnostic.remedy());
            diagnostic.resource().ifPresent(key -> one.put("resource", key.toString()));
            diagnostic.position().map(Position::toString).ifPresent(at -> one.put("position", at));
        }
    }
}
