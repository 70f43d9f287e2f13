package io.narthex.prometheus;

import java.util.Optional;

/**
 * Why one look at a Prometheus, which takes several questions, can't tell all: what kept the first question that wasn't
 * answered. One thread asks, any may read.
 */
public final class Unanswered {

    private volatile Optional<String> reason = Optional.empty();

    /** Forgets what was: another look begins. */
    public void clear() {
        reason = Optional.empty();
    }

    /** Returns what was answered; remembers why, where nothing was. */
    public <T> Optional<T> heard(Answer<T> answer) {
        if (answer instanceof Answer.Failure<T> failure && reason.isEmpty()) {
            reason = Optional.of(failure.reason());
        }
        return answer.toOptional();
    }

    /** Returns why the first question without an answer has none; empty where all were answered. */
    public Optional<String> reason() {
        return reason;
    }
}
