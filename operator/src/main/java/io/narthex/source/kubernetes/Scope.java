package io.narthex.source.kubernetes;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The namespaces that are looked at.
 *
 * @param namespaces their names; empty for all
 */
public record Scope(Set<String> namespaces) {

    /** All namespaces. */
    public static final Scope CLUSTER = new Scope(Set.of());

    public Scope {
        namespaces = Set.copyOf(new TreeSet<>(namespaces));
    }

    /** Returns whether all namespaces are looked at. */
    public boolean isCluster() {
        return namespaces.isEmpty();
    }

    /** Returns where a watch is needed: in each of the namespaces, or in all at once, which is an empty name. */
    public List<Optional<String>> watched() {
        return isCluster()
                ? List.of(Optional.empty())
                : namespaces.stream().sorted().map(Optional::of).toList();
    }
}
