package io.narthex.rollout.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a Prometheus leaves unanswered that says it is ready: the status says why it can't be verified. */
class UnansweredQuestionsTest {

    private static final String METRICS = "/metrics";
    private static final String CONFIG = "/api/v1/status/config";
    private static final String GOOD_METRICS = """
            prometheus_config_last_reload_successful 1
            prometheus_config_last_reload_success_timestamp_seconds 1.7e+09
            """;
    private static final String GOOD_CONFIG = "{\"status\":\"success\",\"data\":{\"yaml\":\"global: {}\"}}";

    @TempDir
    private Path folder;

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private HttpServer server;
    private OfferedPrometheus driver;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String answer = answers.get(exchange.getRequestURI().getPath());
            if (answer != null) {
                byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
            // Without an answer the connection breaks off.
            exchange.close();
        });
        server.start();
        answers.putAll(Map.of("/-/ready", "Prometheus Server is Ready.\n", METRICS, GOOD_METRICS, CONFIG, GOOD_CONFIG));
        driver = new OfferedPrometheus(Files.createDirectory(folder.resolve("config")), folder.resolve("last-good"));
    }

    @AfterEach
    void stop() {
        driver.close();
        server.stop(0);
    }

    private void find() {
        driver.find(PrometheusEndpoint.of(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/")));
    }

    private void assertLooksLike(Run run) throws InterruptedException {
        assertThat(driver.observe(Optional.empty()).instances())
                .extractingByKey(FolderDriver.INSTANCE)
                .returns(run, Instance::run);
    }

    private String told() {
        return driver.inWords(new Status(
                        Status.Phase.UNVERIFIED,
                        Reason.UNREACHABLE,
                        "prometheus",
                        Optional.empty(),
                        Optional.empty(),
                        List.of()))
                .detail();
    }

    @Test
    void whoseConfigurationIsNotToldIsSaidToBreakOff() throws Exception {
        find();
        answers.remove(CONFIG);
        assertLooksLike(Run.READY);
        assertThat(told()).contains("127.0.0.1:" + server.getAddress().getPort());
    }

    @Test
    void whoseConfigurationIsNonsenseIsSaidToAnswerSo() throws Exception {
        find();
        answers.put(CONFIG, "<html>It works!</html>");
        assertLooksLike(Run.READY);
        assertThat(told()).isEqualTo("not an answer of Prometheus's HTTP API");
    }

    @Test
    void whoseMetricsAreNotToldIsSaidToBreakOff() throws Exception {
        find();
        answers.remove(METRICS);
        assertLooksLike(Run.READY);
        assertThat(told()).contains("127.0.0.1:" + server.getAddress().getPort());
    }

    @Test
    void theFirstQuestionWithoutAnAnswerCounts() throws Exception {
        find();
        answers.put(METRICS, "<html>It works!</html>");
        answers.remove(CONFIG);
        assertLooksLike(Run.READY);
        assertThat(told()).isNotEqualTo("prometheus").doesNotContain("127.0.0.1");
    }

    @Test
    void onceAllIsAnsweredNothingOfItIsLeft() throws Exception {
        find();
        answers.remove(CONFIG);
        assertLooksLike(Run.READY);
        answers.put(CONFIG, GOOD_CONFIG);
        assertLooksLike(Run.READY);
        assertThat(told()).isEqualTo("prometheus");
    }

    @Test
    void whereItIsMayNotBeKnownYet() throws Exception {
        assertLooksLike(Run.UNREACHABLE);
        assertThat(told()).isEqualTo("it isn't known where it is");
    }
}
