package io.narthex.rollout;

import java.util.Optional;

/** Observes one server and carries out single actions on it. For one thread. */
public interface Driver {

    /** Returns what ought to run; empty for nothing yet. */
    Optional<Release> desired();

    /**
     * Looks at the world.
     *
     * @param found the culprit search's last answer
     */
    Observed observe(Optional<Observed.Found> found) throws InterruptedException;

    /** Carries out an action other than waiting and searching. Why it failed, the next observation tells. */
    void execute(Action action) throws InterruptedException;

    /** Returns the status, with words for what the engine can't know; by default as it is. */
    default Status inWords(Status status) {
        return status;
    }
}
