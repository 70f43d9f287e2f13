package io.narthex.prometheus;

import java.util.Optional;

/** Whether a text is PromQL to the asked Prometheus. */
public sealed interface QueryCheck {

    /** It is. */
    record Valid() implements QueryCheck {}

    /**
     * It isn't.
     *
     * @param message Prometheus's words, without the place
     * @param place where, as far as Prometheus says it
     */
    record Invalid(String message, Optional<Place> place) implements QueryCheck {}

    /**
     * A place in the text.
     *
     * @param line the line, from 1
     * @param column the column in code points, from 1
     */
    record Place(int line, int column) {}
}
