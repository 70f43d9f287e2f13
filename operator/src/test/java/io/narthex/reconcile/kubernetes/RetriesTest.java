package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.time.Backoff;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What goes on failing is tried ever more rarely, and soon again once something changed. */
class RetriesTest {

    private Instant now = Instant.parse("2026-11-27T12:00:00Z");
    private final Retries retries = new Retries(new Backoff(Duration.ofSeconds(3), Duration.ofSeconds(30)), () -> now);

    private void fail() {
        retries.begin();
        retries.failed();
    }

    private void assertPause(int seconds) {
        assertThat(Duration.between(now, retries.at())).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void thePausesGrowUpToTheLongest() {
        for (int seconds : new int[] {3, 6, 12, 24, 30, 30}) {
            fail();
            assertPause(seconds);
            now = retries.at();
        }
    }

    @Test
    void whatSucceedsIsNotTriedAgainAndFailsAnewAtTheFirstPause() {
        fail();
        now = retries.at();
        fail();
        now = retries.at();
        retries.begin();
        assertThat(retries.at()).isEqualTo(Instant.MAX);
        fail();
        assertPause(3);
    }

    /** Others' changes may wake it many times in a second. */
    @Test
    void triesBeforeTheirTimeMakeNoPauseLonger() {
        for (int i = 0; i < 20; i++) {
            fail();
            assertPause(3);
            now = now.plusMillis(100);
        }
        now = retries.at();
        fail();
        assertPause(6);
    }

    @Test
    void afterAChangeThePausesAreShortAgain() {
        for (int i = 0; i < 5; i++) {
            fail();
            now = retries.at();
        }
        retries.begin();
        retries.changed();
        retries.failed();
        assertPause(3);
    }

    @Test
    void oneTryThatFailsTwiceCountsOnce() {
        retries.begin();
        retries.failed();
        retries.failed();
        assertPause(3);
    }

    @Test
    void whatMayBeOverInAMomentCountsOnceItIsNot() {
        retries.begin();
        retries.failedFor(Duration.ofMillis(300));
        assertThat(retries.at()).isEqualTo(now.plusMillis(300));
        now = retries.at();
        fail();
        assertPause(3);
        now = retries.at();
        fail();
        assertPause(6);
    }
}
