package io.narthex.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.discovery.TargetGroup;
import io.narthex.web.OperatorHealth.Role;
import io.narthex.web.TargetsPage.Found;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Prometheus is told when it asks for targets. */
class TargetsPageTest {

    private static final String JOB = "/sd/v1/default/main/swarm/shop/server/metrics";

    private final AtomicReference<Found> found = new AtomicReference<>(new Found.Targets(List.of()));
    private final AtomicReference<String> asked = new AtomicReference<>("");
    private final HttpClient client = HttpClient.newHttpClient();
    private OperatorEndpoint endpoint;

    @BeforeEach
    void open() throws IOException {
        TargetsPage page = new TargetsPage((namespace, server, job, token) -> {
            asked.set(namespace + " " + server + " " + job + " " + token);
            return found.get();
        });
        endpoint = new OperatorEndpoint(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                () -> OperatorHealth.idle(Role.LEADING),
                "1",
                List.of(page));
    }

    @AfterEach
    void close() {
        endpoint.close();
        client.close();
    }

    @Test
    void servesTargetsAsPrometheusReadsThem() throws Exception {
        TreeMap<String, String> labels = new TreeMap<>();
        labels.put("__metrics_path__", "/metrics");
        labels.put("task", "2");
        found.set(new Found.Targets(List.of(new TargetGroup(List.of("10.11.0.5:8000"), labels))));
        HttpResponse<String> response = get(JOB, "Bearer secret");
        assertThat(response.statusCode()).isEqualTo(200);
        // Prometheus refuses another type (source: discovery/http).
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.body())
                .isEqualTo("[{\"targets\":[\"10.11.0.5:8000\"],"
                        + "\"labels\":{\"__metrics_path__\":\"/metrics\",\"task\":\"2\"}}]");
        assertThat(asked).hasValue("default main swarm/shop/server/metrics secret");
    }

    @Test
    void servesAnEmptyListOnlyWhereThatIsKnown() throws Exception {
        assertThat(get(JOB, "Bearer secret").body()).isEqualTo("[]");
        found.set(new Found.NotKnown("the Docker daemon doesn't answer"));
        HttpResponse<String> unknown = get(JOB, "Bearer secret");
        assertThat(unknown.statusCode()).isEqualTo(503);
        assertThat(unknown.body()).contains("the Docker daemon doesn't answer");
    }

    @Test
    void tellsAJobThatIsntThereFromAnEmptyOne() throws Exception {
        found.set(new Found.NoSuchJob());
        assertThat(get(JOB, "Bearer secret").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "Basic c2VjcmV0", "bearer secret", "Bearer"})
    void asksForAToken(String authorization) throws Exception {
        assertThat(get(JOB, authorization).statusCode()).isEqualTo(401);
        assertThat(asked).hasValue("");
    }

    @Test
    void tellsNothingToAWrongToken() throws Exception {
        found.set(new Found.NotPermitted());
        assertThat(get(JOB, "Bearer wrong").statusCode()).isEqualTo(401);
    }

    @Test
    void answersGetAlone() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(uri(JOB))
                .header("Authorization", "Bearer secret")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(404);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + endpoint.port() + path);
    }

    private HttpResponse<String> get(String path, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
