package io.narthex.compiler.model;

import java.util.Map;
import java.util.Optional;

/**
 * A resource as a user declared it, bound and valid by its schema. One instance is one version of the resource: what
 * is computed from it may be kept for as long as the very same instance is declared.
 *
 * @param key its identity
 * @param labels its {@code metadata.labels}
 * @param annotations its {@code metadata.annotations}
 * @param spec its specification
 * @param source where its fields stand in the input
 * @param <T> the type of the specification
 */
public record Declared<T>(
        ResourceKey key, Map<String, String> labels, Map<String, String> annotations, T spec, SourceMap source) {

    public Declared {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** Returns this resource, typed, where its specification is of this type; otherwise empty. */
    @SuppressWarnings("unchecked") // The specification was looked at, and nothing else of it has the type.
    public <S> Optional<Declared<S>> as(Class<S> type) {
        return type.isInstance(spec) ? Optional.of((Declared<S>) this) : Optional.empty();
    }
}
