package io.narthex.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a server is looked at. */
class RolloutLoopTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicReference<Instant> next = new AtomicReference<>(Instant.MAX);

    private final Driver driver = new Driver() {
        @Override
        public Optional<Release> desired() {
            return Optional.empty();
        }

        @Override
        public Observed observe(Optional<Observed.Found> found) {
            looks.incrementAndGet();
            return new Observed(Optional.empty(), new TreeMap<>(), Optional.empty(), Optional.empty(), found);
        }

        @Override
        public void execute(Action action) {
            throw new AssertionError(action);
        }
    };

    private final InstantSource clock = now::get;
    private final RolloutLoop loop = new RolloutLoop(
            "shop/main",
            driver,
            (state, desired, observed, at) -> new Decision(RolloutState.initial(), new Action.Wait(next.get())),
            clock,
            (refused, answer) -> {},
            standing -> {});

    @BeforeEach
    void start() {
        loop.start();
        await().until(() -> looks.get() == 1);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    /** Returns how often it had looked when it answered. */
    private int asked() {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        loop.ask(() -> answer.complete(looks.get()));
        return answer.join();
    }

    @Test
    void itIsAskedWithoutLookingAgain() {
        for (int i = 0; i < 20; i++) {
            assertThat(asked()).isEqualTo(1);
        }
    }

    @Test
    void itLooksWhenItIsWokenAndWhenSomethingIsDoneToTheDriver() {
        loop.wake();
        await().until(() -> asked() == 2);
        AtomicInteger before = new AtomicInteger();
        loop.change(() -> before.set(looks.get()));
        await().until(() -> asked() == 3);
        assertThat(before).hasValue(2);
        assertThat(asked()).isEqualTo(3);
    }

    @Test
    void itLooksWhenTheTimeHasComeEvenIfItWasAskedMeanwhile() {
        next.set(START.plusSeconds(15));
        loop.wake();
        await().until(() -> asked() == 2);
        now.set(START.plusSeconds(14));
        assertThat(asked()).isEqualTo(2);
        now.set(START.plusSeconds(15));
        next.set(Instant.MAX);
        await().until(() -> asked() == 3);
    }

    @Test
    void whileItIsPausedItAnswersAndLooksAtNothing() {
        loop.pause(true);
        loop.wake();
        CompletableFuture<Integer> changed = new CompletableFuture<>();
        loop.change(() -> changed.complete(looks.get()));
        assertThat(changed.join()).isEqualTo(1);
        assertThat(asked()).isEqualTo(1);
        loop.pause(true);
        assertThat(asked()).isEqualTo(1);

        loop.pause(false);

        await().until(() -> asked() == 2);
        loop.pause(false);
        assertThat(asked()).as("nothing was resumed").isEqualTo(2);
        assertThat(asked()).isEqualTo(2);
    }
}
