package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import io.narthex.status.kubernetes.Finding;
import io.narthex.testbed.Specs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Of what no server takes it is said why, with a remedy that works. */
class NobodyTest {

    private static final Consent CONFINED = new Consent(Set.of(), Set.of("team-a", "team-b"));

    private static Optional<Finding> why(
            Consent consent, String serverNamespace, String selection, Inventory inventory) {
        Declared<PrometheusServerSpec> server = new Declared<>(
                new ResourceKey("PrometheusServer", serverNamespace, "main"),
                Map.of(),
                Map.of(),
                Specs.read("{monitors: {namespaceSelector: " + selection + "}}", PrometheusServerSpec.class),
                SourceMap.NONE);
        Declared<MonitorSpec> monitor = new Declared<>(
                new ResourceKey("Monitor", "team-b", "web"),
                Map.of(),
                Map.of(),
                Specs.read("{source: {static: {targets: ['127.0.0.1:1']}}}", MonitorSpec.class),
                SourceMap.NONE);
        return new Nobody(consent).why(monitor, inventory, List.of(server));
    }

    @Test
    void aNamespaceThatDidNotAgreeIsToldHowItCan() {
        assertThat(why(new Consent(Set.of(), Set.of()), "team-a", "{}", Inventory.EMPTY))
                .hasValueSatisfying(finding -> {
                    assertThat(finding.reason()).isEqualTo(ConditionReason.NOT_PERMITTED);
                    assertThat(finding.message()).contains("label the namespace with", Inventory.MONITORED_FROM);
                });
    }

    /** No label lets it see more. */
    @Test
    void anOperatorOfSomeNamespacesAsksForNoLabel() {
        Inventory agreed = Inventory.EMPTY.withNamespace("team-b", Map.of(Inventory.MONITORED_FROM, "team-a"));
        for (Inventory inventory : List.of(Inventory.EMPTY, agreed)) {
            assertThat(why(CONFINED, "team-a", "{}", inventory)).hasValueSatisfying(finding -> {
                assertThat(finding.reason()).isEqualTo(ConditionReason.NOT_PERMITTED);
                assertThat(finding.message())
                        .contains("watchNamespaces", "declare a PrometheusServer in team-b")
                        .doesNotContain(Inventory.MONITORED_FROM);
            });
        }
        assertThat(why(CONFINED, "team-b", "{}", Inventory.EMPTY)).isEmpty();
    }

    @Test
    void labelsOfNamespacesThatAreNotKnownAreNotSaidToBeAbsent() {
        Inventory labelled = Inventory.EMPTY.withNamespace("team-b", Map.of("team", "b"));
        String selection = "{matchLabels: {team: b}}";
        assertThat(why(CONFINED, "team-b", selection, labelled))
                .map(Finding::message)
                .hasValueSatisfying(message ->
                        assertThat(message).contains("the label team=b, which isn't known of the namespace team-b"));
        assertThat(why(new Consent(Set.of(), Set.of()), "team-b", selection, labelled))
                .isEmpty();
        assertThat(why(CONFINED, "team-b", "{matchLabels: {kubernetes.io/metadata.name: team-b}}", Inventory.EMPTY))
                .isEmpty();
    }
}
