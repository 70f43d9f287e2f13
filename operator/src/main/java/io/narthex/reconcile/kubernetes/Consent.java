package io.narthex.reconcile.kubernetes;

import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which namespaces a server may see: its own, and others only by the word of somebody else than its author.
 *
 * @param platformNamespaces the namespaces whose servers may see all others; the operator's administrator names them
 * @param confinedNamespaces the namespaces whose servers see their own only, whatever others agree to: those of an operator
 *     that looks at some namespaces, which may not read what labels they have
 */
public record Consent(Set<String> platformNamespaces, Set<String> confinedNamespaces) {

    public Consent {
        platformNamespaces = Set.copyOf(platformNamespaces);
        confinedNamespaces = Set.copyOf(confinedNamespaces);
    }

    /** Returns whether a server sees its own namespace only, whatever others agree to. */
    boolean isConfined(ResourceKey server) {
        return confinedNamespaces.contains(server.namespace());
    }

    /** Returns the labels of a namespace, as far as they count for a server; empty where they aren't known. */
    Map<String, String> labels(ResourceKey server, String namespace, Inventory inventory) {
        return isConfined(server) ? Map.of() : inventory.namespaceLabels(namespace);
    }

    /** Returns whether a server may see all namespaces. */
    boolean seesAll(ResourceKey server) {
        return platformNamespaces.contains(server.namespace()) && !isConfined(server);
    }

    /** Returns whether a server may see a namespace. */
    boolean allows(ResourceKey server, String namespace, Inventory inventory) {
        return namespace.equals(server.namespace())
                || seesAll(server)
                || server.namespace()
                        .equals(labels(server, namespace, inventory).get(Inventory.MONITORED_FROM));
    }

    /** Returns all namespaces that a server may see; empty where those are all that there are. */
    Optional<Set<String>> visible(ResourceKey server, Inventory inventory) {
        if (seesAll(server)) {
            return Optional.empty();
        }
        Set<String> namespaces = consenting(server, inventory);
        namespaces.add(server.namespace());
        return Optional.of(namespaces);
    }

    /** Returns the other namespaces that gave their word. */
    Set<String> consenting(ResourceKey server, Inventory inventory) {
        Set<String> namespaces = new TreeSet<>();
        inventory.namespaces().forEach((name, labels) -> {
            if (!isConfined(server)
                    && !name.equals(server.namespace())
                    && server.namespace().equals(labels.get(Inventory.MONITORED_FROM))) {
                namespaces.add(name);
            }
        });
        return namespaces;
    }
}
