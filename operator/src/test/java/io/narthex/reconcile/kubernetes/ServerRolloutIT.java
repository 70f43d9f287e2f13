package io.narthex.reconcile.kubernetes;

import static io.narthex.reconcile.kubernetes.TestNamespace.LONG;
import static io.narthex.reconcile.kubernetes.TestNamespace.condition;
import static io.narthex.reconcile.kubernetes.TestNamespace.self;
import static io.narthex.reconcile.kubernetes.TestNamespace.up;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.narthex.compiler.model.SecretValue;
import io.narthex.prometheus.Certificates;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Trust;
import io.narthex.testbed.ConcurrentTest;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** A PrometheusServer becomes pods that run what is declared, and keeps them so through all changes. */
class ServerRolloutIT {

    @RegisterExtension
    static final OperatorExtension CLUSTER = OperatorExtension.forAll();

    private TestNamespace home;

    @BeforeEach
    void begin() {
        home = CLUSTER.namespace();
    }

    @ConcurrentTest
    void aMonitorIsScrapedAndSaysSo() throws Exception {
        home.declare(
                "PrometheusServer",
                "main",
                "scrapeInterval: 1s\nversion: 3.15.0\nimage: quay.io/prometheus/prometheus:v3.16.0\n");
        home.declare("Monitor", "self", self("1s"));
        home.declare("Monitor", "by-service", """
                source: {service: {selector: {matchLabels: {app.kubernetes.io/component: server}}}}
                endpoints: [{port: web, interval: 1s}]
                """);
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        home.awaitCondition("Monitor", "by-service", "Ready", "True AsDeclared");
        assertThat(home.status("Monitor", "self").path("targets").path("up").asInt())
                .isEqualTo(1);
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode status = home.status("PrometheusServer", "main");
            assertThat(status.path("version").asText()).isEqualTo("3.16.0");
            assertThat(condition(status, "ConfigAccepted")).isEqualTo("True AsDeclared");
            assertThat(status.toString()).contains("Prometheus 3.16.0 runs, and what is written is for 3.15.0");
        });
        assertThat(home.up()).isEqualTo(2);

        // As `kubectl replace --force` does: nothing of it differs, and it has no status.
        home.resource("Monitor", "self").delete();
        home.declare("Monitor", "self", self("1s"));
        home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
    }

    /** Its own Service stands in for one of an Alertmanager: it is discovered in the same way. */
    @ConcurrentTest
    void aServerWhoseAlertsReachNobodySaysSoUntilAnAlertmanagerIsDiscovered() throws Exception {
        String alertmanagers = "alertmanagers: [{service: {name: %s, port: web}}]\n";
        home.declare("PrometheusServer", "main", alertmanagers.formatted("misspelt"));
        home.awaitCondition("PrometheusServer", "main", "AlertmanagersDiscovered", "False NoAlertmanagers");
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(home.status("PrometheusServer", "main").path("alertmanagers").asInt(-1))
                .isZero();

        home.declare("PrometheusServer", "main", alertmanagers.formatted("prometheus-main"));
        home.awaitCondition("PrometheusServer", "main", "AlertmanagersDiscovered", "True AsDeclared");
        assertThat(home.status("PrometheusServer", "main").path("alertmanagers").asInt())
                .isEqualTo(1);

        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        home.awaitCondition("PrometheusServer", "main", "AlertmanagersDiscovered", "");
        assertThat(home.status("PrometheusServer", "main").has("alertmanagers")).isFalse();
    }

    @ConcurrentTest
    void aChangeIsLoadedWithoutARestartAndAFlagByANewPod() throws Exception {
        home.declareServerThatScrapesItself();
        String uid = home.podUid();

        double reloads = home.requests("/-/reload");
        home.declare("Monitor", "second", self("2s"));
        home.awaitCondition("Monitor", "second", "Ready", "True AsDeclared");
        assertThat(home.podUid()).isEqualTo(uid);
        assertThat(home.pod().getStatus().getContainerStatuses().getFirst().getRestartCount())
                .isZero();
        Set<String> copies = partsWithIndex();
        assertThat(copies).as("the part comes in one with the index").isNotEmpty();
        for (String name : List.of("third", "fourth")) {
            home.declare("Monitor", name, self("3s"));
            home.awaitCondition("Monitor", name, "Ready", "True AsDeclared");
        }
        // One that ends in the very second of the one before is asked for once more.
        assertThat(home.requests("/-/reload"))
                .as("a reload for each of three changes")
                .isBetween(reloads + 3, reloads + 4);
        assertThat(partsWithIndex())
                .as("only for as long as a pod may not see the original")
                .isNotEmpty()
                .doesNotContainAnyElementsOf(copies);

        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\nquery: {timeout: 1m}\n");
        home.awaitOtherPod(uid);
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        try (PrometheusClient prometheus = home.prometheus()) {
            assertThat(prometheus.flags().toOptional().orElseThrow()).containsEntry("query.timeout", "1m");
        }
    }

    private Set<String> partsWithIndex() {
        return CLUSTER
                .admin()
                .secrets()
                .inNamespace(home.name())
                .withName("prometheus-main-index")
                .get()
                .getData()
                .keySet()
                .stream()
                .filter(path -> path.startsWith("jobs-"))
                .collect(Collectors.toSet());
    }

    /** `kubectl wait` and tools for continuous delivery go by it. */
    @ConcurrentTest
    void readyIsNeverSaidOfAVersionThatIsNotRolledOut() throws Exception {
        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        home.declare("Monitor", "self", self("1s"));
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        String generation =
                home.status("PrometheusServer", "main").path("configGeneration").asText();
        List<GenericKubernetesResource> said = new CopyOnWriteArrayList<>();
        try (Watch _ = home.watch("PrometheusServer", "main", said::add)) {
            home.declare("PrometheusServer", "main", "scrapeInterval: 2s\nlog: {level: debug}\n");
            await().atMost(LONG)
                    .until(() -> said.stream()
                            .anyMatch(one ->
                                    isReady(one) && !configGeneration(one).equals(generation)));
        }
        assertThat(said).noneMatch(one -> isReady(one) && configGeneration(one).equals(generation));
    }

    private static String configGeneration(GenericKubernetesResource server) {
        return TestNamespace.status(server).path("configGeneration").asText();
    }

    private static boolean isReady(GenericKubernetesResource server) {
        JsonNode status = TestNamespace.status(server);
        return status.path("observedGeneration").asLong() == 2
                && condition(status, "Ready").equals("True AsDeclared");
    }

    /** Two replicas below a path of their own. */
    @ConcurrentTest
    void aRollStopsAtThePodThatFailsAndTheOtherServesOn() throws Exception {
        String spec = "replicas: 2\nroutePrefix: /prom\nscrapeInterval: 1s\n";
        home.declare("PrometheusServer", "main", spec);
        home.declare("Monitor", "self", """
                source: {static: {targets: ['127.0.0.1:9090']}}
                endpoints: [{interval: 1s, path: /prom/metrics}]
                """);
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        Map<String, Pod> before = home.pods();
        assertThat(before.keySet()).containsExactly("prometheus-main-0", "prometheus-main-1");
        before.forEach((name, pod) -> {
            try (PrometheusClient prometheus = TestNamespace.prometheus(pod, "/prom")) {
                assertThat(prometheus.loadedConfig().toOptional().orElseThrow())
                        .contains("prometheus_replica: " + name);
            }
        });

        home.declare("PrometheusServer", "main", spec + "image: registry.invalid/prometheus:none\n");
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode status = home.status("PrometheusServer", "main");
            assertThat(condition(status, "Ready")).startsWith("False ");
            assertThat(status.path("readyReplicas").asInt()).isEqualTo(1);
            assertThat(status.path("conditions").toString()).contains("registry.invalid/prometheus:none");
        });
        Map<String, Pod> during = home.pods();
        List<String> left = before.keySet().stream()
                .filter(name -> during.containsKey(name) && uid(during, name).equals(uid(before, name)))
                .toList();
        assertThat(left).as("the pods that were left as they were").hasSize(1);
        try (PrometheusClient prometheus =
                TestNamespace.prometheus(requireNonNull(during.get(left.getFirst())), "/prom")) {
            assertThat(up(prometheus)).isEqualTo(1);
            home.declare("Monitor", "later", """
                    source: {static: {targets: ['127.0.0.1:9090']}}
                    endpoints: [{interval: 1s, path: /prom/metrics}]
                    """);
            await("others' Monitors aren't kept waiting for the image")
                    .atMost(LONG)
                    .until(() -> up(prometheus) == 2);
        }
        home.awaitSaid("PrometheusServer", "main", "every replica that answers runs the latest configuration");
        assertThat(condition(home.status("Monitor", "later").path("servers").path(0), "Loaded"))
                .startsWith("False ");

        home.declare("PrometheusServer", "main", spec);
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        home.awaitCondition("Monitor", "later", "Ready", "True AsDeclared");
        assertThat(uid(home.pods(), left.getFirst())).isEqualTo(uid(before, left.getFirst()));
        assertThat(home.pods()).hasSize(2);
    }

    private static String uid(Map<String, Pod> pods, String name) {
        return Optional.ofNullable(pods.get(name)).orElseThrow().getMetadata().getUid();
    }

    /** Web users, TLS and clients' certificates; a pod template; a claimed volume; objects that others change. */
    @ConcurrentTest
    void aGuardedServerIsRolledOutAndKeptAsDeclared(@TempDir Path folder) throws Exception {
        Certificates server = Certificates.make(folder, "ip:127.0.0.1");
        Certificates authority = Certificates.make(folder, "dns:clients");
        home.secret(
                "web",
                Map.of(
                        "tls.crt",
                        server.certificate(),
                        "tls.key",
                        server.key(),
                        "ca.crt",
                        authority.certificate(),
                        "alice",
                        BCrypt.hashpw("secret", BCrypt.gensalt(4))));
        String web = """
                web:
                  users: [{name: alice, passwordHash: {secretRef: {name: web, key: alice}}}]
                  tls:
                    cert: {secretRef: {name: web, key: tls.crt}}
                    key: {secretRef: {name: web, key: tls.key}}
                    clientCa: {secretRef: {name: web, key: ca.crt}}
                    clientAuth: RequireAndVerifyClientCert
                """;
        String overlay = """
                podTemplate:
                  metadata: {annotations: {example.com/team: a}}
                  spec: {containers: [{name: prometheus, env: [{name: TEAM, value: a}]}]}
                """;
        home.declare("PrometheusServer", "main", web + overlay + "storage: {size: 1Gi}\n");
        home.declare("RuleSet", "rules", """
                groups:
                - name: g
                  interval: 1s
                  rules:
                  - {record: good, expr: vector(1)}
                  - {record: bad, expr: 'vector(1) + on() (vector(1) or label_replace(vector(2), "x", "y", "", ""))'}
                """);
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        home.awaitCondition("RuleSet", "rules", "Ready", "False RulesFailing");
        JsonNode rules = home.status("RuleSet", "rules").path("servers").path(0);
        assertThat(rules.path("groups").asInt()).isEqualTo(1);
        assertThat(rules.path("rules").asInt()).isEqualTo(2);
        assertThat(rules.path("lastError").asText()).startsWith("bad: ").contains("duplicate series");

        Pod pod = home.pod();
        Container container = pod.getSpec().getContainers().getFirst();
        assertThat(pod.getMetadata().getAnnotations()).containsEntry("example.com/team", "a");
        assertThat(container.getEnv()).extracting(EnvVar::getName).contains("POD_NAME", "TEAM");
        assertThat(container.getReadinessProbe().getTcpSocket()).isNotNull();
        try (PrometheusClient stranger = new PrometheusClient(
                new PrometheusEndpoint(
                        URI.create("https://" + pod.getStatus().getPodIP() + ":9090"),
                        new Trust.Pinned(server.certificate()),
                        new Credentials.Basic("alice", SecretValue.of("secret"))),
                ClientLimits.DEFAULT)) {
            // Not even a user comes in without a certificate.
            assertThat(stranger.buildInfo().toOptional()).isEmpty();
        }

        home.declare(
                "PrometheusServer",
                "main",
                web + "storage: {size: 1Gi}\n"
                        + "podTemplate: {spec: {containers: [{name: prometheus, args: [--web.enable-admin-api]}]}}\n");
        home.awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Invalid");
        assertThat(home.status("PrometheusServer", "main").toString()).contains("NX1310", "prometheus].args");

        // The testbed's storage class lets no claim grow.
        home.declare("PrometheusServer", "main", web + overlay + "storage: {size: 2Gi}\n");
        home.awaitCondition("PrometheusServer", "main", "StorageReady", "False StorageFailed");
        home.declare("PrometheusServer", "main", web + overlay + "storage: {size: 1Gi}\n");
        home.awaitCondition("PrometheusServer", "main", "StorageReady", "True AsDeclared");
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(home.podUid()).isEqualTo(pod.getMetadata().getUid());

        // Whatever drains the node would have a pod made of this.
        CLUSTER.admin()
                .apps()
                .statefulSets()
                .inNamespace(home.name())
                .withName("prometheus-main")
                .edit(set -> {
                    set.getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .getFirst()
                            .setImage("example.com/foreign:1");
                    return set;
                });
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(CLUSTER.admin()
                                .apps()
                                .statefulSets()
                                .inNamespace(home.name())
                                .withName("prometheus-main")
                                .get()
                                .getSpec()
                                .getTemplate()
                                .getSpec()
                                .getContainers()
                                .getFirst()
                                .getImage())
                        .isEqualTo(container.getImage()));
        CLUSTER.admin()
                .services()
                .inNamespace(home.name())
                .withName("prometheus-main")
                .delete();
        CLUSTER.admin()
                .policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(home.name())
                .withName("prometheus-main")
                .edit(budget -> {
                    budget.getSpec().setMaxUnavailable(new IntOrString(0));
                    return budget;
                });
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(CLUSTER.admin()
                            .services()
                            .inNamespace(home.name())
                            .withName("prometheus-main")
                            .get())
                    .isNotNull();
            assertThat(CLUSTER.admin()
                            .policy()
                            .v1()
                            .podDisruptionBudget()
                            .inNamespace(home.name())
                            .withName("prometheus-main")
                            .get()
                            .getSpec()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isEqualTo(1);
        });

        home.declare("PrometheusServer", "main", web + overlay + "storage: {size: 1Gi}\npaused: true\n");
        home.awaitCondition("PrometheusServer", "main", "Ready", "Unknown Paused");
        home.declare("RuleSet", "late", "groups: [{name: g, rules: [{record: late, expr: vector(1)}]}]\n");
        home.awaitCondition("RuleSet", "late", "Ready", "Unknown Paused");
        home.declare("PrometheusServer", "main", web + overlay + "storage: {size: 1Gi}\n");
        home.awaitCondition("RuleSet", "late", "Ready", "True AsDeclared");
        assertThat(home.podUid()).isEqualTo(pod.getMetadata().getUid());

        // No right to delete it has Narthex; whoever does has the server begin anew.
        home.declare("PrometheusServer", "main", web + overlay);
        home.awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Invalid");
        assertThat(home.status("PrometheusServer", "main").toString()).contains("NX1312", "delete the StatefulSet");
        home.deleteSet();
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(home.set().getSpec().getVolumeClaimTemplates()).isEmpty();
    }

    /** The usual reason to delete one: its pod can't start, so that it is gone in a moment. */
    @ConcurrentTest
    void aStatefulSetThatIsDeletedIsMadeAnewAsItIsDeclaredNow() throws Exception {
        home.declare("PrometheusServer", "main", "storage: {size: 1Gi, storageClass: nobodys}\n");
        await().atMost(LONG).until(() -> home.pod() != null);
        home.declare("PrometheusServer", "main", "storage: {emptyDir: {}}\n");
        home.awaitSaid("PrometheusServer", "main", "NX1312", "delete the StatefulSet");
        // The pods first.
        CLUSTER.admin()
                .apps()
                .statefulSets()
                .inNamespace(home.name())
                .withName("prometheus-main")
                .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                .delete();
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(home.set().getSpec().getVolumeClaimTemplates()).isEmpty();
    }
}
