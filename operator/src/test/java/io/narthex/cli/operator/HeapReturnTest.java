package io.narthex.cli.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeapReturnTest {

    private final AtomicLong size = new AtomicLong(100);
    private final AtomicInteger collections = new AtomicInteger();

    @SuppressWarnings("resource") // No thread was started.
    private final HeapReturn heap = new HeapReturn(size::get, () -> {
        collections.incrementAndGet();
        size.set(80);
    });

    @Test
    void whatAStartTookGoesBack() {
        heap.look();

        assertThat(size).hasValue(80);
    }

    @Test
    void aHeapThatHardlyGrowsIsLeftAlone() {
        heap.look();
        size.set(90);
        heap.look();

        assertThat(collections).hasValue(1);
        assertThat(size).hasValue(90);
    }

    @Test
    void slowGrowthIsGrowthToo() {
        heap.look();
        for (int bytes = 81; bytes <= 91; bytes++) {
            size.set(bytes);
            heap.look();
        }

        assertThat(collections).hasValue(2);
        assertThat(size).hasValue(80);
    }

    @Test
    void aHeapThatShrankByItselfIsLeftAlone() {
        heap.look();
        size.set(40);
        heap.look();

        assertThat(collections).hasValue(1);
    }
}
