package io.narthex.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No ring is lost, and no wait outlives its reason. */
@Timeout(60)
class BellTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final Bell bell = new Bell(InstantSource.fixed(NOW));

    private Thread waiting(Instant until) {
        return waiting(bell, until);
    }

    private static Thread waiting(Bell bell, Instant until) {
        return Thread.ofPlatform().start(() -> {
            try {
                bell.await(until);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void awaitAsleep(Thread thread) {
        await().until(() ->
                thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void whoeverSleepsIsWoken() throws InterruptedException {
        Thread sleeper = waiting(Instant.MAX);
        awaitAsleep(sleeper);

        bell.ring();

        sleeper.join();
    }

    @Test
    void aRingBeforeTheWaitIsHeard() throws InterruptedException {
        bell.ring();

        bell.await(Instant.MAX);
        bell.await(Instant.MAX);
    }

    /** What rings while the thread works on an earlier ring isn't lost by having been heard. */
    @Test
    void aRingAfterTheHushIsHeard() throws InterruptedException {
        bell.ring();
        assertThat(bell.hush()).isTrue();
        bell.ring();

        bell.await(Instant.MAX);
    }

    @Test
    void hushedItIsSilent() throws InterruptedException {
        bell.ring();
        bell.hush();

        Thread sleeper = waiting(Instant.MAX);
        awaitAsleep(sleeper);
        assertThat(sleeper.isAlive()).isTrue();
        bell.ring();
        sleeper.join();
    }

    @Test
    void gatheringEndsTheRinging() throws InterruptedException {
        bell.ring();
        assertThat(bell.gather(Duration.ofMillis(1))).isTrue();

        Thread sleeper = waiting(Instant.MAX);
        awaitAsleep(sleeper);
        bell.ring();
        sleeper.join();
    }

    @Test
    void aTimeThatHasComeIsntWaitedFor() throws InterruptedException {
        bell.await(NOW);
        bell.await(NOW.minusSeconds(1));
    }

    @Test
    void theClockSaysWhenATimeHasCome() throws InterruptedException {
        Bell timed = new Bell(now::get);
        now.set(NOW.plusSeconds(5));

        timed.await(NOW.plusSeconds(5));

        Thread sleeper = waiting(timed, NOW.plus(Duration.ofDays(1)));
        awaitAsleep(sleeper);
        timed.ring();
        sleeper.join();
    }

    @Test
    void closedItEndsEveryWait() throws InterruptedException {
        Thread sleeper = waiting(Instant.MAX);
        awaitAsleep(sleeper);

        bell.close();

        sleeper.join();
        bell.await(Instant.MAX);
        assertThat(bell.gather(Duration.ofHours(1))).isFalse();
        assertThat(bell.hush()).isFalse();
    }
}
