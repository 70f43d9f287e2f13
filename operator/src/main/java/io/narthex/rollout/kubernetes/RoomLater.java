package io.narthex.rollout.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** No Secret has room for it before what pods may still load can be deleted. */
final class RoomLater extends NotAtHand {
    private static final long serialVersionUID = 1;

    private final Instant from;

    RoomLater(String message, Instant from) {
        super(message);
        this.from = from;
    }

    /**
     * Returns what is waited for, until when at the latest, and what can be done.
     *
     * @param now the time by the clock of the Secrets
     * @param day the same time of day
     * @param pause so long it may take until it is tried again
     */
    String inWords(Instant now, Instant day, Duration pause) {
        Instant latest = day.plus(Duration.between(now, from))
                .plus(pause)
                .truncatedTo(ChronoUnit.MINUTES)
                .plus(Duration.ofMinutes(1));
        return getMessage()
                + ". It waits until every pod has the index that was written last; then what no pod can load"
                + " any more is deleted and this is written, at " + latest + " at the latest, and nothing has to be"
                + " done for it. Each change leaves its files behind until every pod is verified: where this comes"
                + " again, see why a pod isn't ready or can't be reached";
    }
}
