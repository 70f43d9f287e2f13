package io.narthex.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class KubernetesClientsTest {

    @Test
    void whatIsWatchedIsReadAsWhatItIsAndAnErrorAsAStatus() {
        try (KubernetesClient client = client()) {
            assertThat(told(client, "v1", "Namespace")).isInstanceOf(Namespace.class);
            assertThat(told(client, "v1", "Pod")).isInstanceOf(Pod.class);
            assertThat(told(client, "apps/v1", "StatefulSet")).isInstanceOf(StatefulSet.class);
            assertThat(told(client, "v1", "Status")).isInstanceOf(Status.class);
        }
    }

    @Test
    void anyOtherKindIsMadeOfWhatWasRead() {
        try (KubernetesClient client = client()) {
            KubernetesSerialization kinds = client.getKubernetesSerialization();
            Object read = told(client, "coordination.k8s.io/v1", "Lease");
            assertThat(read).isInstanceOf(GenericKubernetesResource.class);
            assertThat(kinds.convertValue(read, Lease.class).getMetadata().getName())
                    .isEqualTo("a");
        }
    }

    private static Object told(KubernetesClient client, String version, String kind) {
        return client.getKubernetesSerialization()
                .unmarshal("""
                        {"type": "ADDED", "object": {"apiVersion": "%s", "kind": "%s", "metadata": {"name": "a"}}}""".formatted(version, kind), WatchEvent.class)
                .getObject();
    }

    private static KubernetesClient client() {
        return KubernetesClients.ofOperator(
                new ConfigBuilder().withMasterUrl("http://127.0.0.1:1").build());
    }
}
