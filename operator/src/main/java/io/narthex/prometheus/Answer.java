package io.narthex.prometheus;

import java.util.Optional;
import java.util.function.Function;

/**
 * What came of a question to Prometheus. No failure that the network, the server or its operator can cause is thrown.
 *
 * @param <T> what is answered
 */
public sealed interface Answer<T> {

    /**
     * Prometheus answered.
     *
     * @param value the answer
     * @param <T> what is answered
     */
    record Ok<T>(T value) implements Answer<T> {}

    /** An outcome without an answer. */
    sealed interface Failure<T> extends Answer<T> {

        /** Returns why there is no answer: a phrase without a capital or a full stop, without a secret. */
        String reason();

        /** Returns this failure as the outcome of another question. */
        default <U> Answer<U> retyped() {
            return switch (this) {
                case Unreachable<T>(Obstacle obstacle, String reason) -> new Unreachable<>(obstacle, reason);
                case Refused<T>(int status, String message) -> new Refused<>(status, message);
                case Unauthorized<T>(int status, String message) -> new Unauthorized<>(status, message);
                case TooLarge<T>(long limitBytes) -> new TooLarge<>(limitBytes);
                case Unintelligible<T>(String reason) -> new Unintelligible<>(reason);
            };
        }
    }

    /** What stands between the client and the server. */
    enum Obstacle {
        /** Nobody listens there. */
        CONNECTION_REFUSED,
        /** The host's name has no address. */
        UNKNOWN_HOST,
        /** No answer, or not all of it, in time. What was asked for may still have happened. */
        TIMEOUT,
        /** No secure connection: an unknown authority, another name, a server that speaks plain HTTP. */
        TLS,
        /** The connection broke. What was asked for may still have happened. */
        BROKEN,
        /** The asking thread was interrupted, or the client closed. */
        INTERRUPTED
    }

    /**
     * No answer came.
     *
     * @param obstacle what stands between
     * @param reason the same in words
     * @param <T> what was asked for
     */
    record Unreachable<T>(Obstacle obstacle, String reason) implements Failure<T> {}

    /**
     * Prometheus refused, by a status other than 2xx.
     *
     * @param status the HTTP status
     * @param message what it says, on one line
     * @param <T> what was asked for
     */
    record Refused<T>(int status, String message) implements Failure<T> {
        @Override
        public String reason() {
            return "HTTP " + status + (message.isEmpty() ? "" : ": " + message);
        }
    }

    /**
     * The credentials are missing, wrong or not enough.
     *
     * @param status 401 or 403
     * @param message what the server says, on one line
     * @param <T> what was asked for
     */
    record Unauthorized<T>(int status, String message) implements Failure<T> {
        @Override
        public String reason() {
            return "HTTP " + status + (message.isEmpty() ? "" : ": " + message);
        }
    }

    /**
     * The answer is longer than the client reads.
     *
     * @param limitBytes the limit
     * @param <T> what was asked for
     */
    record TooLarge<T>(long limitBytes) implements Failure<T> {
        @Override
        public String reason() {
            return "the answer is longer than " + limitBytes + " bytes";
        }
    }

    /**
     * The server answered something that Prometheus doesn't: another program listens there, or a proxy stands between.
     *
     * @param reason what was expected and what came
     * @param <T> what was asked for
     */
    record Unintelligible<T>(String reason) implements Failure<T> {}

    /** Returns the value, if Prometheus answered. */
    default Optional<T> toOptional() {
        return this instanceof Ok<T>(T value) ? Optional.of(value) : Optional.empty();
    }

    /** Returns the answer made of this one's value; a failure stays what it is. */
    default <U> Answer<U> map(Function<? super T, ? extends U> function) {
        return switch (this) {
            case Ok<T>(T value) -> new Ok<>(function.apply(value));
            case Failure<T> failure -> failure.retyped();
        };
    }
}
