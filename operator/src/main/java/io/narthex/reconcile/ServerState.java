package io.narthex.reconcile;

import io.narthex.compiler.discovery.Discovered;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.rollout.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where one server stands, for users.
 *
 * @param server the server
 * @param isDefault whether nobody declared it
 * @param status where its rollout stands
 * @param obstacle what keeps it from being rolled out, in words; empty for nothing
 * @param endpoint where its API is and how Narthex comes in, for who is on the operator's network; empty while it has none
 * @param diagnostics what is wrong with what it takes
 * @param counts the targets of each endpoint, as far as they are known
 */
public record ServerState(
        ResourceKey server,
        boolean isDefault,
        Status status,
        Optional<String> obstacle,
        Optional<PrometheusEndpoint> endpoint,
        List<Diagnostic> diagnostics,
        Map<String, Discovered.Count> counts) {

    public ServerState {
        diagnostics = List.copyOf(diagnostics);
        counts = Map.copyOf(counts);
    }
}
