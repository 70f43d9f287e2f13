package io.narthex.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.prometheus.Answer.Obstacle;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What no healthy Prometheus does: faults of the server and the network, each a typed answer. */
class PrometheusClientTest {

    /** Small answers, and more time than the busiest machine takes. */
    private static final ClientLimits SMALL = limits(Duration.ofSeconds(30));
    /** For what is never answered. */
    private static final ClientLimits IMPATIENT = limits(Duration.ofMillis(300));

    private static ClientLimits limits(Duration patience) {
        return new ClientLimits(Duration.ofSeconds(30), patience, patience, patience, 4_000, 64L * 1024 * 1024);
    }

    private final CountDownLatch finished = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private PrometheusClient client;

    @FunctionalInterface
    private interface Answering {
        void answer(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setExecutor(threads);
        server.start();
        client = client(Credentials.none());
    }

    private PrometheusClient impatient() {
        return new PrometheusClient(PrometheusEndpoint.of(base()), IMPATIENT);
    }

    private PrometheusClient client(Credentials credentials) {
        return new PrometheusClient(new PrometheusEndpoint(base(), Trust.defaults(), credentials), SMALL);
    }

    private URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/p/");
    }

    @AfterEach
    void stop() {
        finished.countDown();
        client.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answers(Answering answering) {
        server.createContext("/", exchange -> {
            try (exchange) {
                answering.answer(exchange);
            }
        });
    }

    private void answers(int status, String body) {
        answers(exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    private void hangs() {
        try {
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Obstacle obstacle(Answer<?> answer) {
        assertThat(answer).isInstanceOf(Answer.Unreachable.class);
        return ((Answer.Unreachable<?>) answer).obstacle();
    }

    @Test
    void nobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (PrometheusClient other =
                new PrometheusClient(PrometheusEndpoint.of(URI.create("http://127.0.0.1:" + port)), SMALL)) {
            Answer<Readiness> answer = other.readiness();
            assertThat(obstacle(answer)).isEqualTo(Obstacle.CONNECTION_REFUSED);
            assertThat(((Answer.Failure<?>) answer).reason()).isEqualTo("nothing listens at 127.0.0.1:" + port);
        }
    }

    @Test
    void anAnswerThatNeverBeginsTimesOut() {
        answers(exchange -> hangs());
        try (PrometheusClient impatient = impatient()) {
            assertThat(obstacle(impatient.readiness())).isEqualTo(Obstacle.TIMEOUT);
            assertThat(obstacle(impatient.reload())).isEqualTo(Obstacle.TIMEOUT);
        }
    }

    @Test
    void anAnswerThatNeverEndsTimesOut() {
        answers(exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write("{\"status\":".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            hangs();
        });
        try (PrometheusClient impatient = impatient()) {
            assertThat(obstacle(impatient.buildInfo())).isEqualTo(Obstacle.TIMEOUT);
        }
    }

    @Test
    void anAnswerThatIsTooLongIsNotRead() {
        answers(200, "{\"status\":\"success\",\"data\":{\"version\":\"" + "9".repeat(10_000) + "\"}}");
        assertThat(client.buildInfo()).isEqualTo(new Answer.TooLarge<>(4_000));
    }

    @Test
    void anAnswerThatBreaksOffIsBroken() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PrometheusClient other = new PrometheusClient(
                        PrometheusEndpoint.of(URI.create("http://127.0.0.1:" + socket.getLocalPort())), SMALL)) {
            Future<?> server = threads.submit(() -> {
                try (var connection = socket.accept()) {
                    connection.getInputStream().read(new byte[4096]);
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"status\":\"success\",\"data\":{"
                                    .getBytes(StandardCharsets.US_ASCII));
                }
                return true;
            });
            assertThat(obstacle(other.buildInfo())).isEqualTo(Obstacle.BROKEN);
            server.get();
        }
    }

    @Test
    void anotherServersAnswerIsNotUnderstood() {
        answers(200, "<html>It works!</html>");
        assertThat(client.buildInfo()).isInstanceOf(Answer.Unintelligible.class);
        assertThat(client.targets(TargetQuery.OVERVIEW)).isInstanceOf(Answer.Unintelligible.class);
        assertThat(client.loadedConfigHolds(List.of("generation-0123456789abcdef")))
                .isInstanceOf(Answer.Unintelligible.class);
        assertThat(client.reloadState()).isInstanceOf(Answer.Unintelligible.class);
    }

    @Test
    void hostileJsonIsNotUnderstood() {
        answers(200, "{\"status\":\"success\",\"data\":" + "[".repeat(2_000) + "}");
        assertThat(client.flags()).isInstanceOf(Answer.Unintelligible.class);
    }

    @Test
    void refusalsKeepStatusAndMessage() {
        answers(422, "{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"unavailable\\nwith Agent\"}");
        assertThat(client.rules()).isEqualTo(new Answer.Refused<>(422, "unavailable with Agent"));
    }

    /** Their addresses may hold credentials, and are no matter of a status. */
    @Test
    void countsAlertmanagersAndTakesNothingElseOfThem() {
        answers(200, """
                {"status":"success","data":{"activeAlertmanagers":[{"url":"http://me:pw@a:9093/api/v2/alerts"},
                 {"url":"http://b:9093/api/v2/alerts","more":[{"x":[1]}]}],"later":{"a":[]},
                 "droppedAlertmanagers":[%s]}}""".formatted(String.join(",", Collections.nCopies(30_000, "{\"url\":\"http://c\"}"))));
        assertThat(client.alertmanagers()).isEqualTo(new Answer.Ok<>(new AlertmanagerReport(2, 30_000)));
    }

    @Test
    void noAlertmanagersMayBeWrittenAsNull() {
        answers(200, "{\"status\":\"success\",\"data\":{\"activeAlertmanagers\":[],\"droppedAlertmanagers\":null}}");
        assertThat(client.alertmanagers()).isEqualTo(new Answer.Ok<>(new AlertmanagerReport(0, 0)));
    }

    @Test
    void aPlainRefusalIsCutAndCleaned() {
        answers(500, "failed \u001b[31m" + "x".repeat(100_000));
        Answer<Boolean> answer = client.reload();
        assertThat(((Answer.Failure<?>) answer).reason()).hasSizeLessThan(2_100).doesNotContain("\u001b");
    }

    @Test
    void whoIsNotLetInIsTold() {
        answers(401, "Unauthorized\n");
        assertThat(client.readiness()).isEqualTo(new Answer.Unauthorized<>(401, "Unauthorized"));
    }

    @Test
    void credentialsGoToTheServerAndToNobodyElse() {
        AtomicReference<String> sent = new AtomicReference<>("");
        AtomicReference<String> path = new AtomicReference<>("");
        answers(exchange -> {
            sent.set(exchange.getRequestHeaders().getFirst("Authorization"));
            path.set(exchange.getRequestURI().toString());
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/elsewhere");
            exchange.sendResponseHeaders(302, -1);
        });
        try (PrometheusClient other = client(new Credentials.Bearer(SecretValue.of("t0ken\n")))) {
            assertThat(other.healthy()).isEqualTo(new Answer.Refused<>(302, ""));
            assertThat(sent).hasValue("Bearer t0ken");
            assertThat(path).hasValue("/p/-/healthy");
        }
        try (PrometheusClient other = client(new Credentials.Basic("me", SecretValue.of("pw")))) {
            other.healthy();
            assertThat(sent).hasValue("Basic bWU6cHc=");
        }
        assertThatThrownBy(() -> new Credentials.Bearer(SecretValue.of("a\r\nHost: b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("Host");
    }

    @Test
    void starting() {
        answers(exchange -> {
            boolean replay = exchange.getRequestURI().getPath().endsWith("/walreplay");
            byte[] bytes = (replay
                            ? "{\"status\":\"success\",\"data\":{\"min\":10,\"max\":19,\"current\":15}}"
                            : "Service Unavailable")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(replay ? 200 : 503, bytes.length);
            exchange.getResponseBody().write(bytes);
        });
        WalReplay replay = new WalReplay(10, 19, 15);
        assertThat(client.readiness()).isEqualTo(new Answer.Ok<>(new Readiness.Starting(Optional.of(replay))));
        assertThat(replay.percent()).isEqualTo(50);
    }

    @Test
    void stopping() {
        answers(exchange -> {
            exchange.getResponseHeaders().set("X-Prometheus-Stopping", "true");
            exchange.sendResponseHeaders(503, -1);
        });
        assertThat(client.readiness()).isEqualTo(new Answer.Ok<>(new Readiness.Stopping()));
    }

    @Test
    void findsTheMarkerWhereverItLies() {
        String marker = "generation-aabaabaac0123456-*.none";
        answers(
                200,
                "{\"status\":\"success\",\"data\":{\"yaml\":\"" + "generation-aab".repeat(40_000) + "/" + marker
                        + "\\n\"}}");
        assertThat(client.loadedConfigHolds(List.of(marker))).isEqualTo(new Answer.Ok<>(Optional.of(marker)));
        assertThat(client.loadedConfigHolds(List.of("generation-aabaabaac0123457-*.none")))
                .isEqualTo(new Answer.Ok<>(Optional.empty()));
        assertThatThrownBy(() -> client.loadedConfigHolds(List.of("a \"b\"")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofSeveralMarkersTellsTheOneThatStandsFirst() {
        String one = "generation-1111111111111111-*.none";
        String other = "generation-2222222222222222-*.none";
        answers(200, "{\"status\":\"success\",\"data\":{\"yaml\":\"" + other + "\\n" + one + "\\n\"}}");
        assertThat(client.loadedConfigHolds(List.of(one, other))).isEqualTo(new Answer.Ok<>(Optional.of(other)));
        assertThat(client.loadedConfigHolds(List.of(one))).isEqualTo(new Answer.Ok<>(Optional.of(one)));
        assertThat(client.loadedConfigHolds(List.of("generation-3333333333333333-*.none")))
                .isEqualTo(new Answer.Ok<>(Optional.empty()));
        assertThat(client.loadedConfigHolds(List.of())).isEqualTo(new Answer.Ok<>(Optional.empty()));
    }

    /** Asking costs little only as long as the next question goes over the same connection. */
    @Test
    void whatIsNotReadToItsEndLeavesTheConnectionOpen() {
        Set<Integer> connections = ConcurrentHashMap.newKeySet();
        String marker = "generation-0123456789abcdef-*.none";
        answers(exchange -> {
            connections.add(exchange.getRemoteAddress().getPort());
            byte[] body = ("{\"status\":\"success\",\"data\":{\"yaml\":\"" + marker + "\",\"more\":\""
                            + "x".repeat(30_000) + "\"}}\n")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        });
        for (int i = 0; i < 5; i++) {
            assertThat(client.readiness()).isEqualTo(new Answer.Ok<>(new Readiness.Ready()));
            assertThat(client.loadedConfigHolds(List.of(marker))).isEqualTo(new Answer.Ok<>(Optional.of(marker)));
            assertThat(client.loadedConfig()).isEqualTo(new Answer.Ok<>(marker));
        }
        assertThat(connections).hasSize(1);
    }

    @Test
    void foldsTwentyThousandTargetsIntoCountsAndAFew() {
        answers(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write("{\"status\":\"success\",\"data\":{\"activeTargets\":[".getBytes(StandardCharsets.UTF_8));
                for (int i = 20_000; i > 0; i--) {
                    out.write(target(i).getBytes(StandardCharsets.UTF_8));
                    out.write(i == 1 ? ' ' : ',');
                }
                out.write("],\"droppedTargets\":[],\"droppedTargetCounts\":null}}".getBytes(StandardCharsets.UTF_8));
            }
        });
        Answer<TargetReport> answer = client.targets(new TargetQuery(Optional.empty(), 3, 1, 100));
        TargetReport report = answer.toOptional().orElseThrow();
        assertThat(report.total()).isEqualTo(20_000);
        assertThat(report.up()).isEqualTo(18_000);
        assertThat(report.pools()).hasSize(4);
        PoolTargets pool = report.pools().values().iterator().next();
        assertThat(pool.down()).isEqualTo(1_000);
        assertThat(pool.samples().stream().map(ScrapeTarget::url))
                .containsExactly("http://h00020:80/", "http://h00040:80/", "http://h00060:80/", "http://h00004:80/");
        assertThat(pool.samples().getFirst().lastError()).isEqualTo("boom 20");
        assertThat(pool.samples().getFirst().labels()).containsEntry("instance", "h20");
        assertThat(pool.lastScrape()).isPresent();
    }

    /** Every tenth is down; four pools. */
    private static String target(int i) {
        return String.format(
                Locale.ROOT,
                "{\"discoveredLabels\":{\"__address__\":\"h%1$d\",\"__meta_long\":\"%2$s\"},\"labels\":{\"instance\":\"h%1$d\","
                        + "\"job\":\"j\"},\"scrapePool\":\"pool-%3$d\",\"scrapeUrl\":\"http://h%1$05d:80/\",\"globalUrl\":\"\","
                        + "\"lastError\":\"%4$s\",\"lastScrape\":\"2026-11-24T12:00:00.123456789+01:00\","
                        + "\"lastScrapeDuration\":0.001,\"health\":\"%5$s\",\"scrapeInterval\":\"15s\",\"scrapeTimeout\":\"10s\"}",
                i,
                "x".repeat(400),
                i % 4,
                i % 10 == 0 ? "boom " + i : "",
                i % 10 == 0 ? "down" : "up");
    }

    /** A Monitor's source may be a list of targets that its author writes, with any labels. */
    @Test
    void onlyTargetsThatNarthexServesSayWhoseTheyAre() {
        String targets = Stream.of(
                        "swarm|swarm/shop/server/metrics",
                        "swarm|monitor/bank/web/metrics",
                        "compose|compose/shop/server/metrics",
                        "monitor/thief/web/metrics|monitor/bank/web/metrics",
                        "monitor/thief/web/metrics|swarm/shop/server/metrics")
                .map(pair -> pair.split("\\|"))
                .map(pair -> "{\"discoveredLabels\":{\"__meta_narthex_endpoint\":\"" + pair[1] + "\"},\"scrapePool\":\""
                        + pair[0] + "\",\"health\":\"up\"}")
                .collect(Collectors.joining(","));
        answers(200, "{\"status\":\"success\",\"data\":{\"activeTargets\":[" + targets + "]}}");
        assertThat(client.targets(new TargetQuery(Optional.empty(), 3, 1, 100))
                        .toOptional()
                        .orElseThrow()
                        .pools()
                        .values())
                .extracting(pool -> pool.pool() + " " + pool.up())
                .containsExactly(
                        "compose/shop/server/metrics 1",
                        "monitor/thief/web/metrics 2",
                        "swarm 1",
                        "swarm/shop/server/metrics 1");
    }

    @Test
    void closingEndsWhatIsBeingAsked() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        answers(exchange -> {
            asked.countDown();
            hangs();
        });
        Future<Answer<Boolean>> answer = threads.submit(client::healthy);
        asked.await();
        client.close();
        assertThat(answer.get()).isInstanceOf(Answer.Unreachable.class);
    }

    @Test
    void knowsWhereAServerOfThisMachineIs() {
        assertThat(List.of(
                        endpoint("0.0.0.0", false, ""),
                        endpoint("::", false, ""),
                        endpoint("::1", true, "/p"),
                        endpoint("127.0.0.1", false, "/a/b")))
                .containsExactly(
                        "http://127.0.0.1:9090",
                        "http://[::1]:9090",
                        "https://[::1]:9090/p",
                        "http://127.0.0.1:9090/a/b");
        assertThatThrownBy(() -> PrometheusEndpoint.of(URI.create("http://u:p@h/")))
                .hasMessageNotContaining("u:p");
    }

    private static String endpoint(String host, boolean tls, String prefix) {
        return PrometheusEndpoint.local(
                        new ServerAddress(host, 9090, tls, prefix), Trust.defaults(), Credentials.none())
                .base()
                .toString();
    }
}
