package io.narthex.compiler.model;

import java.util.Comparator;
import java.util.Locale;

/**
 * The identity of a declared resource.
 *
 * @param kind the kind as in YAML, such as {@code Monitor}
 * @param namespace the namespace; {@code default} for resources read from a folder
 * @param name the name in {@code metadata.name}
 */
public record ResourceKey(String kind, String namespace, String name) implements Comparable<ResourceKey> {

    private static final Comparator<ResourceKey> ORDER = Comparator.comparing(ResourceKey::kind)
            .thenComparing(ResourceKey::namespace)
            .thenComparing(ResourceKey::name);

    @Override
    public int compareTo(ResourceKey other) {
        return ORDER.compare(this, other);
    }

    /** Returns {@code kind/name} in lower case as the command line writes it, such as {@code monitor/server}. */
    public String shortName() {
        return kind.toLowerCase(Locale.ROOT) + "/" + name;
    }

    /** Returns {@code Kind namespace/name}, such as {@code Monitor default/server}. */
    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name;
    }
}
