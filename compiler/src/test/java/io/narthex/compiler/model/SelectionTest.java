package io.narthex.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.api.v1alpha1.LabelSelector;
import io.narthex.api.v1alpha1.LabelSelectorRequirement;
import io.narthex.api.v1alpha1.ResourceSelection;
import io.narthex.api.v1alpha1.SelectorOperator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who takes a resource, and the words for why not. */
class SelectionTest {

    private static Optional<String> miss(@Nullable ResourceSelection selection, String namespace) {
        return Selection.miss(
                "monitors", selection, "default", namespace, Map.of("tier", "prod"), Map.of("team", "shop"));
    }

    private static LabelSelector expression(SelectorOperator operator, String key, String... values) {
        return new LabelSelector(Map.of(), List.of(new LabelSelectorRequirement(key, operator, List.of(values))));
    }

    @Test
    void withoutSelectorsTheOwnNamespaceIsTaken() {
        assertThat(miss(null, "default")).isEmpty();
        assertThat(miss(null, "other"))
                .contains("monitors.namespaceSelector is unset, so only the namespace default is taken; this is other");
    }

    @Test
    void namesTheLabelThatMisses() {
        LabelSelector web = new LabelSelector(Map.of("team", "web"), List.of());
        assertThat(miss(new ResourceSelection(web, null), "default"))
                .contains("monitors.selector wants the label team=web, which is shop");
        assertThat(miss(new ResourceSelection(null, web), "other"))
                .contains(
                        "monitors.namespaceSelector wants the label team=web, which is absent of the namespace other");
    }

    @Test
    void namespacesAreKnownByTheirNames() {
        LabelSelector byName = new LabelSelector(Map.of("kubernetes.io/metadata.name", "other"), List.of());
        assertThat(miss(new ResourceSelection(null, byName), "other")).isEmpty();
        assertThat(miss(new ResourceSelection(null, byName), "default")).isPresent();
    }

    @Test
    void followsAllOperators() {
        Map<String, String> labels = Map.of("team", "shop");
        assertThat(Selection.matches(expression(SelectorOperator.IN, "team", "a", "shop"), labels))
                .isTrue();
        assertThat(Selection.matches(expression(SelectorOperator.IN, "team", "a"), labels))
                .isFalse();
        assertThat(Selection.matches(expression(SelectorOperator.NOT_IN, "team", "a"), labels))
                .isTrue();
        assertThat(Selection.matches(expression(SelectorOperator.NOT_IN, "team", "shop"), labels))
                .isFalse();
        assertThat(Selection.matches(expression(SelectorOperator.NOT_IN, "none", "shop"), labels))
                .isTrue();
        assertThat(Selection.matches(expression(SelectorOperator.EXISTS, "none"), labels))
                .isFalse();
        assertThat(Selection.matches(expression(SelectorOperator.DOES_NOT_EXIST, "none"), labels))
                .isTrue();
    }
}
