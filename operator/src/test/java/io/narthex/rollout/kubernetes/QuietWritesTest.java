package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import io.narthex.testbed.StubApiServer.Request;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written isn't sent back: an API server that gives out nothing but metadata is one to write to. */
class QuietWritesTest {

    private static final String STATUS = "/apis/monitoring.narthex.io/v1alpha1/namespaces/shop/monitors/web/status";

    private StubApiServer apiServer;
    private QuietWrites writes;

    @BeforeEach
    void begin() throws IOException {
        apiServer = new StubApiServer(request -> request.isForMetadata()
                ? new Answer(200, "{\"metadata\": {\"resourceVersion\": \"7\"}}")
                : Answer.refusal(406, "{}"));
        writes = new QuietWrites(apiServer.client());
    }

    @AfterEach
    void end() {
        apiServer.close();
    }

    private Request asked() {
        assertThat(apiServer.asked()).hasSize(1);
        return apiServer.asked().getFirst();
    }

    @Test
    void aSecretIsPatchedAndOnlyItsMetadataComeBack() throws Exception {
        assertThat(writes.merge("shop", "secrets/prometheus-main", "{\"data\": null}"))
                .isEqualTo("7");
        assertThat(asked()).hasToString("PATCH /api/v1/namespaces/shop/secrets/prometheus-main");
        assertThat(asked().body()).isEqualTo("{\"data\": null}");
    }

    @Test
    void aStatusIsAppliedAndOnlyItsMetadataComeBack() throws Exception {
        assertThat(writes.apply(STATUS, "narthex", "{\"status\": {}}")).isEqualTo("7");
        assertThat(asked()).hasToString("PATCH " + STATUS);
        assertThat(asked().body()).isEqualTo("{\"status\": {}}");
    }

    @Test
    void aRefusalHasTheApiServersCodeAndWords() {
        apiServer.answer(request -> Answer.refusal(403, "{}"));
        assertThatThrownBy(() -> writes.apply(STATUS, "narthex", "{}"))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        problem -> assertThat(problem.getCode()).isEqualTo(403))
                .hasMessageContaining("told to");
    }
}
