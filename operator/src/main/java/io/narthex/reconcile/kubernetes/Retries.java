package io.narthex.reconcile.kubernetes;

import io.narthex.time.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * When what failed is tried again: after ever longer pauses, until it succeeds or something else may have ended what is in the
 * way. That others have it tried meanwhile makes no pause longer. For one thread.
 */
final class Retries {

    private final Backoff pauses;
    private final InstantSource timer;

    private Instant at = Instant.MAX;
    private int failures;
    private boolean isDue;
    private boolean hasFailed;

    /**
     * Makes one for which nothing has failed.
     *
     * @param pauses how long to wait
     * @param timer tells how time passes
     */
    Retries(Backoff pauses, InstantSource timer) {
        this.pauses = pauses;
        this.timer = timer;
    }

    /** Returns when to try again; {@link Instant#MAX} where the last try didn't fail. */
    Instant at() {
        return at;
    }

    /** Notes that a try begins, at its time or earlier. It succeeds unless it is said to have {@link #failed}. */
    void begin() {
        if (!hasFailed) {
            failures = 0;
        }
        hasFailed = false;
        isDue = !timer.instant().isBefore(at);
        at = Instant.MAX;
    }

    /** Notes that what is in the way may be gone: if it isn't, the pauses are short again. */
    void changed() {
        failures = 0;
    }

    /** Notes that the try failed. */
    void failed() {
        if (!hasFailed && (isDue || failures == 0)) {
            failures++;
        }
        hasFailed = true;
        at = timer.instant().plus(pauses.after(failures));
    }

    /** Notes that the try failed by what may be over after this pause. */
    void failedFor(Duration pause) {
        hasFailed = true;
        at = timer.instant().plus(pause);
    }
}
