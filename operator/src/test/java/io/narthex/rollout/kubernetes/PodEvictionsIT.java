package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.source.kubernetes.KubernetesClients;
import io.narthex.testbed.TestbedExtension;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which pods are evicted, by a real API server. */
class PodEvictionsIT {

    private static final String NAME = "prometheus-main-0";
    private static final Map<String, String> LABELS = Map.of("app.kubernetes.io/instance", "prometheus-main");

    @RegisterExtension
    static final TestbedExtension TESTBED = TestbedExtension.plain("evictions");

    private String namespace;
    private KubernetesClient client;
    private PodEvictions evictions;

    @BeforeEach
    void begin() {
        namespace = TESTBED.namespace();
        client = KubernetesClients.ofOperator(TESTBED.client().getConfiguration());
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .serverSideApply();
        evictions = new PodEvictions(client, ObjectNames.of(new ResourceKey("PrometheusServer", namespace, "main")));
    }

    @AfterEach
    void end() {
        client.close();
    }

    /** Makes a pod that is said to run, so that budgets count; no node takes it, so that it goes at once. */
    private PodView newPod() {
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withNamespace(namespace)
                        .withLabels(LABELS)
                        .endMetadata()
                        .withNewSpec()
                        .withSchedulerName("nobody")
                        .addNewContainer()
                        .withName("prometheus")
                        .withImage("prometheus:none")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        return new PodView(client.pods()
                .inNamespace(namespace)
                .withName(NAME)
                .editStatus(pod -> new PodBuilder(pod)
                        .editOrNewStatus()
                        .withPhase("Running")
                        .endStatus()
                        .build()));
    }

    private @Nullable Pod there() {
        return client.pods().inNamespace(namespace).withName(NAME).get();
    }

    /** As when a node is drained, and the watch doesn't show it yet. */
    @Test
    void theSuccessorOfOneThatHasGoneIsLeftAlone() throws Exception {
        PodView gone = newPod();
        client.resource(gone.pod()).withGracePeriod(0).delete();
        await().until(() -> there() == null);
        PodView successor = newPod();

        evictions.evict(gone);

        assertThat(there()).isNotNull().satisfies(pod -> {
            assertThat(pod.getMetadata().getUid()).isEqualTo(successor.uid());
            assertThat(pod.getMetadata().getDeletionTimestamp()).isNull();
        });
        assertThat(evictions.isEvicted(gone)).isTrue();
        assertThat(evictions.isEvicted(successor)).isFalse();

        evictions.evict(successor);
        await().until(() -> there() == null);
        evictions.evict(successor);
        assertThat(evictions.isEvicted(successor)).as("once it has gone").isTrue();
    }

    @Test
    void aBudgetThatAllowsNoneIsRespected() {
        client.resource(new PodDisruptionBudgetBuilder()
                        .withNewMetadata()
                        .withName("main")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withNewMinAvailable(1)
                        .withNewSelector()
                        .withMatchLabels(LABELS)
                        .endSelector()
                        .endSpec()
                        .build())
                .create();
        PodView pod = newPod();

        assertThatThrownBy(() -> evictions.evict(pod))
                .isInstanceOf(PodEvictions.NotEvicted.class)
                .hasMessageContaining("its disruption budget allows none");

        assertThat(there()).isNotNull();
        assertThat(evictions.isEvicted(pod)).isFalse();
    }
}
