package io.narthex.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.prometheus.PrometheusEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A parser that answers one expression late, or not at all. */
class ServerParserTest {

    private static final QueryParser.Server ABOUT =
            new QueryParser.Server(PrometheusVersion.NEWEST_KNOWN, Set.of(), Optional.empty());
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final CountDownLatch finished = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile boolean away;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        finished.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = URLDecoder.decode(
                        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                        StandardCharsets.UTF_8)
                .replaceFirst("query=", "");
        if (path.equals("/api/v1/parse_query")) {
            asked.add(query);
        }
        if (query.startsWith("slow") || away) {
            try {
                finished.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        byte[] body = (switch (path) {
                    case "/api/v1/status/flags" -> "{\"status\":\"success\",\"data\":{}}";
                    case "/api/v1/status/buildinfo" ->
                        "{\"status\":\"success\",\"data\":{\"version\":\"" + PrometheusVersion.NEWEST_KNOWN + "\"}}";
                    case "/api/v1/parse_query" ->
                        query.equals("odd")
                                ? "<html>"
                                : "{\"status\":\"success\",\"data\":{\"type\":\"numberLiteral\",\"val\":\"1\"}}";
                    default -> "ok";
                })
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private Map<String, QueryVerdict> parse(Set<String> trees, String... texts) {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        return new ServerParser(PrometheusEndpoint.of(base), LIMIT, InstantSource.system())
                .parse(new LinkedHashSet<>(List.of(texts)), trees, ABOUT);
    }

    @Test
    void whatTakesTooLongKeepsNothingWaiting() {
        Map<String, QueryVerdict> verdicts = parse(Set.of("slow_b", "c"), "slow_a", "slow_b", "c", "d", "slow_e");
        assertThat(verdicts).containsOnlyKeys("slow_a", "slow_b", "c", "d", "slow_e");
        assertThat(verdicts.get("c")).isInstanceOf(QueryVerdict.Parsed.class);
        assertThat(verdicts).containsEntry("d", new QueryVerdict.Valid());
        for (String slow : List.of("slow_a", "slow_b", "slow_e")) {
            assertThat(verdicts)
                    .containsEntry(slow, new QueryVerdict.Unanswered("Prometheus takes longer than 1 s to parse it"));
        }
    }

    @Test
    void anAnswerThatNobodyCanReadIsOne() {
        assertThat(parse(Set.of(), "odd", "a").get("odd")).isInstanceOf(QueryVerdict.Unanswered.class);
    }

    @Test
    void ofAServerThatIsAwayNothingIsKnown() {
        away = true;
        assertThat(parse(Set.of(), "a", "b")).isEmpty();
        assertThat(asked).isEmpty();
    }

    /** It goes away in the middle: the next expression isn't waited for. */
    @Test
    void ofAServerThatGoesAwayNothingMoreIsAsked() {
        server.removeContext("/");
        server.createContext("/", exchange -> {
            try (exchange) {
                away = exchange.getRequestURI().getPath().contains("parse_query");
                answer(exchange);
            }
        });
        server.createContext("/-/healthy", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        assertThat(parse(Set.of(), "a", "b", "c")).isEmpty();
        assertThat(asked).containsExactly("a");
    }
}
