package io.narthex.reconcile;

import java.time.Duration;
import java.time.Instant;

/**
 * Says when changes are to be taken: the first at once, and the longer others keep following, the more of them together.
 * So one change is live as soon as can be, and a thousand make a few rollouts; while many follow, none is given up for
 * the next before it is through. For one thread.
 */
public final class Gathering {

    /** A change after so long a silence is a first one again. */
    private static final Duration APART = Duration.ofSeconds(2);

    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int GROWTH = 4;

    /** From this distance on, it waits for a rollout that is under way, too. */
    private static final Duration MANY = Duration.ofMillis(500);

    /** But not for ever: what Prometheus is about may take as long as it takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Instant heardAt = Instant.MIN;
    private Instant takenAt = Instant.MIN;
    private Duration distance = Duration.ZERO;

    /** Says that something changed. */
    public void heard(Instant now) {
        if (now.isAfter(heardAt.plus(APART)) && now.isAfter(takenAt.plus(APART))) {
            distance = Duration.ZERO;
        }
        heardAt = now;
    }

    /**
     * Returns when to take what was heard: when nothing more was heard for a while, or when a while has passed since
     * something was taken.
     *
     * @param busy whether the rollout of what was taken last is under way
     */
    public Instant due(boolean busy) {
        if (busy && distance.compareTo(MANY) >= 0) {
            return takenAt.plus(PATIENCE);
        }
        Instant quiet = heardAt.plus(distance.dividedBy(GROWTH));
        Instant late = takenAt.plus(distance);
        return quiet.isBefore(late) ? quiet : late;
    }

    /** Says that what was heard is taken. */
    public void taken(Instant now) {
        takenAt = now;
        Duration longer = distance.isZero() ? SHORTEST : distance.multipliedBy(GROWTH);
        distance = longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
    }
}
