package io.narthex.process;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next start: twice as long after each failure, up to a limit, give or take a fifth so that
 * several don't start in step.
 *
 * @param first the wait after the first failure
 * @param most the longest wait
 * @param steady a process that ran this long counts as no failure
 */
public record Backoff(Duration first, Duration most, Duration steady) {

    /** One second to one minute. */
    public static final Backoff DEFAULT =
            new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(1));

    /** Returns the wait after so many failures in a row, at least one. */
    Duration after(int failures, RandomGenerator random) {
        int doublings = Math.clamp(failures - 1L, 0, 20);
        long millis = Math.min(most.toMillis(), first.toMillis() << doublings);
        return Duration.ofMillis(Math.round(millis * (0.8 + 0.4 * random.nextDouble())));
    }
}
