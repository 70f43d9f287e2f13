package io.narthex.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Says when changes are to be taken: the first at once, and the longer others keep following, the more of them together.
 * So one change is live as soon as can be, and a thousand make a few rollouts; while many follow, none is given up for
 * the next before it is through. For one thread.
 */
public final class Gathering {

    /** A change after so long a silence is a first one again. */
    private static final Duration APART = Duration.ofSeconds(2);

    /** From what was taken first, second and later on until the next is taken, while changes follow each other. */
    private static final List<Duration> DISTANCES =
            List.of(Duration.ofMillis(50), Duration.ofSeconds(2), Duration.ofSeconds(5));

    /** What follows faster than this comes from one hand: a pause that is longer ends it. */
    private static final Duration CLOSE = Duration.ofMillis(50);

    /** So many times the longest pause so far ends what follows each other. */
    private static final int PAUSES = 2;

    /** But this share of the distance ends it anyhow. */
    private static final int SHARE = 4;

    /** From this distance on, it waits for a rollout that is under way, too. */
    private static final Duration MANY = Duration.ofMillis(500);

    /** But not for ever: what Prometheus is about may take as long as it takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Instant heardAt = Instant.MIN;
    private Instant takenAt = Instant.MIN;
    private Duration pause = CLOSE;
    private int times;

    /** Says that something changed. */
    public void heard(Instant now) {
        if (now.isAfter(heardAt.plus(APART)) && now.isAfter(takenAt.plus(APART))) {
            times = 0;
            pause = CLOSE;
        } else {
            // A long one that was long ago tells little.
            pause = longer(
                    Duration.between(heardAt, now),
                    longer(CLOSE, pause.multipliedBy(9).dividedBy(10)));
        }
        heardAt = now;
    }

    /**
     * Returns when to take what was heard: when nothing more was heard for longer than usual, or when a while has passed
     * since something was taken.
     *
     * @param busy whether the rollout of what was taken last is under way
     */
    public Instant due(boolean busy) {
        Duration distance = times == 0 ? Duration.ZERO : DISTANCES.get(Math.min(times, DISTANCES.size()) - 1);
        if (busy && distance.compareTo(MANY) >= 0) {
            return takenAt.plus(PATIENCE);
        }
        Instant quiet = heardAt.plus(shorter(pause.multipliedBy(PAUSES), distance.dividedBy(SHARE)));
        Instant late = takenAt.plus(distance);
        return quiet.isBefore(late) ? quiet : late;
    }

    /** Says that what was heard is taken. */
    public void taken(Instant now) {
        takenAt = now;
        times++;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
