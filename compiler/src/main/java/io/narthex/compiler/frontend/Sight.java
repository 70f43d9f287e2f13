package io.narthex.compiler.frontend;

import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Where a server's Prometheus may discover objects of Kubernetes. It is refused elsewhere, and then finds nothing: the
 * API server refuses a list of the whole cluster to whoever may not see all of it.
 *
 * @param server the server
 * @param namespaces the namespaces that it may see; empty for the whole cluster, with its nodes
 */
public record Sight(ResourceKey server, Optional<SortedSet<String>> namespaces) {

    /** Returns the sight of whoever sees {@code namespaces}; empty for the whole cluster. */
    static Sight of(ResourceKey server, Optional<Set<String>> namespaces) {
        return new Sight(server, namespaces.map(TreeSet::new));
    }

    /** Returns whether the whole cluster is seen. */
    boolean isWhole() {
        return namespaces.isEmpty();
    }

    /** Notes that {@code namespace}, which {@code at} names, isn't seen, where that is so. */
    void check(String namespace, FieldPath at, String remedy, Report report) {
        if (!isWhole() && !namespaces.orElseThrow().contains(namespace)) {
            report.add(
                    DiagnosticCode.NAMESPACE_NOT_VISIBLE,
                    at,
                    "the server " + server.namespace() + "/" + server.name() + " may not see the namespace "
                            + namespace,
                    "",
                    "label the namespace with " + Inventory.MONITORED_FROM + "=" + server.namespace()
                            + " (where the operator looks at all namespaces), or " + remedy);
        }
    }

    /** Returns whether nodes are seen; notes at {@code at}, which asks for them, where they aren't. */
    boolean checkNodes(FieldPath at, String remedy, Report report) {
        if (isWhole()) {
            return true;
        }
        report.add(
                DiagnosticCode.NODES_NOT_VISIBLE,
                at,
                "the server " + server.namespace() + "/" + server.name()
                        + " may not see nodes, which are in no namespace, and would find nothing at all",
                "a server of the operator's platformNamespaces",
                remedy);
        return false;
    }
}
