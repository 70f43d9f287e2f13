package io.narthex.compiler.model;

import java.util.Comparator;

/**
 * Names one credential: what {@code secretRef: {name, key}} of a resource in {@code namespace} means.
 *
 * @param namespace the namespace of the resource that refers to it; no other resource's credentials can be reached
 * @param name the Secret's name; locally the folder below {@code .secrets}
 * @param key the entry in it; locally the file in that folder
 */
public record SecretId(String namespace, String name, String key) implements Comparable<SecretId> {

    private static final Comparator<SecretId> ORDER = Comparator.comparing(SecretId::namespace)
            .thenComparing(SecretId::name)
            .thenComparing(SecretId::key);

    @Override
    public int compareTo(SecretId other) {
        return ORDER.compare(this, other);
    }

    /** Returns {@code namespace/name/key}. */
    @Override
    public String toString() {
        return namespace + "/" + name + "/" + key;
    }
}
