package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.rollout.kubernetes.DeploymentSettings;
import io.narthex.source.kubernetes.ClusterSource;
import io.narthex.source.kubernetes.KubernetesClients;
import io.narthex.source.kubernetes.Scope;
import io.narthex.testbed.ConcurrentTest;
import io.narthex.testbed.FaultyProxy;
import io.narthex.testbed.TestbedExtension;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever the API server does, the operator says so and goes on by itself once it is well again. */
class ApiServerFaultsIT {

    private static final Duration LONG = Duration.ofMinutes(2);

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final TestbedExtension TESTBED = TestbedExtension.withDefinitions("faults", Map.of());

    private KubernetesClient admin;
    private String namespace;
    private volatile Duration setBack = Duration.ZERO;
    private FaultyProxy proxy;
    private KubernetesClient client;

    @BeforeEach
    void begin() throws IOException {
        admin = TESTBED.client();
        namespace = TESTBED.namespace();
        proxy = new FaultyProxy(admin);
        client = KubernetesClients.ofOperator(proxy.config());
    }

    @AfterEach
    void end() {
        client.close();
        proxy.close();
    }

    private ClusterOperator operator() {
        return operator(Set.of(namespace));
    }

    private ClusterOperator operator(Set<String> namespaces) {
        return operator(client, namespaces);
    }

    private ClusterOperator operator(KubernetesClient asks, Set<String> namespaces) {
        return operator(asks, namespaces, Duration.ofSeconds(3));
    }

    private ClusterOperator operator(KubernetesClient asks, Set<String> namespaces, Duration recheck) {
        return new ClusterOperator(
                asks,
                new OperatorSettings(
                        new Scope(namespaces),
                        new Consent(Set.of(), Set.of()),
                        Optional.empty(),
                        DeploymentSettings.DEFAULT,
                        true,
                        recheck,
                        OperatorSettings.OUTDATED),
                Compiler.create(),
                () -> InstantSource.system().instant().minus(setBack),
                RandomGenerator.getDefault());
    }

    private static Thread started(ClusterOperator operator) {
        return Thread.ofVirtual().start(() -> {
            try {
                operator.start();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Nobody takes it, and saying so takes no pod. */
    private void declare(String name) {
        declare(namespace, name);
    }

    private void declare(String namespace, String name) {
        admin.load(new ByteArrayInputStream("""
                        apiVersion: monitoring.narthex.io/v1alpha1
                        kind: Monitor
                        metadata: {name: %s, namespace: %s}
                        spec: {source: {static: {targets: ['127.0.0.1:1']}}, endpoints: [{interval: 5s}]}
                        """.formatted(name, namespace).getBytes(StandardCharsets.UTF_8)))
                .serverSideApply();
    }

    private void awaitTold(String name) {
        awaitTold(namespace, name);
    }

    private void awaitTold(String namespace, String name) {
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(status("Monitor", namespace, name)).as(name).contains("NotSelected"));
    }

    private String status(String kind, String namespace, String name) {
        GenericKubernetesResource object = admin.genericKubernetesResources(ClusterSource.context(kind))
                .inNamespace(namespace)
                .withName(name)
                .get();
        return JSON.valueToTree(object.getAdditionalProperties().getOrDefault("status", Map.of()))
                .toString();
    }

    private static void awaitProblem(ClusterOperator operator, String kind, String words) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(operator.source().health().problems().getOrDefault(kind, ""))
                                .contains(words));
    }

    @ConcurrentTest
    void definitionsThatComeLateOrGoAreWaitedFor() {
        proxy.answer(request -> request.path().startsWith("/apis/monitoring.narthex.io/") ? 404 : FaultyProxy.PASS);
        try (ClusterOperator operator = operator()) {
            started(operator);
            awaitProblem(operator, "Monitor", "custom resource definitions");
            assertThat(operator.isStarted()).isFalse();

            declare("first");
            proxy.answer(request -> FaultyProxy.PASS);
            awaitTold("first");
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(operator.source().health().problems()).isEmpty());

            proxy.answer(request -> request.path().startsWith("/apis/monitoring.narthex.io/") ? 404 : FaultyProxy.PASS);
            awaitProblem(operator, "Monitor", "custom resource definitions");
            declare("second");
            proxy.answer(request -> FaultyProxy.PASS);
            awaitTold("second");
        }
    }

    /** It may be gone, or its rights; the others have no part in that. */
    @ConcurrentTest
    void aListedNamespaceThatIsClosedKeepsNobodyFromTheOthers() throws Exception {
        String shut = TESTBED.testbed().newNamespace("shut", Map.of());
        server(shut);
        declare(shut, "inside");
        proxy.answer(request -> request.path().contains("/namespaces/" + shut + "/monitors") ? 403 : FaultyProxy.PASS);
        try (ClusterOperator operator = operator(Set.of(namespace, shut))) {
            operator.start();
            declare("open");
            awaitTold("open");
            declare("more");
            awaitTold("more");
            assertThat(operator.source().health().problems())
                    .hasEntrySatisfying(
                            "Monitor",
                            words -> assertThat(words).startsWith(shut + ": ").doesNotContain(namespace));
            // Of its server all Monitors would be gone.
            assertThat(admin.services().inNamespace(shut).list().getItems()).isEmpty();

            proxy.answer(request -> FaultyProxy.PASS);
            await().atMost(LONG)
                    .until(() -> !admin.services()
                            .inNamespace(shut)
                            .list()
                            .getItems()
                            .isEmpty());
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(operator.source().health().problems()).isEmpty());
        } finally {
            admin.namespaces().withName(shut).delete();
        }
    }

    @ConcurrentTest
    void refusalsAndBrokenConnectionsPass() throws Exception {
        try (ClusterOperator operator = operator()) {
            operator.start();
            declare("calm");
            awaitTold("calm");
            for (int fault : new int[] {500, 429, 410, 409, 503, FaultyProxy.BREAK}) {
                String name = "in-" + Math.abs(fault);
                proxy.answer(request -> fault);
                declare(name);
                if (fault != 410 && fault != 409) {
                    await().atMost(LONG)
                            .untilAsserted(
                                    () -> assertThat(operator.source().health().problems())
                                            .isNotEmpty());
                }
                proxy.answer(request -> FaultyProxy.PASS);
                awaitTold(name);
            }
            // What went away meanwhile is known to be gone.
            proxy.answer(request -> FaultyProxy.BREAK);
            admin.genericKubernetesResources(ClusterSource.context("Monitor"))
                    .inNamespace(namespace)
                    .withName("calm")
                    .delete();
            proxy.answer(request -> FaultyProxy.PASS);
            await().atMost(LONG)
                    .until(() -> operator.source()
                            .state()
                            .inventory()
                            .resources()
                            .keys()
                            .noneMatch(key -> key.name().equals("calm")));
        }
    }

    /** The API server forgets what it told long ago, and says so in the middle of a watch. */
    @ConcurrentTest
    void whatWatchesMissSinceTheirVersionExpiredIsListed() throws Exception {
        token("old");
        AtomicInteger lists = new AtomicInteger();
        proxy.answer(request -> {
            if (request.path().endsWith("/monitors") && !request.query().contains("watch=")) {
                lists.incrementAndGet();
            }
            return FaultyProxy.PASS;
        });
        try (ClusterOperator operator = operator()) {
            operator.start();
            server();
            guarded();
            declare("gone");
            await().atMost(LONG).until(() -> known(operator).equals(Optional.of("old")));
            await().atMost(LONG)
                    .until(() ->
                            operator.source().state().inventory().resources().size() == 3);
            int before = lists.get();

            proxy.expireWatches();
            token("new");
            declare("late");
            admin.genericKubernetesResources(ClusterSource.context("Monitor"))
                    .inNamespace(namespace)
                    .withName("gone")
                    .delete();

            await().atMost(LONG).until(() -> known(operator).equals(Optional.of("new")));
            await().atMost(LONG)
                    .until(() -> operator.source()
                            .state()
                            .inventory()
                            .resources()
                            .keys()
                            .map(ResourceKey::name)
                            .sorted()
                            .toList()
                            .equals(List.of("late", "main", "web")));
            assertThat(lists.get() - before).isBetween(1, 3);
            assertThat(operator.source().health().problems()).isEmpty();
        }
    }

    /** A status that can't be written is written later, and not given up; nor does it wait for a clock that is set back. */
    @ConcurrentTest
    void statusesAreWrittenOnceTheyCanBe() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (ClusterOperator operator = operator()) {
            operator.start();
            proxy.answer(request -> request.method().equals("PATCH") ? count(tries, 429) : FaultyProxy.PASS);
            declare("late");
            await().atMost(LONG).until(() -> tries.get() > 0);
            setBack = Duration.ofHours(1);
            proxy.answer(request -> FaultyProxy.PASS);
            awaitTold("late");
        }
    }

    /**
     * An admission webhook may take thirty seconds, longer than the client waits by itself: it is named all the same, and
     * nobody waits for it but those whose writes it is asked about.
     */
    @ConcurrentTest
    void aWebhookThatTakesLongIsNamedAndHoldsUpNobodyElse() throws Exception {
        String slow = TESTBED.testbed().newNamespace("slow", Map.of());
        try (KubernetesClient direct = KubernetesClients.ofOperator(admin.getConfiguration());
                HangingWebhook webhook = new HangingWebhook(
                        admin, slow, HangingWebhook.LONGEST, "kubernetes.io/metadata.name", slow, """
                        - {apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [secrets, services]}
                        - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [statefulsets]}
                        - apiGroups: [monitoring.narthex.io]
                          apiVersions: [v1alpha1]
                          operations: [UPDATE]
                          resources: [monitors/status]
                        """);
                ClusterOperator operator = operator(direct, Set.of(namespace, slow))) {
            operator.start();
            for (int i = 0; i < 30; i++) {
                declare(slow, "slow-" + i);
            }
            server(slow);
            await().atMost(LONG).until(() -> webhook.asked() > 0);
            declare("quick");
            awaitTold("quick");
            assertThat(webhook.asked()).as("asked of thirty").isLessThan(20);

            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(status("PrometheusServer", slow, "main"))
                            .contains("failed calling webhook", webhook.webhook()));
            assertThat(operator.source().health().problems()).isEmpty();
        } finally {
            admin.namespaces().withName(slow).delete();
        }
    }

    /** Whoever is in the way may be for long: nobody is asked sixty times a second meanwhile. */
    @ConcurrentTest
    void whatCanNotBeMadeIsTriedCalmly() throws Exception {
        admin.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName("prometheus-main")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withPort(9090)
                        .endPort()
                        .endSpec()
                        .build())
                .serverSideApply();
        AtomicInteger tries = new AtomicInteger();
        proxy.answer(request -> {
            if (request.path().endsWith("/services/prometheus-main")) {
                tries.incrementAndGet();
            }
            return FaultyProxy.PASS;
        });
        try (ClusterOperator operator = operator()) {
            operator.start();
            server();
            await().atMost(LONG).until(() -> tries.get() >= 3);
            int before = tries.get();
            Instant until = Instant.now().plusSeconds(4);
            await().atMost(LONG).until(() -> Instant.now().isAfter(until));
            assertThat(tries.get() - before).isLessThan(20);
        }
    }

    /** Each try compiles, and reads what isn't known yet. */
    @ConcurrentTest
    void whatIsRefusedIsTriedEverMoreRarely() throws Exception {
        token("old");
        List<Instant> tries = new CopyOnWriteArrayList<>();
        proxy.answer(request -> {
            boolean asked = request.path().endsWith("/secrets/token");
            if (asked) {
                tries.add(Instant.now());
            }
            // Of one that the API server fails to give out for a minute nothing more is expected.
            return asked ? 429 : FaultyProxy.PASS;
        });
        try (ClusterOperator operator = operator(client, Set.of(namespace), OperatorSettings.RECHECK)) {
            operator.start();
            server();
            guarded();
            // After pauses of three and six seconds comes one of twelve.
            await().atMost(LONG)
                    .until(() -> IntStream.range(1, tries.size())
                            .mapToObj(i -> Duration.between(tries.get(i - 1), tries.get(i)))
                            .anyMatch(pause -> pause.compareTo(Duration.ofSeconds(10)) > 0));

            // Nobody waits for the end of a pause who mends something.
            proxy.answer(request -> FaultyProxy.PASS);
            token("new");
            await().atMost(LONG).until(() -> known(operator).equals(Optional.of("new")));
        }
    }

    /** The watch tells of a change once. */
    @ConcurrentTest
    void aCredentialThatCouldNotBeReadIsReadLater() throws Exception {
        token("old");
        try (ClusterOperator operator = operator()) {
            operator.start();
            server();
            guarded();
            await().atMost(LONG).until(() -> known(operator).equals(Optional.of("old")));
            AtomicInteger failed = new AtomicInteger();
            proxy.answer(request -> {
                boolean fails = request.path().endsWith("/secrets/token") && failed.get() < 2;
                return fails ? count(failed, 500) : FaultyProxy.PASS;
            });

            token("new");

            await().atMost(LONG).until(() -> known(operator).equals(Optional.of("new")));
            assertThat(failed).hasValue(2);
        }
    }

    private static int count(AtomicInteger failed, int answer) {
        failed.incrementAndGet();
        return answer;
    }

    /** A Monitor whose targets ask for the token. */
    private void guarded() {
        admin.load(new ByteArrayInputStream("""
                        apiVersion: monitoring.narthex.io/v1alpha1
                        kind: Monitor
                        metadata: {name: web, namespace: %s}
                        spec:
                          source: {static: {targets: ['127.0.0.1:1']}}
                          endpoints:
                            - {auth: {authorization: {credentials: {secretRef: {name: token, key: t}}}}}
                        """.formatted(namespace).getBytes(StandardCharsets.UTF_8)))
                .serverSideApply();
    }

    private void token(String value) {
        admin.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("token")
                        .withNamespace(namespace)
                        .endMetadata()
                        .addToData("t", Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)))
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    private Optional<String> known(ClusterOperator operator) {
        return operator.source()
                .state()
                .inventory()
                .secret(new SecretId(namespace, "token", "t"))
                .map(value -> new String(value.reveal(), StandardCharsets.UTF_8));
    }

    private void server() {
        server(namespace);
    }

    private void server(String namespace) {
        admin.load(new ByteArrayInputStream("""
                        apiVersion: monitoring.narthex.io/v1alpha1
                        kind: PrometheusServer
                        metadata: {name: main, namespace: %s}
                        spec: {}
                        """.formatted(namespace).getBytes(StandardCharsets.UTF_8)))
                .serverSideApply();
    }

    /** Who can't renew the lease stops working before another may begin, and takes part again. */
    @ConcurrentTest
    void aLeaderThatLosesItsLeaseStopsAndComesBack() {
        try (Leadership leadership = new Leadership(client, namespace, "narthex-operator", "this", this::operator)) {
            leadership.start();
            await().atMost(LONG)
                    .until(() -> leadership
                            .operator()
                            .filter(ClusterOperator::isStarted)
                            .isPresent());

            List<Boolean> alone = new CopyOnWriteArrayList<>();
            Supplier<ClusterOperator> next = () -> {
                alone.add(leadership.operator().isEmpty());
                return operator();
            };
            // It reaches the API server all the time.
            try (Leadership another = new Leadership(admin, namespace, "narthex-operator", "another", next)) {
                another.start();
                await().atMost(LONG).until(another::isDecided);
                proxy.answer(request -> FaultyProxy.BREAK);
                await().atMost(LONG).until(() -> !alone.isEmpty());
                assertThat(alone).as("whether the first had stopped").containsExactly(true);
                proxy.answer(request -> FaultyProxy.PASS);
            }
            await().atMost(LONG).until(() -> leadership.operator().isPresent());
            declare("after");
            awaitTold("after");
        }
    }

    /** Another needn't wait until its time is over. */
    @ConcurrentTest
    void aLeaderThatEndsGivesItsLeaseBack() {
        try (Leadership leadership = new Leadership(client, namespace, "narthex-operator", "this", this::operator)) {
            leadership.start();
            await().atMost(LONG).until(() -> leadership.operator().isPresent());
            assertThat(holder()).contains("this");
        }
        assertThat(holder()).isEmpty();
        try (Leadership next = new Leadership(client, namespace, "narthex-operator", "next", this::operator)) {
            next.start();
            await().atMost(LONG).until(() -> next.operator().isPresent());
            assertThat(holder()).contains("next");
        }
        assertThat(holder()).isEmpty();
    }

    private Optional<String> holder() {
        return Optional.ofNullable(admin.leases()
                .inNamespace(namespace)
                .withName("narthex-operator")
                .get()
                .getSpec()
                .getHolderIdentity());
    }
}
