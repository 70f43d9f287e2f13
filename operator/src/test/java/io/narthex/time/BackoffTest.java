package io.narthex.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How long what failed is waited for. */
class BackoffTest {

    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5));

    @Test
    void waitsTwiceAsLongAfterEachFailureUpToTheLimit() {
        assertThat(IntStream.of(0, 1, 2, 3, 4, 5, 64, Integer.MAX_VALUE)
                        .mapToObj(backoff::after)
                        .map(Duration::toSeconds))
                .containsExactly(1L, 1L, 2L, 4L, 5L, 5L, 5L, 5L);
    }

    @Test
    void goesOnFromAWaitAsAfterSoManyFailures() {
        assertThat(Stream.iterate(Duration.ZERO, backoff::next).limit(6).map(Duration::toSeconds))
                .containsExactly(0L, 1L, 2L, 4L, 5L, 5L);
        assertThat(backoff.next(Duration.ofMillis(999))).isEqualTo(backoff.first());
    }
}
