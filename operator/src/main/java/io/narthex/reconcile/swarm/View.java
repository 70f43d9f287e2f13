package io.narthex.reconcile.swarm;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.docker.SwarmSnapshot;
import java.util.List;
import java.util.Optional;

/**
 * What the operator sees at one moment.
 *
 * @param swarm what Docker tells
 * @param inventory what is declared
 * @param diagnostics what is wrong with what declares it
 * @param self the operator's own task; empty where it is none
 */
record View(SwarmSnapshot swarm, Inventory inventory, List<Diagnostic> diagnostics, Optional<OwnTask> self) {

    View {
        diagnostics = List.copyOf(diagnostics);
    }
}
