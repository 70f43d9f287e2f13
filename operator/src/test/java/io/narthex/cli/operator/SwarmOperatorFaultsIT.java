package io.narthex.cli.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.narthex.cli.CommandProcesses;
import io.narthex.cli.Session;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.DockerHost;
import io.narthex.docker.FaultProxy;
import io.narthex.docker.FaultProxy.Fault;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.docker.TestDocker;
import io.narthex.process.TestPrometheus;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.TargetQuery;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code narthex operator} on a real Swarm whose daemon fails for a while: it says so where a user looks, leaves the
 * Prometheus that runs as it is, and goes on by itself.
 */
class SwarmOperatorFaultsIT {

    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String INSTANCE = "narthex-faults-it";
    private static final String SERVICE = INSTANCE + "-main";
    private static final int PORT = 19096;

    @TempDir
    private Path resources;

    @RegisterExtension
    private final CommandProcesses processes = new CommandProcesses();

    private DockerClient direct;
    private FaultProxy proxy;
    private CommandProcesses.Started operator;
    private String url;

    @BeforeEach
    void begin() throws Exception {
        DockerHost host = TestDocker.host();
        direct = new DockerClient(host);
        clean();
        proxy = new FaultProxy(host);
        Files.writeString(resources.resolve("server.yaml"), """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: PrometheusServer
                metadata: {name: main}
                spec:
                  version: "3.16.0"
                  discovery: Native
                  listen: {port: %d}
                  swarm: {publish: Host, stopGracePeriod: 10s}
                """.formatted(PORT));
        monitor("first");
        int port = TestPrometheus.freePort();
        url = "http://127.0.0.1:" + port;
        operator = processes.start(
                "operator",
                "--platform",
                "swarm",
                "--docker-host",
                proxy.host().toString(),
                "--instance",
                INSTANCE,
                "--resources",
                resources.toString(),
                "--listen",
                "127.0.0.1:" + port,
                "--advertise",
                url);
        await().atMost(LONG).until(() -> jobs().equals(List.of("monitor/default/first/metrics")));
        awaitStatus("ready");
    }

    @AfterEach
    void end() throws Exception {
        if (direct == null) {
            return;
        }
        if (operator != null) {
            operator.end();
            proxy.close();
            clean();
        }
        direct.close();
    }

    private void clean() throws Exception {
        TestDocker.remove(direct, INSTANCE);
        TestDocker.removeVolume(SERVICE + "-data");
    }

    private void monitor(String name) throws Exception {
        Files.writeString(resources.resolve(name + ".yaml"), """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: %s}
                spec:
                  source: {static: {targets: ["127.0.0.1:%d"]}}
                  endpoints: [{interval: 1s}]
                """.formatted(name, PORT));
    }

    /** Returns the scrape jobs that the running Prometheus has targets of; none while there is no Prometheus. */
    private static List<String> jobs() {
        try (PrometheusClient client = TestPrometheus.client(PORT)) {
            return client.targets(TargetQuery.OVERVIEW)
                    .toOptional()
                    .map(report -> List.copyOf(report.pools().keySet()))
                    .orElse(List.of());
        }
    }

    private String task() throws InterruptedException {
        String service = direct.inspect(Kinds.SERVICES, SERVICE).path("ID").asText();
        return direct
                .list(Kinds.TASKS, Map.of("service", List.of(service), "desired-state", List.of("running")))
                .stream()
                .map(SwarmSnapshot::id)
                .findFirst()
                .orElse("");
    }

    private String get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private void awaitStatus(String text) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                new Session().run("status", "--operator", url).out())
                        .contains(text));
    }

    private long logged(String text) throws Exception {
        return Files.readString(operator.err())
                .lines()
                .filter(line -> line.contains(text))
                .count();
    }

    /** It is said in the log, once; by the health, in a metric, too; and by the status. */
    private void awaitSaid(String... words) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(get("/readyz")).startsWith("ok\n").contains(words));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(get("/metrics")).contains("narthex_watch_failing{kind=\"Docker\"} 1"));
        for (String word : words) {
            awaitStatus(word);
            await().atMost(LONG).until(() -> logged(word) > 0);
        }
    }

    private void awaitWell() {
        await().atMost(LONG).untilAsserted(() -> assertThat(get("/readyz")).isEqualTo("ok\n"));
    }

    private void goesOn() {
        proxy.answer(request -> FaultProxy.NONE);
        awaitWell();
    }

    @Test
    void aDaemonThatFailsIsSaidAndOutlived() throws Exception {
        errors();
        noLeader();
        events();
        brokenFile();
    }

    private void errors() throws Exception {
        String task = task();
        AtomicInteger asked = new AtomicInteger();
        proxy.answer(request -> {
            asked.incrementAndGet();
            return new Fault.Answered(500, "the store is on fire");
        });
        awaitSaid("fails (HTTP 500): the store is on fire");
        monitor("second");
        await().atMost(LONG).until(() -> asked.get() > 12);
        assertThat(logged("the store is on fire"))
                .as("what is the same isn't said again by the watch, the operator or the server")
                .isLessThanOrEqualTo(3);
        assertThat(task()).isEqualTo(task);
        assertThat(jobs()).containsExactly("monitor/default/first/metrics");

        // What was declared meanwhile is rolled out.
        goesOn();
        await().atMost(LONG)
                .until(() -> jobs().equals(List.of("monitor/default/first/metrics", "monitor/default/second/metrics")));
        awaitStatus("  ready");
    }

    private void noLeader() throws Exception {
        String task = task();
        proxy.answer(request -> new Fault.Answered(
                500,
                "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers"
                        + " are online. Make sure more than half of the managers are online."));
        awaitSaid("is a manager of a Swarm that has no leader", "more than half of its managers");
        goesOn();
        awaitStatus("  ready");
        assertThat(task()).isEqualTo(task);
    }

    private void events() throws Exception {
        proxy.answer(request -> request.path().equals("/events") ? new Fault.Broken() : FaultProxy.NONE);
        proxy.cutEvents();
        awaitSaid("Docker's events aren't heard, so changes are noticed late");
        String removed = direct.inspect(Kinds.SERVICES, SERVICE).path("ID").asText();
        direct.delete(Kinds.SERVICES, removed);
        await().atMost(LONG)
                .ignoreExceptionsInstanceOf(DockerException.class)
                .until(() -> !direct.inspect(Kinds.SERVICES, SERVICE)
                        .path("ID")
                        .asText()
                        .equals(removed));
        assertThat(logged("Docker's events aren't heard")).isOne();
        goesOn();
        assertThat(logged("Docker's events are heard again")).isOne();
    }

    /** A mistake in a file of the folder isn't Docker's fault, and takes as little away. */
    private void brokenFile() throws Exception {
        await().atMost(LONG).until(() -> jobs().size() == 2);
        awaitStatus("  ready");
        String task = task();
        Files.writeString(resources.resolve("first.yaml"), "kind: [");
        awaitStatus("first.yaml:1");
        monitor("third");
        await().atMost(LONG)
                .until(() -> jobs().equals(List.of(
                        "monitor/default/first/metrics",
                        "monitor/default/second/metrics",
                        "monitor/default/third/metrics")));
        assertThat(task()).isNotEqualTo(task);
    }
}
