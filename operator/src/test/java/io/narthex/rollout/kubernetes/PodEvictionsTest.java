package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What answers to an eviction mean. {@link PodEvictionsIT} has the real API server's. */
class PodEvictionsTest {

    private static final String UID = "11111111-2222-3333-4444-555555555555";

    private StubApiServer apiServer;
    private PodEvictions evictions;

    @BeforeEach
    void begin() throws IOException {
        apiServer = new StubApiServer(request -> new Answer(201, "{}"));
        evictions = new PodEvictions(
                apiServer.client(), ObjectNames.of(new ResourceKey("PrometheusServer", "shop", "main")));
    }

    @AfterEach
    void end() {
        apiServer.close();
    }

    private static PodView pod() {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("prometheus-main-0")
                .withUid(UID)
                .endMetadata()
                .build();
        return new PodView(pod);
    }

    private void refuse(int code, String message) {
        apiServer.answer(request -> new Answer(
                code,
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":" + code + ",\"message\":\""
                        + message + "\"}"));
    }

    @Test
    void thisVeryPodIsEvictedAndNoneOfItsName() throws Exception {
        evictions.evict(pod());

        assertThat(evictions.isEvicted(pod())).isTrue();
        assertThat(apiServer.asked()).singleElement().satisfies(request -> {
            assertThat(request).hasToString("POST /api/v1/namespaces/shop/pods/prometheus-main-0/eviction");
            assertThat(request.body())
                    .contains("\"policy/v1\"")
                    .contains("\"deleteOptions\"")
                    .contains("\"preconditions\":{\"uid\":\"" + UID + "\"}");
        });
    }

    @Test
    void whatIsGoneNeedsNoEviction() throws Exception {
        refuse(404, "pods \\\"prometheus-main-0\\\" not found");
        evictions.evict(pod());
        assertThat(evictions.isEvicted(pod())).isTrue();
    }

    @Test
    void anotherConflictIsNoEviction() {
        refuse(409, "Operation cannot be fulfilled on poddisruptionbudgets.policy: the object has been modified");
        assertThatThrownBy(() -> evictions.evict(pod()))
                .isInstanceOf(PodEvictions.NotEvicted.class)
                .hasMessageContaining("the object has been modified");
        assertThat(evictions.isEvicted(pod())).isFalse();
    }
}
