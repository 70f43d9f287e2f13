package io.narthex.rollout.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.yaml.ResourceReader;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.DockerHost;
import io.narthex.docker.FaultProxy;
import io.narthex.docker.Kinds;
import io.narthex.docker.RegistryLogins;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.docker.SwarmWatch;
import io.narthex.docker.TestDocker;
import io.narthex.prometheus.ServerAccess;
import io.narthex.rollout.Delivery;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Pace;
import io.narthex.rollout.Reason;
import io.narthex.rollout.RolloutEngine;
import io.narthex.rollout.RolloutLoop;
import io.narthex.rollout.Status;
import io.narthex.rollout.Status.Phase;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The driver with its engine on a real Swarm: services, configs and a volume of a real Prometheus. */
class SwarmPrometheusIT {

    private static final Duration LONG = Duration.ofSeconds(90);
    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "default", "main");
    private static final String INSTANCE = "narthex-driver-it";
    private static final String SERVICE = INSTANCE + "-main";
    private static final String VOLUME = SERVICE + "-data";
    private static final int PORT = 19095;
    private static final SwarmNames NAMES = new SwarmNames(INSTANCE, SERVER);
    private static final Optional<String> NO_AUTH = Optional.empty();

    private final Compiler compiler = Compiler.create();
    private final ServiceFactory factory = new ServiceFactory(INSTANCE, "quay.io/prometheus/prometheus");
    private DockerClient direct;
    private FaultProxy proxy;
    private DockerClient docker;
    private SwarmWatch watch;
    private SwarmPrometheus driver;
    private RolloutLoop rollout;
    private volatile boolean leaving;

    @BeforeEach
    void begin() throws Exception {
        DockerHost host = TestDocker.host();
        direct = new DockerClient(host);
        clean();
        proxy = new FaultProxy(host);
        docker = new DockerClient(proxy.host());
        watch = new SwarmWatch(docker, InstantSource.system(), Duration.ofSeconds(5));
        startDriver();
        watch.start();
        await().atMost(LONG).until(() -> watch.snapshot().isPresent());
    }

    private void startDriver() {
        Surroundings surroundings = new Surroundings() {
            @Override
            public List<String> networks() {
                return List.of();
            }

            @Override
            public void demandPresence() {
                if (leaving) {
                    throw new DockerException(
                            DockerException.Kind.REFUSED, "the operator's own service is being removed");
                }
            }
        };
        SwarmPrometheus fresh = new SwarmPrometheus(docker, watch, NAMES, surroundings);
        driver = fresh;
        rollout = new RolloutLoop(
                "default/main",
                fresh,
                RolloutEngine.withPace(Pace.REMOTE, Delivery.AT_START),
                InstantSource.system(),
                (refused, answer) ->
                        answer.accept(new Observed.Found(refused.release().id(), List.of())),
                standing -> {});
        watch.onChange(rollout::wake);
        rollout.start();
    }

    private void stopDriver() {
        rollout.close();
        driver.close();
    }

    @AfterEach
    void end() throws Exception {
        if (direct == null) {
            return;
        }
        if (rollout != null) {
            stopDriver();
            watch.close();
            docker.close();
            proxy.close();
            clean();
        }
        direct.close();
    }

    /** Removes what a test made, one that was broken off, too. */
    private void clean() throws Exception {
        TestDocker.remove(direct, INSTANCE);
        TestDocker.removeVolume(VOLUME);
    }

    /** What a server of this specification and these further resources becomes. */
    private SwarmDeployment deployment(String spec, String... resources) {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: PrometheusServer
                metadata: {name: main}
                spec:
                  version: "3.16.0"
                  discovery: Native
                  listen: {port: %d}
                  swarm: {publish: Host, stopGracePeriod: 10s}
                """.formatted(PORT));
        yaml.append(spec.indent(2));
        for (String resource : resources) {
            yaml.append("---\napiVersion: monitoring.narthex.io/v1alpha1\n").append(resource);
        }
        Inventory inventory = Inventory.EMPTY;
        for (Declared<?> declared : new ResourceReader()
                .read("it.yaml", yaml.toString().getBytes(StandardCharsets.UTF_8))
                .resources()) {
            inventory = inventory.with(declared);
        }
        CompileOptions options =
                CompileOptions.of(Platform.SWARM, PrometheusVersion.NEWEST_KNOWN, ServiceFactory.LAYOUT);
        Bundle bundle = compiler.compile(inventory, SERVER, options).bundle().orElseThrow();
        return factory.make(
                inventory
                        .find(SERVER)
                        .orElseThrow()
                        .as(PrometheusServerSpec.class)
                        .orElseThrow(),
                bundle,
                List.of(),
                new TreeMap<>(),
                RegistryLogins.NONE,
                ServerAccess.OPEN);
    }

    private void desire(SwarmDeployment deployment) {
        rollout.change(() -> driver.desire(deployment));
    }

    private void roll(SwarmDeployment deployment) {
        desire(deployment);
        await().atMost(LONG).until(() -> isVerified(deployment));
    }

    private boolean isVerified(SwarmDeployment deployment) {
        RolloutLoop.Standing standing = rollout.standing();
        return standing.status().phase() == Phase.READY
                && standing.release().equals(Optional.of(deployment.release()))
                && standing.status()
                        .verified()
                        .equals(Optional.of(deployment.bundle().generation()));
    }

    private Set<String> configs() throws InterruptedException {
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode config : direct.list(Kinds.CONFIGS, Map.of())) {
            if (NAMES.isOurs(config, "file")) {
                names.add(SwarmSnapshot.name(config));
            }
        }
        return names;
    }

    private static Set<String> configs(SwarmDeployment... deployments) {
        TreeSet<String> names = new TreeSet<>();
        for (SwarmDeployment deployment : deployments) {
            ServiceFactory.files(deployment.release()).forEach((path, digest) -> names.add(NAMES.config(path, digest)));
        }
        return names;
    }

    private JsonNode service() throws InterruptedException {
        return direct.inspect(Kinds.SERVICES, SERVICE);
    }

    private static String rules(String expression) {
        return """
                kind: RuleSet
                metadata: {name: rules}
                spec:
                  groups:
                    - name: all
                      rules:
                        - {record: answer, expr: '%s'}
                """.formatted(expression);
    }

    @Test
    void rollsKeepsTwoGenerationsAndPutsTheLastGoodOneBack() throws Exception {
        SwarmDeployment first = deployment("scrapeInterval: 15s", rules("vector(1)"));
        roll(first);
        assertThat(configs()).isEqualTo(configs(first));
        JsonNode made = service();
        String node = direct.info().at("/Swarm/NodeID").asText();
        assertThat(made.at("/Spec/TaskTemplate/Placement/Constraints/0").asText())
                .as("its volume is on this node")
                .isEqualTo("node.id==" + node);
        assertThat(made.at("/Spec/TaskTemplate/ContainerSpec/Mounts/0/Source").asText())
                .isEqualTo(VOLUME);

        CompletableFuture<URI> told = new CompletableFuture<>();
        rollout.change(() -> told.complete(driver.readyEndpoint().orElseThrow().base()));
        URI there = told.get(1, TimeUnit.MINUTES);
        assertThat(TaskAddresses.hold(direct, NAMES, there))
                .as(there.toString())
                .isTrue();
        assertThat(TaskAddresses.hold(direct, NAMES, URI.create("http://" + there.getHost() + ":" + (PORT + 1))))
                .isFalse();
        assertThat(TaskAddresses.hold(direct, new SwarmNames("another", SERVER), there))
                .isFalse();

        SwarmDeployment second = deployment("scrapeInterval: 20s", rules("vector(2)"));
        roll(second);
        assertThat(service().path("ID")).as("updated in place").isEqualTo(made.path("ID"));
        await().atMost(LONG).until(() -> configs().equals(configs(first, second)));

        SwarmDeployment third = deployment("scrapeInterval: 25s", rules("vector(3)"));
        roll(third);
        await().atMost(LONG).until(() -> configs().equals(configs(second, third)));

        // PromQL isn't checked here, so Prometheus itself refuses it, by ending.
        SwarmDeployment refused = deployment("scrapeInterval: 25s", rules("sum(("));
        desire(refused);
        await().atMost(LONG).until(() -> rollout.standing().status().phase() == Phase.ROLLED_BACK);
        Status status = rollout.standing().status();
        assertThat(status.reason()).isEqualTo(Reason.CONFIG_REFUSED);
        assertThat(status.verified()).hasValue(third.bundle().generation());
        assertThat(status.refusal().orElseThrow().message())
                .contains("rules-", "unclosed left parenthesis")
                .doesNotContain("/etc/narthex");
    }

    @Test
    void comesBackWhenSomebodyRemovesItAndWritesAgainWhenSomebodyElseWrote() throws Exception {
        SwarmDeployment first = deployment("scrapeInterval: 15s");
        roll(first);
        String before = service().path("ID").asText();
        direct.delete(Kinds.SERVICES, before);
        await().atMost(LONG)
                .ignoreExceptionsInstanceOf(DockerException.class)
                .until(() -> !service().path("ID").asText().equals(before));
        await().atMost(LONG).until(() -> isVerified(first));

        // Between reading the service and writing it, somebody else writes.
        AtomicBoolean wrote = new AtomicBoolean();
        proxy.answer(request -> {
            if (request.method().equals("POST")
                    && request.path().startsWith("/services/")
                    && wrote.compareAndSet(false, true)) {
                label("somebody", "else");
            }
            return FaultProxy.NONE;
        });
        SwarmDeployment second = deployment("scrapeInterval: 20s");
        roll(second);
        assertThat(wrote).isTrue();
        assertThat(service()
                        .at("/Spec/TaskTemplate/ContainerSpec/Labels/" + SwarmNames.RESTART_KEY)
                        .asText())
                .isEqualTo(second.release().restartKey());
    }

    private void label(String name, String value) {
        try {
            direct.update(
                    Kinds.SERVICES,
                    SERVICE,
                    spec -> {
                        ((ObjectNode) spec.path("Labels")).put(name, value);
                        return spec;
                    },
                    NO_AUTH);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void usesNoVolumeThatIsntThereOrThatAnotherServiceMounts() throws Exception {
        desire(deployment("storage: {volume: {name: narthex-driver-it-none, existing: true}}"));
        awaitDetail("the volume narthex-driver-it-none isn't on the manager's own node");
        assertThat(direct.find(Kinds.SERVICES, SERVICE)).isEmpty();
        assertThat(direct.hasVolume("narthex-driver-it-none")).isFalse();

        String other = direct.create(Kinds.SERVICES, other(), NO_AUTH);
        await().atMost(LONG).until(() -> direct.hasVolume(VOLUME));
        SwarmDeployment existing = deployment("storage: {volume: {name: %s, existing: true}}".formatted(VOLUME));
        desire(existing);
        awaitDetail("the volume " + VOLUME + " is mounted by the service " + INSTANCE + "-other");
        assertThat(direct.find(Kinds.SERVICES, SERVICE)).isEmpty();
        direct.delete(Kinds.SERVICES, other);
        await().atMost(LONG).until(() -> isVerified(existing));

        // The samples are in that volume now: no other one takes its place by itself.
        desire(deployment("storage: {volume: {name: narthex-driver-it-another}}"));
        awaitDetail("the samples are in the volume " + VOLUME);
        assertThat(service()
                        .at("/Spec/TaskTemplate/ContainerSpec/Mounts/0/Source")
                        .asText())
                .isEqualTo(VOLUME);
    }

    @Test
    void makesNothingForAnOperatorThatIsBeingRemoved() throws Exception {
        leaving = true;
        desire(deployment("scrapeInterval: 15s"));
        awaitDetail("is being removed");
        assertThat(configs()).isEmpty();
        assertThat(direct.find(Kinds.SERVICES, SERVICE)).isEmpty();
    }

    private void awaitDetail(String text) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(rollout.standing().status().detail()).contains(text));
    }

    private static ObjectNode other() throws Exception {
        return (ObjectNode) new ObjectMapper().readTree("""
                {"Name": "%s-other",
                 "TaskTemplate": {"ContainerSpec": {"Image": "testbed.local/busybox:1", "Args": ["sleep", "600"],
                   "StopGracePeriod": 100000000,
                   "Mounts": [{"Type": "volume", "Source": "%s", "Target": "/data"}]}},
                 "Mode": {"Replicated": {"Replicas": 1}}}""".formatted(INSTANCE, VOLUME));
    }

    @Test
    void survivesADaemonThatFailsInTheMiddleOfARoll() throws Exception {
        SwarmDeployment first = deployment("scrapeInterval: 15s");
        roll(first);
        SwarmDeployment second = deployment("scrapeInterval: 20s");
        List<String> refused = new ArrayList<>();
        proxy.answer(request -> {
            // Each kind of write is lost once: answered by an error, or cut off after it was or wasn't done.
            if (!request.method().equals("GET") && !refused.contains(request.path())) {
                refused.add(request.path());
                return refused.size() % 2 == 0
                        ? new FaultProxy.Fault.Broken()
                        : new FaultProxy.Fault.Answered(
                                500, "rpc error: code = Unknown desc = The swarm does not have a leader.");
            }
            return FaultProxy.NONE;
        });
        roll(second);
        assertThat(refused).hasSizeGreaterThanOrEqualTo(2);
        assertThat(service()
                        .at("/Spec/TaskTemplate/ContainerSpec/Labels/" + SwarmNames.RESTART_KEY)
                        .asText())
                .isEqualTo(second.release().restartKey());
    }
}
