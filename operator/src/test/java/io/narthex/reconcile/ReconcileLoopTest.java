package io.narthex.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loop reconciles at the start and when it is woken, outlives a bug, and ends only once nothing is under way. */
@Timeout(60)
class ReconcileLoopTest {

    private final AtomicInteger rounds = new AtomicInteger();
    private ReconcileLoop loop = loop(() -> Instant.MAX);

    private ReconcileLoop loop(ReconcileLoop.Round round) {
        return new ReconcileLoop("test", "The test", InstantSource.system(), () -> {
            rounds.incrementAndGet();
            return round.run();
        });
    }

    @AfterEach
    void end() {
        loop.close();
    }

    @Test
    void itReconcilesAtTheStartAndWhenItIsWoken() {
        loop.start();
        await().until(() -> rounds.get() == 1);

        loop.wake();

        await().until(() -> rounds.get() == 2);
    }

    @Test
    void itReconcilesWhenTheTimeOfARoundHasCome() {
        loop = loop(() -> rounds.get() == 1 ? Instant.now() : Instant.MAX);

        loop.start();

        await().until(() -> rounds.get() == 2);
    }

    /** Too deep a tree, say. */
    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, StackOverflowError.class})
    void aBugOfOneRoundDoesNotEndIt(Class<? extends Throwable> bug) {
        loop = loop(() -> {
            if (rounds.get() == 1) {
                if (bug == StackOverflowError.class) {
                    throw new StackOverflowError("made by this test");
                }
                throw new IllegalStateException("a bug, made by this test");
            }
            return Instant.MAX;
        });
        loop.start();
        await().until(() -> rounds.get() == 1);

        loop.wake();

        await().until(() -> rounds.get() == 2);
    }

    @Test
    void closingWaitsForTheRoundThatIsUnderWay() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        loop = loop(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                ended.set(true);
            }
            return Instant.MAX;
        });
        loop.start();
        begun.await();

        loop.close();

        assertThat(ended).isTrue();
        assertThat(rounds).hasValue(1);
    }
}
