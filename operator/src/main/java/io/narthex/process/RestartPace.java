package io.narthex.process;

import io.narthex.time.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next start: as the backoff says, give or take a fifth so that several don't start in step.
 *
 * @param backoff the wait after a failure
 * @param steady a process that ran this long counts as no failure
 */
public record RestartPace(Backoff backoff, Duration steady) {

    /** One second to one minute. */
    public static final RestartPace DEFAULT =
            new RestartPace(new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1)), Duration.ofMinutes(1));

    /** Returns the wait after so many failures in a row, at least one. */
    Duration after(int failures, RandomGenerator random) {
        return Duration.ofMillis(Math.round(backoff.after(failures).toMillis() * (0.8 + 0.4 * random.nextDouble())));
    }
}
