package io.narthex.source.kubernetes;

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
}
