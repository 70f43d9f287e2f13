package io.narthex.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** One change is taken at once, many make few rollouts, and none of those is given up while others follow. */
class GatheringTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Gathering gathering = new Gathering();

    /**
     * Has changes come at a distance for a time; returns how often something was taken, and when last. Time goes in steps
     * of 5 ms, so that both are exact.
     */
    private Taken follow(Duration distance, Duration time, Duration rollout) {
        int times = 0;
        Instant last = Instant.MIN;
        Instant end = START.plus(time);
        boolean waiting = false;
        Instant next = START;
        for (Instant now = START; now.isBefore(end.plusSeconds(30)); now = now.plusMillis(5)) {
            if (!now.isBefore(next) && now.isBefore(end)) {
                gathering.heard(now);
                waiting = true;
                next = next.plus(distance);
            }
            boolean busy = now.isBefore(last.plus(rollout));
            if (waiting && !now.isBefore(gathering.due(busy))) {
                gathering.taken(now);
                times++;
                last = now;
                waiting = false;
            }
        }
        assertThat(waiting).isFalse();
        return new Taken(times, Duration.between(end, last));
    }

    private record Taken(int times, Duration after) {}

    @Test
    void theFirstChangeIsTakenAtOnce() {
        gathering.heard(START);
        assertThat(gathering.due(false)).isBefore(START);
        assertThat(gathering.due(true)).isBefore(START);
    }

    @Test
    void changesFarApartAreEachTakenAtOnce() {
        for (int i = 0; i < 20; i++) {
            Instant now = START.plusSeconds(3L * i);
            gathering.heard(now);
            assertThat(gathering.due(false)).isBeforeOrEqualTo(now);
            gathering.taken(now);
        }
    }

    @Test
    void theSecondOfTwoWaitsNoLongerThanAMoment() {
        gathering.heard(START);
        gathering.taken(START);
        Instant second = START.plusMillis(20);
        gathering.heard(second);
        assertThat(gathering.due(true)).isBefore(second.plusMillis(50));
    }

    @Test
    void aThousandInFiveSecondsMakeAHandfulOfRolloutsAndTheLastFollowsAtOnce() {
        Taken taken = follow(Duration.ofMillis(5), Duration.ofSeconds(5), Duration.ofMillis(1_500));
        assertThat(taken.times()).isEqualTo(4);
        assertThat(taken.after()).isEqualTo(Duration.ofMillis(95));
    }

    @Test
    void whatCameSlowlyIsTakenForOverAfterALongerPause() {
        Taken taken = follow(Duration.ofMillis(200), Duration.ofSeconds(9), Duration.ofMillis(600));
        assertThat(taken.times()).isEqualTo(5);
        assertThat(taken.after()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void whatFollowsForEverIsTakenEveryFewSeconds() {
        Taken taken = follow(Duration.ofMillis(300), Duration.ofMinutes(2), Duration.ofMillis(1_500));
        assertThat(taken.times()).isEqualTo(27);
    }

    @Test
    void whileManyFollowNoRolloutIsGivenUp() {
        Duration rollout = Duration.ofSeconds(7);
        Taken taken = follow(Duration.ofMillis(300), Duration.ofMinutes(2), rollout);
        assertThat(taken.times()).isEqualTo(20);
    }

    @Test
    void aRolloutThatDoesNotEndHoldsChangesUpForATimeOnly() {
        Taken taken = follow(Duration.ofMillis(300), Duration.ofMinutes(2), Duration.ofMinutes(10));
        assertThat(taken.times()).isEqualTo(8);
    }

    @Test
    void afterASilenceAChangeIsAFirstOneAgain() {
        follow(Duration.ofMillis(5), Duration.ofSeconds(5), Duration.ofMillis(1_500));
        Instant later = START.plusSeconds(60);
        gathering.heard(later);
        assertThat(gathering.due(true)).isBefore(later);
    }
}
