package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Selection;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A folder without a server gets one that takes everything. */
class DefaultServerTest {

    @Test
    void isAddedOnceAndTakesAllNamespaces() {
        Inventory inventory = DefaultServer.addTo(Inventory.EMPTY);
        assertThat(inventory.servers()).hasSize(1);
        assertThat(DefaultServer.addTo(inventory)).isSameAs(inventory);
        PrometheusServerSpec spec =
                inventory.servers().findFirst().orElseThrow().spec();
        assertThat(Selection.miss("monitors", spec.monitors(), "default", "shop", Map.of(), Map.of()))
                .isEmpty();
        assertThat(Selection.miss("ruleSets", spec.ruleSets(), "default", "shop", Map.of(), Map.of()))
                .isEmpty();
    }
}
