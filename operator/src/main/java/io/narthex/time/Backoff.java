package io.narthex.time;

import java.time.Duration;

/**
 * How long to wait before what failed is tried again: twice as long after each failure, up to a limit.
 *
 * @param first the wait after the first failure
 * @param longest the longest wait
 */
public record Backoff(Duration first, Duration longest) {

    /** Returns the wait after so many failures in a row; of fewer than one that after the first. */
    public Duration after(int failures) {
        Duration wait = first.multipliedBy(1L << Math.clamp(failures - 1L, 0, 20));
        return wait.compareTo(longest) > 0 ? longest : wait;
    }

    /** Returns the wait after the next failure, where the one before it was {@code wait}; the first where that was shorter. */
    public Duration next(Duration wait) {
        if (wait.compareTo(first) < 0) {
            return first;
        }
        Duration twice = wait.multipliedBy(2);
        return twice.compareTo(longest) > 0 ? longest : twice;
    }
}
