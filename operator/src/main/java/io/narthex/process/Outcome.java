package io.narthex.process;

import io.narthex.compiler.model.Diagnostic;

/**
 * What came of an attempt that the environment may frustrate.
 *
 * @param <T> what is attempted to get
 */
public sealed interface Outcome<T> {

    /**
     * It succeeded.
     *
     * @param value what was attempted to get
     * @param <T> its type
     */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * It failed, and nothing was changed.
     *
     * @param problem why, with the remedy
     * @param <T> what was attempted to get
     */
    record Failed<T>(Diagnostic problem) implements Outcome<T> {}
}
