package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of a claim that grows; no storage of the testbed can. */
class VolumeClaimsTest {

    private static final StatefulSet WANTED = new StatefulSetBuilder()
            .withNewMetadata()
            .withName("prometheus-main")
            .withNamespace("shop")
            .endMetadata()
            .withNewSpec()
            .withReplicas(1)
            .addToVolumeClaimTemplates(new PersistentVolumeClaimBuilder()
                    .withNewMetadata()
                    .withName("data")
                    .endMetadata()
                    .withNewSpec()
                    .withNewResources()
                    .withRequests(Map.of("storage", new Quantity("2Gi")))
                    .endResources()
                    .endSpec()
                    .build())
            .endSpec()
            .build();

    private static VolumeClaims.State grow(String asked, String status) throws IOException {
        String claim = """
                {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
                 "metadata": {"name": "data-prometheus-main-0", "namespace": "shop"},
                 "spec": {"resources": {"requests": {"storage": "%s"}}}, "status": {%s}}
                """.formatted(asked, status);
        try (StubApiServer apiServer = new StubApiServer(request -> new Answer(200, claim))) {
            VolumeClaims.State state = new VolumeClaims(apiServer.client()).grow(WANTED);
            assertThat(apiServer.asked().stream()
                            .filter(request -> request.method().equals("PATCH")))
                    .hasSize(asked.equals("2Gi") ? 0 : 1);
            return state;
        }
    }

    @Test
    void aVolumeIsAsLargeAsItsCapacity() throws IOException {
        assertThat(grow("2Gi", "\"capacity\": {\"storage\": \"2Gi\"}")).isEqualTo(VolumeClaims.State.AS_WANTED);
        assertThat(grow("2Gi", "")).as("not bound yet").isEqualTo(VolumeClaims.State.AS_WANTED);
        for (String asked : new String[] {"1Gi", "2Gi"}) {
            assertThat(grow(asked, "\"capacity\": {\"storage\": \"1Gi\"}"))
                    .isEqualTo(new VolumeClaims.State(
                            Optional.empty(), Optional.of("the volume claim data-prometheus-main-0 has 1Gi of 2Gi")));
        }
    }

    @Test
    void kubernetesSaysWhyOneDoesNotGrow() throws IOException {
        String condition = """
                "capacity": {"storage": "1Gi"},
                "conditions": [{"type": "%s", "status": "True", "message": "the pool is full"}]
                """;

        assertThat(grow("2Gi", condition.formatted("ControllerResizeError")).problem())
                .contains("the volume claim data-prometheus-main-0 has 1Gi of 2Gi: the pool is full");
        VolumeClaims.State pending = grow("2Gi", condition.formatted("FileSystemResizePending"));
        assertThat(pending.problem()).isEmpty();
        assertThat(pending.growing())
                .hasValueSatisfying(words -> assertThat(words).contains("the pool is full"));
    }

    @Test
    void oneThatCanNotBeAsWantedKeepsNoOtherFromGrowing() throws IOException {
        StatefulSet two = new StatefulSetBuilder(WANTED)
                .editSpec()
                .withReplicas(2)
                .endSpec()
                .build();
        try (StubApiServer apiServer = new StubApiServer(request -> {
            String name = request.path().substring(request.path().lastIndexOf('/') + 1);
            String size = name.endsWith("-0") ? "3Gi" : "1Gi";
            return new Answer(200, """
                {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "%s", "namespace": "shop"},
                 "spec": {"resources": {"requests": {"storage": "%s"}}},
                 "status": {"capacity": {"storage": "%s"}}}
                """.formatted(name, size, size));
        })) {
            VolumeClaims.State state = new VolumeClaims(apiServer.client()).grow(two);

            assertThat(state.problem())
                    .hasValueSatisfying(words -> assertThat(words).contains("data-prometheus-main-0", "can't shrink"));
            assertThat(apiServer.asked().stream()
                            .filter(request -> request.method().equals("PATCH"))
                            .map(StubApiServer.Request::path))
                    .containsExactly("/api/v1/namespaces/shop/persistentvolumeclaims/data-prometheus-main-1");
        }
    }
}
