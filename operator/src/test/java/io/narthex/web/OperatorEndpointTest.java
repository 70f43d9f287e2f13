package io.narthex.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.narthex.web.OperatorHealth.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperatorEndpointTest {

    private final AtomicReference<OperatorHealth> health = new AtomicReference<>(OperatorHealth.idle(Role.STARTING));
    private final HttpClient http = HttpClient.newHttpClient();
    private OperatorEndpoint endpoint;

    @BeforeEach
    void begin() throws IOException {
        endpoint = new OperatorEndpoint(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), health::get, "1.2.3", List.of());
    }

    @AfterEach
    void end() {
        endpoint.close();
        http.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aReplicaThatDoesNotKnowItsPartIsNotReady() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
    }

    @Test
    void aReplicaThatWaitsIsReady() throws Exception {
        health.set(OperatorHealth.idle(Role.WAITING));
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").body()).contains("narthex_leader 0.0\n", "narthex_ready 1.0\n");
    }

    @Test
    void aLeaderIsReadyOnceItHasSeenAll() throws Exception {
        health.set(
                new OperatorHealth(Role.LEADING, false, Map.of("Monitor", "the API server doesn't know it"), Map.of()));
        HttpResponse<String> before = get("/readyz");
        assertThat(before.statusCode()).isEqualTo(503);
        assertThat(before.body()).contains("Monitor can't be watched: the API server doesn't know it");
        assertThat(get("/livez").statusCode())
                .as("waiting is no reason to be killed")
                .isEqualTo(200);
        assertThat(get("/metrics").body())
                .contains("narthex_ready 0.0\n", "narthex_watch_failing{kind=\"Monitor\"} 1.0\n");

        health.set(new OperatorHealth(Role.LEADING, true, Map.of(), Map.of("Monitor", 3L)));
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").body())
                .contains(
                        "narthex_leader 1.0\n",
                        "narthex_resources{kind=\"Monitor\"} 3.0\n",
                        "narthex_build_info{version=\"1.2.3\"} 1\n",
                        "jvm_memory_used_bytes",
                        "process_cpu_seconds_total")
                .doesNotContain("narthex_watch_failing{");
    }

    @Test
    void aLeaderTellsHowManyResourcesAreReadyAndWhichServers() throws Exception {
        health.set(new OperatorHealth(
                Role.LEADING,
                true,
                Map.of(),
                Map.of("Monitor", 7L),
                Map.of(
                        new OperatorHealth.Ready("Monitor", "true", "AsDeclared"), 4L,
                        new OperatorHealth.Ready("Monitor", "false", "Invalid"), 3L),
                Map.of("shop/main", true, "shop/other", false)));

        assertThat(get("/metrics").body())
                .contains(
                        "narthex_resources_ready{kind=\"Monitor\",reason=\"AsDeclared\",status=\"true\"} 4.0\n",
                        "narthex_resources_ready{kind=\"Monitor\",reason=\"Invalid\",status=\"false\"} 3.0\n",
                        "narthex_server_ready{server=\"shop/main\"} 1.0\n",
                        "narthex_server_ready{server=\"shop/other\"} 0.0\n");
    }

    @Test
    void anotherPathIsNotFound() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/livez/x").statusCode()).isEqualTo(404);
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        assertThatThrownBy(() -> new OperatorEndpoint(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.port()),
                        health::get,
                        "1.2.3",
                        List.of()))
                .isInstanceOf(IOException.class);
    }
}
