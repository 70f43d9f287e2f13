package io.narthex.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made of the same isn't made twice in a row. */
class LatestTest {

    private final Latest<Object> latest = new Latest<>();

    @Test
    void theSameGivesTheVerySame() {
        Object first = latest.of(List.of(1, 2), Object::new);

        assertThat(latest.of(List.of(1, 2), Object::new)).isSameAs(first);
    }

    @Test
    void anotherIsMadeAnewAndOnlyTheLatestIsKept() {
        Object first = latest.of(List.of(1), Object::new);
        Object second = latest.of(List.of(2), Object::new);

        assertThat(second).isNotSameAs(first);
        assertThat(latest.of(List.of(1), Object::new)).isNotSameAs(first);
    }
}
