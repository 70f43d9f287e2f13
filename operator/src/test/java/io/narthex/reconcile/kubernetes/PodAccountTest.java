package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.testbed.Specs;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a version asks for that isn't carried out gives no account any right, and takes none from what runs. */
class PodAccountTest {

    private Optional<StatefulSet> there = Optional.empty();
    private List<Pod> pods = List.of();
    private int changes;
    private final PodAccount account = new PodAccount(
            ObjectNames.of(new ResourceKey("PrometheusServer", "shop", "main")),
            () -> there,
            set -> pods,
            () -> changes++);

    private void template(String name) {
        there = Optional.of(new StatefulSetBuilder()
                .withNewSpec()
                .withNewTemplate()
                .withNewSpec()
                .withServiceAccountName(name)
                .endSpec()
                .endTemplate()
                .endSpec()
                .build());
        account.look();
    }

    private void run(String... accounts) {
        pods = Stream.of(accounts)
                .map(name -> new PodBuilder()
                        .withNewSpec()
                        .withServiceAccountName(name)
                        .endSpec()
                        .build())
                .toList();
        account.look();
    }

    @Test
    void beforeAnythingIsCarriedOutTheyAreThoseOfThePodsWhichRun() {
        assertThat(account.names()).isEmpty();
        account.look();
        assertThat(changes).isZero();
        template("now");
        run("now", "earlier");
        assertThat(account.names()).containsExactly("now", "earlier");
    }

    @Test
    void itIsThatOfTheVersionWhichIsCarriedOut() {
        account.desire(spec("{}"));
        assertThat(account.names()).containsExactly("prometheus-main");
        account.desire(spec("{replicas: 2}"));
        assertThat(changes).isEqualTo(1);
        account.desire(spec("{serviceAccount: {name: other}}"));
        assertThat(account.names()).containsExactly("other");
        assertThat(changes).isEqualTo(2);
    }

    /** Such as while a policy refuses the StatefulSet, the first new pod is pending, or a budget forbids to evict the others. */
    @Test
    void whatAPodOrTheTemplateStillHasCountsUntilItIsReplaced() {
        account.desire(spec("{}"));
        template("prometheus-main");
        run("prometheus-main", "prometheus-main");
        assertThat(account.with("other")).containsExactly("other", "prometheus-main");
        assertThat(account.names()).as("it isn't carried out").containsExactly("prometheus-main");
        assertThat(changes).as("all have the same").isEqualTo(1);

        account.desire(spec("{serviceAccount: {name: other}}"));
        assertThat(account.names()).containsExactly("other", "prometheus-main");
        template("other");
        run("prometheus-main", "other");
        assertThat(account.names()).containsExactly("other", "prometheus-main");
        assertThat(changes).as("nothing is to be written").isEqualTo(2);

        run("other", "other");
        assertThat(account.names()).containsExactly("other");
        assertThat(changes).isEqualTo(3);
    }

    @Test
    void theOthersHaveAnOrder() {
        account.desire(spec("{}"));
        template("d");
        run("c", "prometheus-main", "b");
        assertThat(account.names()).containsExactly("prometheus-main", "b", "c", "d");
        run("b", "c");
        assertThat(account.names()).containsExactly("prometheus-main", "b", "c", "d");
    }

    private static PrometheusServerSpec spec(String yaml) {
        return Specs.read(yaml, PrometheusServerSpec.class);
    }
}
