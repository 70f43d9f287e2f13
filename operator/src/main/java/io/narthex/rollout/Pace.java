package io.narthex.rollout;

import io.narthex.time.Backoff;
import java.time.Duration;

/**
 * How patient the engine is.
 *
 * @param firstPause the pause before something is tried the second time; doubled each further time
 * @param longestPause what the pause grows to
 * @param shortestPoll the time between two looks at something that was just begun; grows with the time it takes
 * @param longestPoll what that grows to
 * @param heartbeat the time between two looks while all is well
 * @param reloadPatience after this time without an answer to a reload, the answer counts as unknown
 * @param calm after so long without a need to act, pauses begin anew with the first
 * @param leftovers so long files that nobody needs any more are kept, where the next release's can take their place
 * @param absence an instance that doesn't serve for so long is away: the others are no longer kept waiting for it
 * @param startAttempts so many failed starts of a release never verified count as a refusal
 */
public record Pace(
        Duration firstPause,
        Duration longestPause,
        Duration shortestPoll,
        Duration longestPoll,
        Duration heartbeat,
        Duration reloadPatience,
        Duration calm,
        Duration leftovers,
        Duration absence,
        int startAttempts) {

    /** For a process on the same machine. */
    public static final Pace LOCAL = new Pace(
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            Duration.ofMillis(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofMinutes(2),
            Duration.ZERO,
            Duration.ofMinutes(1),
            3);

    /** For replicas behind a network. */
    public static final Pace REMOTE = new Pace(
            Duration.ofMillis(500),
            Duration.ofMinutes(1),
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(90),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            3);

    Duration pause(int attempts) {
        return new Backoff(firstPause, longestPause).after(attempts);
    }

    Duration poll(Duration elapsed) {
        Duration poll = elapsed.dividedBy(8);
        if (poll.compareTo(shortestPoll) < 0) {
            return shortestPoll;
        }
        return poll.compareTo(longestPoll) > 0 ? longestPoll : poll;
    }
}
