package io.narthex.status.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.narthex.compiler.model.ResourceKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Turns in a namespace where the API server hardly answers. */
class WriteQueueTest {

    private static final InstantSource TIMER = InstantSource.system();

    private static ResourceKey key(String name) {
        return new ResourceKey("Monitor", "slow", name);
    }

    /** Nobody else's turn ends then, which would let the next one go on. */
    @Test
    void whatIsTakenOutLetsTheNextOneOfItsNamespaceGoOn() throws Exception {
        try (WriteQueue queue = new WriteQueue(TIMER)) {
            queue.enqueue(key("first"), TIMER.instant());
            WriteQueue.Turn first = Objects.requireNonNull(queue.take());
            AtomicReference<WriteQueue.@Nullable Turn> second = new AtomicReference<>();
            Thread taker = Thread.ofVirtual().start(() -> {
                try {
                    second.set(queue.take());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            // By then the namespace is slow, and both stand behind the first one.
            Thread.sleep(2_500);
            queue.enqueue(key("removed"), TIMER.instant());
            queue.enqueue(key("next"), TIMER.instant());
            await().until(() -> queue.waiting().isEmpty());
            taker.interrupt();
            taker.join();
            assertThat(second).hasNullValue();

            first.close();
            assertThat(queue.waiting()).isEqualTo(List.of(key("removed")));
            queue.remove(key("removed"));
            assertThat(queue.waiting()).isEqualTo(List.of(key("next")));
        }
    }
}
