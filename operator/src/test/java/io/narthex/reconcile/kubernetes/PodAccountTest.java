package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.testbed.Specs;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a version asks for that isn't carried out gives no account any right. */
class PodAccountTest {

    private Optional<StatefulSet> there = Optional.empty();
    private int changes;
    private final PodAccount account = new PodAccount(
            ObjectNames.of(new ResourceKey("PrometheusServer", "shop", "main")), () -> there, () -> changes++);

    @Test
    void beforeAnythingIsCarriedOutItIsThatOfThePodsWhichRun() {
        assertThat(account.name()).isEmpty();
        there = Optional.of(new StatefulSetBuilder()
                .withNewSpec()
                .withNewTemplate()
                .withNewSpec()
                .withServiceAccountName("earlier")
                .endSpec()
                .endTemplate()
                .endSpec()
                .build());
        assertThat(account.name()).hasValue("earlier");
        assertThat(changes).isZero();
    }

    @Test
    void itIsThatOfTheVersionWhichIsCarriedOut() {
        account.desire(spec("{}"));
        assertThat(account.name()).hasValue("prometheus-main");
        account.desire(spec("{replicas: 2}"));
        assertThat(changes).isEqualTo(1);
        account.desire(spec("{serviceAccount: {name: other}}"));
        assertThat(account.name()).hasValue("other");
        assertThat(changes).isEqualTo(2);
    }

    private static PrometheusServerSpec spec(String yaml) {
        return Specs.read(yaml, PrometheusServerSpec.class);
    }
}
