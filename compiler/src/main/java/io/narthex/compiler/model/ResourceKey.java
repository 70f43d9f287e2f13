package io.narthex.compiler.model;

import io.narthex.api.v1alpha1.ApiKinds;
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

    /** Returns the key of a PrometheusServer. */
    public static ResourceKey ofServer(String namespace, String name) {
        return new ResourceKey(ApiKinds.SERVER, namespace, name);
    }

    /** Returns whether this is a PrometheusServer. */
    public boolean isServer() {
        return kind.equals(ApiKinds.SERVER);
    }

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
