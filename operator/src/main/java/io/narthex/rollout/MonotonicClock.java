package io.narthex.rollout;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Tells the time from a start on as it passes, whatever becomes of the machine's clock: for durations, pauses and what is
 * due. Who sets the clock would otherwise have them end at once or stand. An instant of it is of no use to anybody else.
 */
public final class MonotonicClock implements InstantSource {

    private final Instant start;
    private final long first;

    private MonotonicClock(Instant start) {
        this.start = start;
        this.first = System.nanoTime();
    }

    /** Returns one that goes on from now with the Java machine's own count of nanoseconds. */
    public static MonotonicClock startingAt(Instant now) {
        return new MonotonicClock(now);
    }

    @Override
    public Instant instant() {
        return start.plusNanos(System.nanoTime() - first);
    }
}
