package io.narthex.compiler.model;

import java.util.Optional;

/** Knows where the fields of one resource stand in the input that declared it. */
@FunctionalInterface
public interface SourceMap {

    /** For resources that come from no file. */
    SourceMap NONE = path -> Optional.empty();

    /**
     * Returns where the value of {@code path} stands; for a field that isn't there, its nearest ancestor that is.
     * Empty where the resource comes from no file.
     */
    Optional<Position> locate(FieldPath path);

    /**
     * Returns where a character of the text {@code path} stands, a field that is there; as {@link #locate} does where
     * that isn't known.
     *
     * @param index which character, in code points from 0; the text's length for the place behind it
     */
    default Optional<Position> locate(FieldPath path, int index) {
        return locate(path);
    }
}
