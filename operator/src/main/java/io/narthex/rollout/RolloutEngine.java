package io.narthex.rollout;

import java.time.Instant;
import java.util.Optional;

/**
 * Decides the next step of a rollout. Pure: the same arguments give the same decision; all it remembers is in the
 * state.
 *
 * <p>What holds after every decision that is carried out: a release that a static check refuses is never published; an
 * index is published only after everything it names was seen by every instance that can be reached and that may load it
 * without being started anew, but for what arrives in one with the index itself; one that Prometheus
 * refuses is withdrawn by the very decision that sees it, where there is a last good one; {@link Status.Phase#READY} is
 * said only of instances that all accepted the desired release, show its marker and no failed reload; nothing deletes
 * samples without permission; the last good release is replaced only by a verified one. Nothing is repeated without a
 * growing pause.
 */
@FunctionalInterface
public interface RolloutEngine {

    /**
     * Returns the one thing to do now.
     *
     * @param state the state of the decision before, or {@link RolloutState#initial()}
     * @param desired what ought to run; empty for nothing yet
     * @param observed what the world looks like, observed after the last action
     * @param now the time
     */
    Decision decide(RolloutState state, Optional<Release> desired, Observed observed, Instant now);

    /** Returns the engine for instances that see files as they are published. */
    static RolloutEngine withPace(Pace pace) {
        return withPace(pace, Delivery.WHILE_RUNNING);
    }

    /** Returns the engine for instances that see files as {@code delivery} says. */
    static RolloutEngine withPace(Pace pace, Delivery delivery) {
        return (state, desired, observed, now) -> new Turn(pace, delivery, state, observed, now).decide(desired);
    }
}
