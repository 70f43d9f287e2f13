package io.narthex.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.access.Identity;
import io.narthex.cli.print.Json;
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
import java.util.Optional;
import java.util.TreeMap;

/** Tells over HTTP where the servers of an operator on Docker stand, for {@code narthex status} beside it. */
final class OperatorStatusPage implements Page {

    static final String PATH = "/status/v1";

    static final String KIND = "operatorStatus";

    /** The field of a server that says how to come in. */
    static final String ACCESS = "access";

    private final OperatorView operator;

    OperatorStatusPage(OperatorView operator) {
        this.operator = operator;
    }

    @Override
    public Optional<Response> get(Request request) {
        if (!request.path().equals(PATH)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Response.json(Json.line(document())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(Response.text(503, "the operator ends"));
        }
    }

    private ObjectNode document() throws InterruptedException {
        ObjectNode root =
                Json.document(KIND).put("platform", operator.platform()).put("working", operator.isWorking());
        operator.waitsFor().ifPresent(other -> root.put("waitsFor", other));
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
        return root;
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
