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

    /** No Secret's name has a slash. */
    private static final String CONFIG_MAP = "configmap/";

    private static final Comparator<SecretId> ORDER = Comparator.comparing(SecretId::namespace)
            .thenComparing(SecretId::name)
            .thenComparing(SecretId::key);

    /** Names an entry of a ConfigMap, which is read and handed on as a credential is. Kubernetes only. */
    public static SecretId ofConfigMap(String namespace, String name, String key) {
        return new SecretId(namespace, CONFIG_MAP + name, key);
    }

    /** Returns whether it is an entry of a ConfigMap. */
    public boolean isConfigMap() {
        return name.startsWith(CONFIG_MAP);
    }

    /** Returns the name of the Secret or ConfigMap. */
    public String objectName() {
        return isConfigMap() ? name.substring(CONFIG_MAP.length()) : name;
    }

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
