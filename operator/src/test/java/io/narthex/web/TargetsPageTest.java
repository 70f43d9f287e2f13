package io.narthex.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Prometheus is told when it asks for targets. */
class TargetsPageTest {

    private static final String JOB = "/sd/v1/default/main/swarm/shop/server/metrics";

    private final AtomicReference<Found> found = new AtomicReference<>(new Found.Targets(List.of(), false));
    private final AtomicReference<String> asked = new AtomicReference<>("");
    private final AtomicInteger finds = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final HttpClient client = HttpClient.newHttpClient();
    private TargetsPage page;
    private OperatorEndpoint endpoint;

    @BeforeEach
    void open() throws IOException {
        page = new TargetsPage(
                (namespace, server, job, token) -> {
                    asked.set(namespace + " " + server + " " + job + " " + token);
                    finds.incrementAndGet();
                    return found.get();
                },
                now::get);
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
        found.set(new Found.Targets(List.of(new TargetGroup(List.of("10.11.0.5:8000"), labels)), false));
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

    private static Found targets(String address) {
        return new Found.Targets(List.of(new TargetGroup(List.of(address), new TreeMap<>())), false);
    }

    /** A request as Prometheus sends it, answered by another thread. */
    private CompletableFuture<Page.Response> ask(String connection, String refreshInterval) {
        Page.Request request = new Page.Request(JOB, connection, name -> switch (name) {
            case "Authorization" -> Optional.of("Bearer secret");
            case "X-Prometheus-Refresh-Interval-Seconds" ->
                Optional.of(refreshInterval).filter(text -> !text.isEmpty());
            default -> Optional.empty();
        });
        CompletableFuture<Page.Response> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> answer.complete(page.get(request).orElseThrow()));
        return answer;
    }

    private CompletableFuture<Page.Response> held(String connection) {
        assertThat(ask(connection, "10").join().status()).isEqualTo(200);
        int before = finds.get();
        CompletableFuture<Page.Response> answer = ask(connection, "10");
        await().until(() -> finds.get() > before);
        return answer;
    }

    @Test
    void holdsBackWhatItToldUntilThereIsNews() {
        found.set(targets("10.11.0.5:8000"));
        CompletableFuture<Page.Response> answer = held("a");
        // Something else changed.
        int before = finds.get();
        await().until(() -> finds.get() > before);
        found.set(targets("10.11.0.6:8000"));
        assertThat(answer.join().content()).contains("10.11.0.6:8000").doesNotContain("10.11.0.5:8000");
    }

    @Test
    void waitsForTargetsThatFollowAtOnce() {
        found.set(targets("10.11.0.5:8000"));
        CompletableFuture<Page.Response> answer = held("a");
        TargetGroup first = new TargetGroup(List.of("10.11.0.5:8000"), new TreeMap<>());
        TargetGroup second = new TargetGroup(List.of("10.11.0.6:8000"), new TreeMap<>());
        int before = finds.get();
        found.set(new Found.Targets(List.of(first, second), true));
        await().until(() -> finds.get() > before);
        TargetGroup third = new TargetGroup(List.of("10.11.0.7:8000"), new TreeMap<>());
        found.set(new Found.Targets(List.of(first, second, third), false));
        assertThat(answer.join().content()).contains("10.11.0.6:8000", "10.11.0.7:8000");
    }

    @Test
    void waitsForTargetsThatFollowButNotLong() {
        found.set(targets("10.11.0.5:8000"));
        CompletableFuture<Page.Response> answer = held("a");
        TargetGroup other = new TargetGroup(List.of("10.11.0.6:8000"), new TreeMap<>());
        int before = finds.get();
        found.set(new Found.Targets(List.of(other), true));
        await().until(() -> finds.get() > before);
        assertThat(answer).isNotDone();
        await().until(() -> {
            now.set(now.get().plusMillis(1_501));
            return answer.isDone();
        });
        assertThat(answer.join().content()).contains("10.11.0.6:8000");
    }

    @Test
    void repeatsItselfBeforeTheClientGivesUp() {
        found.set(targets("10.11.0.5:8000"));
        CompletableFuture<Page.Response> answer = held("a");
        now.set(now.get().plusMillis(8_700));
        int before = finds.get();
        await().until(() -> finds.get() > before);
        assertThat(answer).isNotDone();
        now.set(now.get().plusMillis(51));
        assertThat(answer.join().content()).contains("10.11.0.5:8000");
    }

    @Test
    void saysAtOnceWhereNothingIsKnownAnyMore() {
        CompletableFuture<Page.Response> answer = held("a");
        found.set(new Found.NotKnown("the Docker daemon doesn't answer"));
        assertThat(answer.join().status()).isEqualTo(503);
        // And once it is known again, too, though the list is the one from before.
        found.set(new Found.Targets(List.of(), false));
        assertThat(ask("a", "10").join().status()).isEqualTo(200);
    }

    @Test
    void answersAtOnceWhoHasntBeenToldOrAsksOften() {
        found.set(targets("10.11.0.5:8000"));
        for (String connection : List.of("a", "b")) {
            assertThat(ask(connection, "10").join().content()).contains("10.11.0.5:8000");
        }
        for (String interval : List.of("", "1", "1.9", "-7", "NaN", "soon")) {
            assertThat(ask("a", interval).join().content()).as(interval).contains("10.11.0.5:8000");
        }
    }

    @Test
    void endsWithoutWaitingForWhoIsHeld() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(JOB))
                .header("Authorization", "Bearer secret")
                .header("X-Prometheus-Refresh-Interval-Seconds", "600")
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .isEqualTo("[]");
        int before = finds.get();
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        await().until(() -> finds.get() > before);
        assertThat(answer).as("a connection is known again").isNotDone();
        page.close();
        assertThat(answer.join().body()).isEqualTo("[]");
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
