package io.narthex.compiler.config.value;

import java.util.Optional;
import java.util.function.Function;

/**
 * The outcome of reading a text: the value, or why there is none.
 *
 * @param <T> the value's type
 */
public sealed interface Checked<T> {

    /**
     * The text is right.
     *
     * @param value what it means
     * @param <T> the value's type
     */
    record Valid<T>(T value) implements Checked<T> {}

    /**
     * The text is wrong.
     *
     * @param problem what is wrong with it
     * @param <T> the type of the value that there would be
     */
    record Invalid<T>(Problem problem) implements Checked<T> {}

    /** Returns the outcome of a right text. */
    static <T> Checked<T> of(T value) {
        return new Valid<>(value);
    }

    /** Returns the outcome of a wrong text. */
    static <T> Checked<T> refused(String message, String allowed, String remedy) {
        return new Invalid<>(new Problem(message, allowed, remedy));
    }

    /** Returns the value, if there is one. */
    default Optional<T> toOptional() {
        return switch (this) {
            case Valid<T>(T value) -> Optional.of(value);
            case Invalid<T> _ -> Optional.empty();
        };
    }

    /** Returns what is wrong, if anything is. */
    default Optional<Problem> whyNot() {
        return switch (this) {
            case Valid<T> _ -> Optional.empty();
            case Invalid<T>(Problem problem) -> Optional.of(problem);
        };
    }

    /** Returns whether the text is right. */
    default boolean isValid() {
        return this instanceof Valid<T>;
    }

    /** Returns the outcome with the value replaced by what {@code next} makes of it. */
    default <R> Checked<R> map(Function<? super T, ? extends R> next) {
        return switch (this) {
            case Valid<T>(T value) -> new Valid<>(next.apply(value));
            case Invalid<T>(Problem problem) -> new Invalid<>(problem);
        };
    }

    /** Returns the value; for texts that are known to be right. */
    default T orThrow() {
        return switch (this) {
            case Valid<T>(T value) -> value;
            case Invalid<T>(Problem problem) -> throw new IllegalArgumentException(problem.message());
        };
    }
}
