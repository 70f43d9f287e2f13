package io.narthex.reconcile.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.swarm.SwarmNetwork;
import io.narthex.compiler.swarm.SwarmNode;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.compiler.swarm.SwarmService.Attachment;
import io.narthex.compiler.swarm.SwarmState;
import io.narthex.compiler.swarm.SwarmTask;
import io.narthex.compiler.yaml.ReadResult;
import io.narthex.compiler.yaml.ResourceReader;
import io.narthex.process.RestartPace;
import io.narthex.process.StateFolder;
import io.narthex.process.Supervisor;
import io.narthex.process.TestPrometheus;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.TargetQuery;
import io.narthex.prometheus.TargetReport;
import io.narthex.reconcile.FoundTargets;
import io.narthex.reconcile.ServerState;
import io.narthex.reconcile.Snippet;
import io.narthex.reconcile.compose.SharedFolder;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Status.Phase;
import io.narthex.testing.RealPrograms;
import io.narthex.web.OperatorEndpoint;
import io.narthex.web.OperatorHealth;
import io.narthex.web.TargetsPage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that somebody else runs: real ones, which ask a real endpoint for targets. */
class ExternalKeeperIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "default", "main");
    private static final String TOKEN = "a-token-of-the-test";

    @TempDir
    Path temporary;

    private int port;
    private StateFolder folder;
    private Supervisor supervisor;
    private PrometheusClient client;
    private OperatorEndpoint endpoint;
    private Optional<ExternalKeeper> keeper = Optional.empty();
    private Optional<String> additional = Optional.empty();
    private final World world = new World();

    /** A Swarm of one task, which is the Prometheus itself. */
    private final class World implements Surroundings {
        private volatile Inventory inventory = Inventory.EMPTY;
        private volatile Platform platform = Platform.SWARM;
        private final SwarmState state = new SwarmState(
                List.of(new SwarmTask(
                        "t1",
                        "s1",
                        OptionalInt.of(1),
                        "m1",
                        SwarmTask.State.RUNNING,
                        SwarmTask.State.RUNNING,
                        Map.of("n1", List.of("127.0.0.1")),
                        Map.of())),
                Map.of(
                        "m1",
                        new SwarmNode(
                                "m1",
                                "one",
                                "",
                                SwarmNode.Role.MANAGER,
                                SwarmNode.Availability.ACTIVE,
                                SwarmNode.State.READY,
                                Map.of())),
                Map.of("n1", new SwarmNetwork("n1", "narthex", "swarm", "overlay", true, false)),
                Set.of("n1"));

        @Override
        public Platform platform() {
            return platform;
        }

        @Override
        public Inventory inventory() {
            return inventory;
        }

        @Override
        public Optional<SwarmState> state(PrometheusServerSpec spec) {
            return Optional.of(state);
        }

        @Override
        public Optional<String> url() {
            return Optional.of("http://127.0.0.1:" + endpoint.port());
        }

        @Override
        public SecretValue token() {
            return SecretValue.of(TOKEN);
        }

        @Override
        public boolean accepts(String token) {
            return token.equals(TOKEN);
        }

        @Override
        public SortedMap<String, String> secrets() {
            return new TreeMap<>(Map.of("discovery.token", "narthex-main-token"));
        }

        @Override
        public Optional<String> obstacle(PrometheusServerSpec spec) {
            return Optional.empty();
        }
    }

    /** As the operator beside docker compose hands over. */
    private SharedFolder shared() {
        return new SharedFolder(
                "default/main", folder, InstantSource.system(), () -> keeper.ifPresent(ExternalKeeper::wake));
    }

    @BeforeEach
    void open() throws IOException {
        port = TestPrometheus.freePort();
        folder = TestPrometheus.open(temporary.resolve("state"));
        supervisor = new Supervisor(folder, Map.of(), RestartPace.DEFAULT, new Random(1), InstantSource.system());
        client = TestPrometheus.client(port);
        endpoint = new OperatorEndpoint(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                () -> OperatorHealth.idle(OperatorHealth.Role.STARTING),
                "test",
                List.of(new TargetsPage(
                        (namespace, server, job, token) ->
                                FoundTargets.of(keeper.map(k -> k), true, Optional.empty(), job, token),
                        InstantSource.system())));
    }

    @AfterEach
    void close() throws Exception {
        keeper.ifPresent(ExternalKeeper::close);
        endpoint.close();
        client.close();
        supervisor.stop(Duration.ofSeconds(10));
        supervisor.close();
        folder.close();
    }

    private void start(String configuration) throws Exception {
        TestPrometheus.configure(folder, configuration);
        Path program = RealPrograms.prometheus();
        supervisor.start(TestPrometheus.launch(program, folder, port, "--web.enable-lifecycle"));
        await().atMost(LONG).until(() -> client.readiness().toOptional().isPresent());
    }

    private void keep(Handover handover) {
        ExternalKeeper fresh = new ExternalKeeper(SERVER, world, handover, Compiler.create(), InstantSource.system());
        keeper = Optional.of(fresh);
        fresh.start();
    }

    private void declare(String... more) {
        Inventory inventory = Inventory.EMPTY.with(new SwarmService(
                "s1",
                "mon_prometheus",
                Map.of(
                        SwarmService.STACK_LABEL,
                        "mon",
                        "prometheus.io/scrape",
                        "true",
                        "prometheus.io/interval",
                        "1s",
                        "prometheus.io/port",
                        Integer.toString(port)),
                Map.of(),
                SwarmService.Mode.REPLICATED,
                SwarmService.EndpointMode.DNSRR,
                List.of(new Attachment("n1", "narthex")),
                List.of(),
                Optional.empty(),
                "prom/prometheus:v3"));
        String server = """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: PrometheusServer
                metadata: {name: main}
                spec:
                  mode: External
                  external: {url: "http://127.0.0.1:%d"}
                """.formatted(port)
                + (additional.isPresent() ? "  additionalScrapeConfigs: {secretRef: {name: raw, key: jobs}}\n" : "");
        ReadResult read = new ResourceReader()
                .read("test.yaml", (server + String.join("", more)).getBytes(StandardCharsets.UTF_8));
        assertThat(read.diagnostics()).isEmpty();
        for (var resource : read.resources()) {
            inventory = inventory.with(resource);
        }
        if (additional.isPresent()) {
            inventory = inventory.with(new SecretId("default", "raw", "jobs"), SecretValue.of(additional.get()));
        }
        world.inventory = inventory;
        keeper.ifPresent(ExternalKeeper::wake);
    }

    private static String monitor(String name, String interval) {
        return """
                ---
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: %s}
                spec:
                  source: {static: {targets: ["127.0.0.1:1"]}}
                  endpoints: [{interval: %s}]
                """.formatted(name, interval);
    }

    private ServerState state() {
        return keeper.orElseThrow().state(false);
    }

    private void awaitPhase(Phase phase) {
        await().atMost(LONG).until(() -> state().status().phase() == phase);
    }

    /** Waits until the one target of the pool is up. */
    private void awaitUp(String pool) {
        await().atMost(LONG)
                .until(() -> client.targets(TargetQuery.of(pool)).toOptional().stream()
                                .mapToInt(TargetReport::up)
                                .sum()
                        == 1);
    }

    private void paste(Snippet snippet) throws IOException {
        Files.writeString(folder.config().resolve("discovery.token"), TOKEN);
        for (Map.Entry<String, String> file : snippet.files().entrySet()) {
            Files.writeString(folder.config().resolve(file.getKey()), file.getValue());
        }
        TestPrometheus.configure(folder, snippet.stanza());
        assertThat(client.reload().toOptional()).contains(true);
    }

    @Test
    void whatIsPastedIsVerifiedAndItsTargetsAreScraped() throws Exception {
        start("global: {scrape_interval: 15s}\n");
        declare();
        keep(new Paste());

        await().atMost(LONG).until(() -> state().status().reason() == Reason.ARRIVING);
        assertThat(state().status().phase()).isEqualTo(Phase.WAITING);
        assertThat(state().status().detail()).contains("narthex snippet default/main");
        Snippet first = keeper.orElseThrow().snippet().orElseThrow();
        assertThat(first.stanza()).contains("http_sd_configs").doesNotContain(TOKEN);
        assertThat(first.secrets()).containsEntry("discovery.token", "narthex-main-token");

        paste(first);

        awaitPhase(Phase.READY);
        assertThat(state().status().verified()).contains(first.generation());
        awaitUp("swarm");

        // Another Monitor is another stanza; what runs goes on, and is no longer what is wanted.
        declare(monitor("more", "15s"));
        awaitPhase(Phase.WAITING);
        assertThat(state().status().detail()).contains(first.generation()).contains("paste again");
        paste(keeper.orElseThrow().snippet().orElseThrow());
        awaitPhase(Phase.READY);

        // A configuration that the server refuses isn't taken for the one that it runs on with.
        TestPrometheus.configure(folder, "scrape_configs: 7\n");
        assertThat(client.reload().toOptional()).isEmpty();
        awaitPhase(Phase.UNVERIFIED);
        assertThat(state().status().reason()).isEqualTo(Reason.RELOAD_UNCLEAR);
    }

    @Test
    void aServerThatNobodyReachesIsSaid() {
        declare();
        keep(new Paste());

        awaitPhase(Phase.UNVERIFIED);
        assertThat(state().status().reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(state().status().detail()).contains("can't be told");
    }

    @Test
    void filesOfASharedFolderAreLoadedAndPutBackWhereTheyAreRefused() throws Exception {
        start("global: {scrape_interval: 15s}\n");
        world.platform = Platform.COMPOSE;
        declare(monitor("first", "15s"));
        keep(shared());

        awaitPhase(Phase.READY);
        awaitUp("compose");
        assertThat(keeper.orElseThrow().snippet()).isEmpty();
        String good = state().status().verified().orElseThrow();

        // What isn't Narthex's doesn't stay in the folder.
        Files.writeString(folder.config().resolve("stray.yml"), "x");
        declare(monitor("first", "15s"), monitor("second", "20s"));
        await().atMost(LONG)
                .until(() -> state().status().phase() == Phase.READY
                        && !state().status().verified().equals(Optional.of(good)));
        await().atMost(LONG).until(() -> !Files.exists(folder.config().resolve("stray.yml")));
        assertThat(client.loadedConfig().toOptional().orElseThrow())
                .contains("generation-" + state().status().verified().orElseThrow());

        additional = Optional.of("- {job_name: raw, nonsense: 1}");
        declare(monitor("first", "15s"), monitor("second", "20s"));
        awaitPhase(Phase.ROLLED_BACK);
        assertThat(state().status().detail()).contains("its log says why").doesNotContain("config.file");
        assertThat(client.reloadState().toOptional().orElseThrow().successful()).isTrue();
        awaitUp("compose");

        additional = Optional.of("- {job_name: raw}");
        declare(monitor("first", "15s"), monitor("second", "20s"));
        awaitPhase(Phase.READY);
    }
}
