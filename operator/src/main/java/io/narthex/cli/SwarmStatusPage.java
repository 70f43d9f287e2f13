package io.narthex.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.print.Json;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.Severity;
import io.narthex.reconcile.swarm.ServerState;
import io.narthex.reconcile.swarm.SwarmOperator;
import io.narthex.web.Page;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Tells over HTTP where the servers of a Swarm's operator stand, for {@code narthex status} beside it. */
final class SwarmStatusPage implements Page {

    static final String PATH = "/status/v1";

    private final SwarmOperator operator;

    SwarmStatusPage(SwarmOperator operator) {
        this.operator = operator;
    }

    @Override
    public Optional<Response> get(String path, Function<String, Optional<String>> header) {
        if (!path.equals(PATH)) {
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
                Json.document("operatorStatus").put("platform", "swarm").put("working", operator.isWorking());
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
            state.url().ifPresent(url -> server.put("url", url.toString()));
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
