package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.SecretValue;
import io.narthex.prometheus.Certificates;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.TargetQuery;
import io.narthex.prometheus.Trust;
import io.narthex.rollout.kubernetes.DeploymentSettings;
import io.narthex.source.kubernetes.ClusterSource;
import io.narthex.source.kubernetes.KubernetesClients;
import io.narthex.source.kubernetes.Scope;
import io.narthex.testbed.TestbedExtension;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * PrometheusServers, Monitors and RuleSets of a real cluster become a real Prometheus in a pod. The operator runs in this
 * process, with the rights of its ClusterRole and no others.
 */
class ClusterOperatorIT {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration RECHECK = Duration.ofSeconds(3);

    /** Longer than a look at the targets and the pause after it take. */
    private static final Duration OUTDATED = Duration.ofSeconds(45);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where pods reach this machine. */
    private static final String NODE = "10.244.0.1";

    @RegisterExtension
    static final TestbedExtension TESTBED =
            TestbedExtension.withDefinitions("it", Map.of("pod-security.kubernetes.io/enforce", "restricted"));

    private static KubernetesClient admin;
    private static Config operatorRights;

    private String namespace;
    private KubernetesClient client;
    private ClusterOperator operator;

    @BeforeAll
    static void installRoles() throws IOException {
        admin = TESTBED.client();
        try (Stream<Path> files = Files.list(Path.of("../helm/narthex/rbac"))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".yaml")).toList()) {
                apply(Files.readString(file), Optional.empty());
            }
        }
        operatorRights = TESTBED.testbed().withClusterRole("narthex-operator");
    }

    @BeforeEach
    void begin() throws InterruptedException {
        namespace = TESTBED.namespace();
        startOperator();
    }

    private void startOperator() throws InterruptedException {
        client = KubernetesClients.ofOperator(operatorRights);
        operator = operator(client, Optional.empty(), true);
        operator.start();
    }

    private static ClusterOperator operator(
            KubernetesClient client, Optional<String> operatorClass, boolean watchesSecrets) {
        return operator(client, Scope.CLUSTER, operatorClass, watchesSecrets);
    }

    private static ClusterOperator operator(
            KubernetesClient client, Scope scope, Optional<String> operatorClass, boolean watchesSecrets) {
        return new ClusterOperator(
                client,
                new OperatorSettings(
                        scope,
                        new Consent(Set.of()),
                        operatorClass,
                        DeploymentSettings.DEFAULT,
                        watchesSecrets,
                        RECHECK,
                        OUTDATED),
                Compiler.create(),
                InstantSource.system(),
                RandomGenerator.getDefault());
    }

    private void stopOperator() {
        operator.close();
        client.close();
    }

    @AfterEach
    void end() {
        stopOperator();
    }

    private static void apply(String yaml, Optional<String> namespace) throws IOException {
        try (InputStream in = new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))) {
            for (HasMetadata object : admin.load(in).items()) {
                namespace.ifPresent(object.getMetadata()::setNamespace);
                admin.resource(object).fieldManager("test").forceConflicts().serverSideApply();
            }
        }
    }

    private void declare(String kind, String name, String spec) throws IOException {
        apply(
                "apiVersion: monitoring.narthex.io/v1alpha1\nkind: " + kind + "\nmetadata: {name: " + name
                        + "}\nspec:\n" + spec.indent(2),
                Optional.of(namespace));
    }

    private JsonNode status(String kind, String name) {
        GenericKubernetesResource object = admin.genericKubernetesResources(ClusterSource.context(kind))
                .inNamespace(namespace)
                .withName(name)
                .get();
        return JSON.valueToTree(object.getAdditionalProperties().getOrDefault("status", Map.of()));
    }

    private static String condition(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText() + " "
                        + condition.path("reason").asText();
            }
        }
        return "";
    }

    private void awaitCondition(String kind, String name, String type, String wanted) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(condition(status(kind, name), type))
                        .as("%s", status(kind, name))
                        .isEqualTo(wanted));
    }

    private Pod pod() {
        return admin.pods().inNamespace(namespace).withName("prometheus-main-0").get();
    }

    private PrometheusClient prometheus() {
        return prometheus(pod(), "");
    }

    /** Returns how many targets are up. */
    private static int up(PrometheusClient prometheus) {
        return prometheus
                .targets(TargetQuery.OVERVIEW)
                .toOptional()
                .orElseThrow()
                .up();
    }

    private static PrometheusClient prometheus(Pod pod, String prefix) {
        return new PrometheusClient(
                PrometheusEndpoint.of(URI.create("http://" + pod.getStatus().getPodIP() + ":9090" + prefix)),
                ClientLimits.DEFAULT);
    }

    private static String self(String interval) {
        return "source: {static: {targets: ['127.0.0.1:9090']}}\nendpoints: [{interval: " + interval + "}]\n";
    }

    @Test
    void aMonitorIsScrapedAndSaysSo() throws Exception {
        declare(
                "PrometheusServer",
                "main",
                "scrapeInterval: 1s\nversion: 3.15.0\nimage: quay.io/prometheus/prometheus:v3.16.0\n");
        declare("Monitor", "self", self("1s"));
        declare("Monitor", "by-service", """
                source: {service: {selector: {matchLabels: {app.kubernetes.io/component: server}}}}
                endpoints: [{port: web, interval: 1s}]
                """);
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        awaitCondition("Monitor", "by-service", "Ready", "True AsDeclared");
        assertThat(status("Monitor", "self").path("targets").path("up").asInt()).isEqualTo(1);
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode status = status("PrometheusServer", "main");
            assertThat(status.path("version").asText()).isEqualTo("3.16.0");
            assertThat(condition(status, "ConfigAccepted")).isEqualTo("True AsDeclared");
            assertThat(status.toString()).contains("Prometheus 3.16.0 runs, and what is written is for 3.15.0");
        });
        try (PrometheusClient prometheus = prometheus()) {
            assertThat(up(prometheus)).isEqualTo(2);
        }
    }

    /** Its own Service stands in for one of an Alertmanager: it is discovered in the same way. */
    @Test
    void aServerWhoseAlertsReachNobodySaysSoUntilAnAlertmanagerIsDiscovered() throws Exception {
        String alertmanagers = "alertmanagers: [{service: {name: %s, port: web}}]\n";
        declare("PrometheusServer", "main", alertmanagers.formatted("misspelt"));
        awaitCondition("PrometheusServer", "main", "AlertmanagersDiscovered", "False NoAlertmanagers");
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(status("PrometheusServer", "main").path("alertmanagers").asInt(-1))
                .isZero();

        declare("PrometheusServer", "main", alertmanagers.formatted("prometheus-main"));
        awaitCondition("PrometheusServer", "main", "AlertmanagersDiscovered", "True AsDeclared");
        assertThat(status("PrometheusServer", "main").path("alertmanagers").asInt())
                .isEqualTo(1);

        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        awaitCondition("PrometheusServer", "main", "AlertmanagersDiscovered", "");
        assertThat(status("PrometheusServer", "main").has("alertmanagers")).isFalse();
    }

    @Test
    void aChangeIsLoadedWithoutARestartAndAFlagByANewPod() throws Exception {
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        declare("Monitor", "self", self("1s"));
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        String uid = pod().getMetadata().getUid();

        double reloads = requests("/-/reload");
        declare("Monitor", "second", self("2s"));
        awaitCondition("Monitor", "second", "Ready", "True AsDeclared");
        assertThat(pod().getMetadata().getUid()).isEqualTo(uid);
        assertThat(pod().getStatus().getContainerStatuses().getFirst().getRestartCount())
                .isZero();
        Set<String> copies = partsWithIndex();
        assertThat(copies).as("the part comes in one with the index").isNotEmpty();
        for (String name : List.of("third", "fourth")) {
            declare("Monitor", name, self("3s"));
            awaitCondition("Monitor", name, "Ready", "True AsDeclared");
        }
        // One that ends in the very second of the one before is asked for once more.
        assertThat(requests("/-/reload"))
                .as("a reload for each of three changes")
                .isBetween(reloads + 3, reloads + 4);
        assertThat(partsWithIndex())
                .as("only for as long as a pod may not see the original")
                .isNotEmpty()
                .doesNotContainAnyElementsOf(copies);

        declare("PrometheusServer", "main", "scrapeInterval: 1s\nquery: {timeout: 1m}\n");
        await().atMost(LONG)
                .until(() -> Optional.ofNullable(pod())
                        .filter(now -> !now.getMetadata().getUid().equals(uid))
                        .isPresent());
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        try (PrometheusClient prometheus = prometheus()) {
            assertThat(prometheus.flags().toOptional().orElseThrow()).containsEntry("query.timeout", "1m");
        }
    }

    private Set<String> partsWithIndex() {
        return admin
                .secrets()
                .inNamespace(namespace)
                .withName("prometheus-main-index")
                .get()
                .getData()
                .keySet()
                .stream()
                .filter(path -> path.startsWith("jobs-"))
                .collect(Collectors.toSet());
    }

    @Test
    void whatPrometheusRefusesIsNamedAndTheRestGoesOn() throws Exception {
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        declare("Monitor", "self", self("1s"));
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        declare("RuleSet", "bad", "groups: [{name: g, rules: [{record: a, expr: 'sum(('}]}]\n");
        awaitCondition("RuleSet", "bad", "Ready", "False Invalid");
        assertThat(status("RuleSet", "bad").toString()).contains("NX1410");
        awaitCondition("PrometheusServer", "main", "ConfigLoaded", "True AsDeclared");
        assertThat(condition(status("Monitor", "self"), "Ready")).isEqualTo("True AsDeclared");

        declare("RuleSet", "bad", "groups: [{name: g, rules: [{record: a, expr: 'sum(up)'}]}]\n");
        awaitCondition("RuleSet", "bad", "Ready", "True AsDeclared");

        // What the server's author got wrong in jobs of his own is held back by itself.
        ownJobs("[{job_name: own, static_configs: [{targets: ['127.0.0.1:9090']}], scrape_interval: 4s}]");
        declare(
                "PrometheusServer",
                "main",
                "scrapeInterval: 1s\nadditionalScrapeConfigs: {secretRef: {name: own, key: jobs}}\n");
        awaitIntervals("4s", 1);
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        ownJobs("[{job_name: own, nonsense: true}]");
        awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Refused");
        assertThat(status("PrometheusServer", "main").toString()).contains("spec.additionalScrapeConfigs");
        declare("Monitor", "self", self("2s"));
        awaitIntervals("2s", 1);
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        stopOperator();
        startOperator();
        declare("Monitor", "self", self("3s"));
        awaitIntervals("3s", 1);
        awaitIntervals("4s", 1);
        awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Refused");
        ownJobs("[{job_name: own, static_configs: [{targets: ['127.0.0.1:9090']}], scrape_interval: 5s}]");
        awaitIntervals("5s", 1);
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
    }

    private static Secret ownJobs(String namespace, String jobs) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName("own")
                .withNamespace(namespace)
                .endMetadata()
                .addToStringData("jobs", jobs)
                .build();
    }

    private void ownJobs(String jobs) {
        admin.resource(ownJobs(namespace, jobs))
                .fieldManager("test")
                .forceConflicts()
                .serverSideApply();
    }

    /** Such as a key of another certificate: Prometheus says that it can't apply the configuration, and no more. */
    @Test
    void whatPrometheusRefusesWithoutANameIsFoundByTryingParts(@TempDir Path folder) throws Exception {
        Certificates one = Certificates.make(folder, "dns:one");
        Certificates other = Certificates.make(folder, "dns:other");
        admin.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("client")
                        .withNamespace(namespace)
                        .endMetadata()
                        .addToStringData("tls.crt", one.certificate())
                        .addToStringData("tls.key", one.key())
                        .addToStringData("other.key", other.key())
                        .build())
                .create();
        List<String> names = List.of("a", "b", "c", "d", "e", "f");
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        for (String name : names) {
            declare("Monitor", name, withKey("tls.key", "1s"));
        }
        for (String name : names) {
            awaitLoaded(name, "True AsDeclared");
        }

        // So that they reach it together.
        declare("PrometheusServer", "main", "scrapeInterval: 1s\npaused: true\n");
        awaitCondition("PrometheusServer", "main", "Ready", "Unknown Paused");
        for (String name : names) {
            declare("Monitor", name, withKey(name.equals("d") ? "other.key" : "tls.key", "2s"));
        }
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");

        awaitLoaded("d", "False Refused");
        for (String name : names) {
            if (!name.equals("d")) {
                awaitLoaded(name, "True AsDeclared");
            }
        }
        awaitIntervals("2s", 5);
        awaitIntervals("1s", 1);
        awaitCondition("PrometheusServer", "main", "ConfigLoaded", "True AsDeclared");
        assertThat(status("Monitor", "d").toString()).contains("NX2050", "the server goes on with the version before");
    }

    private static String withKey(String key, String interval) {
        return """
                source: {static: {targets: ['127.0.0.1:9090']}}
                endpoints:
                - interval: %s
                  tls: {cert: {secretRef: {name: client, key: tls.crt}}, key: {secretRef: {name: client, key: %s}}}
                """.formatted(interval, key);
    }

    private void awaitLoaded(String monitor, String wanted) {
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode status = status("Monitor", monitor);
            assertThat(condition(status.path("servers").path(0), "Loaded"))
                    .as("%s", status)
                    .isEqualTo(wanted);
            assertThat(status.path("observedGeneration").asLong())
                    .isEqualTo(admin.genericKubernetesResources(ClusterSource.context("Monitor"))
                            .inNamespace(namespace)
                            .withName(monitor)
                            .get()
                            .getMetadata()
                            .getGeneration());
        });
    }

    @Test
    void aMonitorThatNobodyTakesSaysWhy() throws Exception {
        declare("PrometheusServer", "main", "monitors: {selector: {matchLabels: {team: a}}}\n");
        declare("Monitor", "self", self("1s"));
        awaitCondition("Monitor", "self", "Ready", "False NotSelected");
        assertThat(status("Monitor", "self").toString()).contains("the label team=a");
    }

    @Test
    void anotherNamespaceNeedsItsConsent() throws Exception {
        String other = namespace + "-other";
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(other)
                        .endMetadata()
                        .build())
                .create();
        try {
            declare("PrometheusServer", "main", """
                    monitors: {namespaceSelector: {}}
                    ruleSets: {namespaceSelector: {}}
                    tenancy: {namespaceLabel: tenant}
                    """);
            declare("Monitor", "curious", """
                    source: {service: {selector: {}, namespaces: {names: [%s]}}}
                    endpoints: [{port: web}]
                    """.formatted(other));
            declare("Monitor", "everywhere", """
                    source:
                      service:
                        selector: {matchLabels: {app.kubernetes.io/component: server}}
                        namespaces: {all: true}
                    endpoints: [{port: web, interval: 1s}]
                    """);
            declare("Monitor", "nodes", "source: {node: {}}\nendpoints: [{port: 10250}]\n");
            apply(
                    "apiVersion: monitoring.narthex.io/v1alpha1\nkind: Monitor\nmetadata: {name: far}\nspec:\n"
                            + self("1s").indent(2),
                    Optional.of(other));
            String home = namespace;
            namespace = other;
            awaitCondition("Monitor", "far", "Ready", "False NotPermitted");
            namespace = home;
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(status("Monitor", "curious").toString())
                            .contains("NX1513", "may not see the namespace " + other));
            // All namespaces are those that the server may see: a list of the whole cluster would be refused.
            awaitCondition("Monitor", "everywhere", "Ready", "True AsDeclared");
            assertThat(status("Monitor", "nodes").toString()).contains("NX1515");
            namespace = other;
            admin.namespaces()
                    .withName(other)
                    .edit(found -> new NamespaceBuilder(found)
                            .editMetadata()
                            .addToLabels(Inventory.MONITORED_FROM, home)
                            .endMetadata()
                            .build());
            awaitCondition("Monitor", "far", "Ready", "True AsDeclared");
            declare("RuleSet", "far", "groups: [{name: g, interval: 1s, rules: [{record: far, expr: 'count(up)'}]}]\n");
            awaitCondition("RuleSet", "far", "Ready", "True AsDeclared");
            namespace = home;
            // Of the whole cluster it may list nothing: all are those that agreed, and its own.
            declare("Monitor", "everywhere", """
                    source:
                      service:
                        selector: {matchLabels: {app.kubernetes.io/component: server}}
                        namespaces: {all: true}
                    endpoints: [{port: web, interval: 1s}]
                    """);
            awaitCondition("Monitor", "everywhere", "Ready", "True AsDeclared");
            try (PrometheusClient prometheus = prometheus()) {
                // Of all targets only those of the rule's own namespace, whatever the rule says.
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(prometheus
                                        .query("far", Optional.empty())
                                        .toString())
                                .contains("tenant=" + other));
            }
            namespace = other;
            assertThat(admin.rbac().roleBindings().inNamespace(other).list().getItems())
                    .hasSize(1);
            namespace = home;
            admin.genericKubernetesResources(ClusterSource.context("PrometheusServer"))
                    .inNamespace(home)
                    .withName("main")
                    .delete();
            await().atMost(LONG)
                    .until(() -> admin.rbac()
                            .roleBindings()
                            .inNamespace(other)
                            .list()
                            .getItems()
                            .isEmpty());
        } finally {
            admin.namespaces().withName(other).delete();
        }
    }

    /** Who may write Secrets beside a server could write there what others' Monitors are said to have been before. */
    @Test
    void aForgedEarlierVersionGetsNobodysSecrets() throws Exception {
        String other = namespace + "-lender";
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(other)
                        .addToLabels(Inventory.MONITORED_FROM, namespace)
                        .endMetadata()
                        .build())
                .create();
        try {
            admin.resource(new SecretBuilder()
                            .withNewMetadata()
                            .withName("db")
                            .withNamespace(other)
                            .endMetadata()
                            .addToStringData("password", "of nobody's business")
                            .build())
                    .create();
            apply("""
                    apiVersion: monitoring.narthex.io/v1alpha1
                    kind: Monitor
                    metadata: {name: web}
                    spec: {source: {service: {selector: {}}}, endpoints: [{port: web}]}
                    """, Optional.of(other));
            admin.resource(new SecretBuilder()
                            .withNewMetadata()
                            .withName("prometheus-main-held")
                            .withNamespace(namespace)
                            .endMetadata()
                            .addToStringData("held.json", """
                                    [{"kind": "Monitor", "namespace": "%s", "name": "web", "labels": {}, "annotations": {},
                                      "spec": {"source": {"static": {"targets": ["127.0.0.1:80"]}}, "endpoints": [{"auth":
                                        {"authorization": {"credentials": {"secretRef": {"name": "db", "key": "password"}}}}
                                      }]}}]
                                    """.formatted(other))
                            .build())
                    .create();
            declare("PrometheusServer", "main", """
                    monitors: {namespaceSelector: {}}
                    tenancy: {allowedSources: [static]}
                    """);
            declare("Monitor", "self", self("1s"));
            awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(admin.genericKubernetesResources(ClusterSource.context("Monitor"))
                                    .inNamespace(other)
                                    .withName("web")
                                    .get()
                                    .getAdditionalProperties()
                                    .toString())
                            .contains("NX1507"));

            assertThat(admin.secrets().inNamespace(namespace).list().getItems())
                    .flatExtracting(found -> found.getData().values())
                    .noneMatch(data -> new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8)
                            .contains("of nobody's business"));
        } finally {
            admin.namespaces().withName(other).delete();
        }
    }

    /** Neither its configuration nor what else it asks for: how many pods, which image, what else is in them. */
    @Test
    void ofARefusedVersionOfAServerNothingIsCarriedOut() throws Exception {
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        declare("Monitor", "self", self("1s"));
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        StatefulSet before = set();

        String more = """
                scrapeInterval: 1s
                replicas: 2
                pod: {annotations: {new: pod}}
                remoteWrite:
                  - url: http://127.0.0.1:9/write
                    auth: {authorization: {credentials: {secretRef: {name: not-yet, key: t}}}}
                """;
        declare("PrometheusServer", "main", more);
        awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False CredentialMissing");
        declare("Monitor", "self", self("2s"));
        awaitIntervals("2s", 1);
        assertThat(set().getMetadata().getGeneration())
                .isEqualTo(before.getMetadata().getGeneration());
        assertThat(set().getSpec().getReplicas()).isEqualTo(1);

        declare("PrometheusServer", "main", "scrapeInterval: 1s\nstorage: {existingClaim: other}\n");
        awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Invalid");
        assertThat(status("PrometheusServer", "main").toString()).contains("NX1312", "allowDataLoss");
        // Somebody's mistake in the server keeps nobody's Monitors from it.
        declare("Monitor", "self", self("3s"));
        awaitIntervals("3s", 1);
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        // Nor does it after a restart of the operator, even where nobody was there when it was made.
        stopOperator();
        declare("PrometheusServer", "main", "scrapeInterval: 1s\nshards: 2\n");
        List<String> said = new CopyOnWriteArrayList<>();
        try (Watch _ = watchConditions("Monitor", said)) {
            startOperator();
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(status("PrometheusServer", "main").toString())
                                    .contains("NX1311"));
            declare("Monitor", "second", self("4s"));
            awaitIntervals("4s", 1);
            awaitIntervals("3s", 1);
            awaitCondition("Monitor", "second", "Ready", "True AsDeclared");
        }
        assertThat(said).as("what is said of a Monitor that runs").containsOnly("True AsDeclared");
        declare("PrometheusServer", "main", "scrapeInterval: 1s\nretention: {time: 1h}\n");
        awaitCondition("PrometheusServer", "main", "Ready", "False DataLossRefused");
        declare("Monitor", "self", self("5s"));
        awaitIntervals("5s", 1);
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        assertThat(set().getMetadata().getGeneration())
                .isEqualTo(before.getMetadata().getGeneration());
        declare("PrometheusServer", "main", more);
        awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False CredentialMissing");

        admin.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("not-yet")
                        .withNamespace(namespace)
                        .endMetadata()
                        .addToStringData("t", "token")
                        .build())
                .create();
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(set().getSpec().getReplicas()).isEqualTo(2);
        assertThat(set().getSpec().getTemplate().getMetadata().getAnnotations()).containsEntry("new", "pod");
    }

    /** Collects what Monitors that say that they are loaded say from then on. */
    private Watch watchConditions(String kind, List<String> said) {
        return admin.genericKubernetesResources(ClusterSource.context(kind))
                .inNamespace(namespace)
                .withName("self")
                .watch(new Watcher<GenericKubernetesResource>() {
                    @Override
                    public void eventReceived(Action action, GenericKubernetesResource object) {
                        said.add(condition(
                                JSON.valueToTree(
                                        object.getAdditionalProperties().get("status")),
                                "Ready"));
                    }

                    @Override
                    public void onClose(WatcherException e) {
                        // The test ends.
                    }
                });
    }

    /** What an operator that starts anew doesn't know it doesn't take back either. */
    @Test
    void aPausedServersMonitorsSayWhatTheySaidWhenTheOperatorIsStartedAnew() throws Exception {
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        declare("Monitor", "self", self("1s"));
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        declare("PrometheusServer", "main", "scrapeInterval: 1s\npaused: true\n");
        awaitCondition("PrometheusServer", "main", "Ready", "Unknown Paused");
        stopOperator();
        JsonNode before = status("Monitor", "self");
        startOperator();
        declare("Monitor", "new", self("2s"));
        awaitCondition("Monitor", "new", "Ready", "Unknown Paused");
        assertThat(status("Monitor", "self")).isEqualTo(before);

        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        awaitCondition("Monitor", "new", "Ready", "True AsDeclared");
    }

    /** The usual reason to delete one: its pod can't start, so that it is gone in a moment. */
    @Test
    void aStatefulSetThatIsDeletedIsMadeAnewAsItIsDeclaredNow() throws Exception {
        declare("PrometheusServer", "main", "storage: {size: 1Gi, storageClass: nobodys}\n");
        await().atMost(LONG).until(() -> pod() != null);
        declare("PrometheusServer", "main", "storage: {emptyDir: {}}\n");
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(status("PrometheusServer", "main").toString())
                                .contains("NX1312", "delete the StatefulSet"));
        // The pods first.
        admin.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName("prometheus-main")
                .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                .delete();
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(set().getSpec().getVolumeClaimTemplates()).isEmpty();
    }

    /** Somebody's policy, quota or object of the same name has nothing to do with what others have scraped. */
    @Test
    void whatIsInTheWayOfOneObjectKeepsNobodysMonitorsFromAServer() throws Exception {
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        declare("Monitor", "self", self("1s"));
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        String uid = pod().getMetadata().getUid();
        stopOperator();
        String policy = namespace + ".example.com";
        try {
            apply("""
                    apiVersion: admissionregistration.k8s.io/v1
                    kind: ValidatingAdmissionPolicy
                    metadata: {name: %1$s}
                    spec:
                      failurePolicy: Fail
                      matchConstraints:
                        namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %2$s}}
                        resourceRules:
                        - {apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [services]}
                      validations:
                      - {expression: 'false', message: services need an owner}
                    ---
                    apiVersion: admissionregistration.k8s.io/v1
                    kind: ValidatingAdmissionPolicyBinding
                    metadata: {name: %1$s}
                    spec: {policyName: %1$s, validationActions: [Deny]}
                    """.formatted(policy, namespace), Optional.empty());
            await().atMost(LONG)
                    .untilAsserted(() -> assertThatThrownBy(() -> admin.resource(new ServiceBuilder()
                                            .withNewMetadata()
                                            .withName("probe")
                                            .withNamespace(namespace)
                                            .endMetadata()
                                            .withNewSpec()
                                            .withClusterIP("None")
                                            .endSpec()
                                            .build())
                                    .dryRun()
                                    .create())
                            .hasMessageContaining("services need an owner"));
            admin.services().inNamespace(namespace).withName("prometheus-main").delete();
            startOperator();

            declare("Monitor", "self", self("2s"));
            awaitIntervals("2s", 1);
            awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
            awaitCondition("PrometheusServer", "main", "Ready", "False Unavailable");
            assertThat(status("PrometheusServer", "main").toString())
                    .contains("Service prometheus-main:", "services need an owner");
            assertThat(condition(status("PrometheusServer", "main"), "ConfigLoaded"))
                    .startsWith("True ");
            // Nor does it keep a Prometheus that somebody deletes from coming back.
            deleteSet();
            String gone = uid;
            await().atMost(LONG)
                    .until(() -> pod() != null && !pod().getMetadata().getUid().equals(gone));
            awaitCondition("PrometheusServer", "main", "ConfigLoaded", "True AsDeclared");
            uid = pod().getMetadata().getUid();
        } finally {
            admin.admissionRegistration()
                    .v1()
                    .validatingAdmissionPolicyBindings()
                    .withName(policy)
                    .delete();
            admin.admissionRegistration()
                    .v1()
                    .validatingAdmissionPolicies()
                    .withName(policy)
                    .delete();
        }
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(admin.services()
                        .inNamespace(namespace)
                        .withName("prometheus-main")
                        .get())
                .isNotNull();

        admin.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("theirs")
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
        declare("PrometheusServer", "main", "scrapeInterval: 1s\nserviceAccount: {name: theirs}\n");
        awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Invalid");
        assertThat(status("PrometheusServer", "main").toString())
                .contains("NX1314", "ServiceAccount " + namespace + "/theirs exists and isn't this server's");
        declare("Monitor", "self", self("3s"));
        awaitIntervals("3s", 1);
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        assertThat(pod().getMetadata().getUid()).isEqualTo(uid);

        admin.serviceAccounts().inNamespace(namespace).withName("theirs").delete();
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(pod().getSpec().getServiceAccountName()).isEqualTo("theirs");
    }

    private void deleteSet() {
        admin.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName("prometheus-main")
                .delete();
    }

    private StatefulSet set() {
        return admin.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName("prometheus-main")
                .get();
    }

    /** `kubectl wait` and tools for continuous delivery go by it. */
    @Test
    void readyIsNeverSaidOfAVersionThatIsNotRolledOut() throws Exception {
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        declare("Monitor", "self", self("1s"));
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        String generation =
                status("PrometheusServer", "main").path("configGeneration").asText();
        List<JsonNode> said = new CopyOnWriteArrayList<>();
        try (Watch _ = admin.genericKubernetesResources(ClusterSource.context("PrometheusServer"))
                .inNamespace(namespace)
                .watch(new Watcher<GenericKubernetesResource>() {
                    @Override
                    public void eventReceived(Action action, GenericKubernetesResource object) {
                        ObjectNode seen = JSON.createObjectNode();
                        seen.put("generation", object.getMetadata().getGeneration());
                        seen.set(
                                "status",
                                JSON.valueToTree(
                                        object.getAdditionalProperties().get("status")));
                        said.add(seen);
                    }

                    @Override
                    public void onClose(WatcherException e) {
                        // The test ends.
                    }
                })) {
            declare("PrometheusServer", "main", "scrapeInterval: 2s\nlog: {level: debug}\n");
            await().atMost(LONG)
                    .until(() -> said.stream()
                            .anyMatch(one -> isReady(one, 2)
                                    && !one.at("/status/configGeneration")
                                            .asText()
                                            .equals(generation)));
        }
        assertThat(said)
                .noneMatch(one -> isReady(one, 2)
                        && one.at("/status/configGeneration").asText().equals(generation));
    }

    private static boolean isReady(JsonNode seen, long generation) {
        JsonNode status = seen.path("status");
        return status.path("observedGeneration").asLong() == generation
                && condition(status, "Ready").equals("True AsDeclared");
    }

    /** Whoever rolls the operator back by a release has a server with a field that the older one doesn't know. */
    @Test
    void aServerThatCanNotBeReadKeepsItsRights() throws Exception {
        String other = namespace + "-seen";
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(other)
                        .addToLabels(Inventory.MONITORED_FROM, namespace)
                        .endMetadata()
                        .build())
                .create();
        CustomResourceDefinition strict = loosen("prometheusservers");
        try {
            declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
            await().atMost(LONG).until(() -> bindings(other) == 1);
            stopOperator();
            declare("PrometheusServer", "main", "scrapeInterval: 1s\nnonsense: 1\n");
            declare("Monitor", "self", self("1s"));

            startOperator();

            awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Invalid");
            assertThat(bindings(other)).isEqualTo(1);
            assertThat(status("Monitor", "self").toString()).doesNotContain("NotSelected");
        } finally {
            replace(strict);
            admin.namespaces().withName(other).delete();
        }
    }

    private static int bindings(String namespace) {
        return admin.rbac()
                .roleBindings()
                .inNamespace(namespace)
                .list()
                .getItems()
                .size();
    }

    /** An administrator's definition that lets everything in: what is stored under it needn't be a Monitor any more. */
    @Test
    void whatOnlyALooserDefinitionLetsInIsNamedAndTheJobGoesOn() throws Exception {
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        for (String name : List.of("unknown", "late", "form")) {
            declare("Monitor", name, self("1s"));
            awaitCondition("Monitor", name, "Ready", "True AsDeclared");
        }
        CustomResourceDefinition strict = loosen("monitors");
        try {
            declare("Monitor", "unknown", self("1s") + "nonsense: 1\n");
            declare("Monitor", "form", "source: nonsense\nendpoints: [{interval: 2s}]\n");
            awaitUnreadable(
                    "unknown", "spec.nonsense: the resource can't be read: this release doesn't know the field");
            awaitUnreadable("form", "spec.source: the resource can't be read");
            declare("Monitor", "late", self("1s") + "nonsense: 1\n");
            awaitUnreadable("late", "spec.nonsense");

            awaitIntervals("1s", 3);
            stopOperator();
            startOperator();
            declare("Monitor", "second", self("3s"));
            awaitCondition("Monitor", "second", "Ready", "True AsDeclared");
            awaitUnreadable("form", "spec.source");
            awaitIntervals("1s", 3);

            declare("Monitor", "form", self("2s"));
            awaitCondition("Monitor", "form", "Ready", "True AsDeclared");
            awaitIntervals("2s", 1);
        } finally {
            replace(strict);
        }
        // What the definition doesn't know, the API server no longer says.
        awaitCondition("Monitor", "unknown", "Ready", "True AsDeclared");
        awaitCondition("Monitor", "late", "Ready", "True AsDeclared");
        awaitIntervals("1s", 2);
    }

    private void awaitUnreadable(String monitor, String words) {
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode status = status("Monitor", monitor);
            assertThat(condition(status, "Ready")).as("%s", status).isEqualTo("False Invalid");
            assertThat(status.path("conditions").toString()).contains("NX1122", words);
            JsonNode server = status.path("servers").path(0);
            assertThat(condition(server, "Accepted")).as("%s", status).isEqualTo("False Invalid");
            assertThat(condition(server, "Loaded")).as("%s", status).isEqualTo("False Invalid");
            assertThat(server.path("conditions").toString()).contains("the server goes on with the version before");
        });
    }

    /** So many targets are scraped with the interval. */
    private void awaitIntervals(String interval, int count) {
        String targets = "http://" + pod().getStatus().getPodIP() + ":9090/api/v1/targets";
        await().atMost(LONG).untilAsserted(() -> {
            try (InputStream in = URI.create(targets).toURL().openStream()) {
                assertThat(JSON.readTree(in).path("data").path("activeTargets"))
                        .filteredOn(
                                target -> target.path("scrapeInterval").asText().equals(interval))
                        .hasSize(count);
            }
        });
    }

    /** Has the API server store whatever is in a specification; returns the definition as it was. */
    private static CustomResourceDefinition loosen(String plural) {
        String name = plural + "." + ApiGroup.NAME;
        CustomResourceDefinition strict = admin.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(name)
                .get();
        CustomResourceDefinition loose = new CustomResourceDefinitionBuilder(strict).build();
        JSONSchemaProps anything = new JSONSchemaPropsBuilder()
                .withType("object")
                .withXKubernetesPreserveUnknownFields(true)
                .build();
        loose.getSpec()
                .getVersions()
                .forEach(version ->
                        version.getSchema().getOpenAPIV3Schema().getProperties().put("spec", anything));
        replace(loose);
        return strict;
    }

    private static void replace(CustomResourceDefinition definition) {
        definition.getMetadata().setResourceVersion(null);
        definition.getMetadata().setManagedFields(null);
        admin.resource(definition).update();
    }

    @Test
    void aRestartOfTheOperatorWritesNothing() throws Exception {
        secret("one");
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        declare("Monitor", "self", self("1s"));
        declare("Monitor", "token", """
                source: {static: {targets: ['127.0.0.1:9090']}}
                endpoints:
                - {interval: 1s, auth: {authorization: {credentials: {secretRef: {name: token, key: t}}}}}
                """);
        declare("Monitor", "refused", self("1s") + "labels: {__name__: x}\n");
        declare("RuleSet", "rules", "groups: [{name: g, rules: [{record: a, expr: 'sum(up)'}]}]\n");
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        awaitCondition("Monitor", "token", "Ready", "True AsDeclared");
        awaitCondition("Monitor", "refused", "Ready", "False Invalid");
        awaitCondition("RuleSet", "rules", "Ready", "True AsDeclared");
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        // Counts alone may wait for half a minute.
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode status = status("PrometheusServer", "main");
            assertThat(status.path("targets").path("up").asInt())
                    .as("%s", status)
                    .isEqualTo(2);
            assertThat(status.path("monitors").asInt()).as("%s", status).isEqualTo(2);
            assertThat(status.path("ruleSets").asInt()).as("%s", status).isEqualTo(1);
        });
        stopOperator();
        Map<String, String> before = versions();
        assertThat(before.keySet())
                .as("what is looked at")
                .anyMatch(name -> name.startsWith("Pod/"))
                .anyMatch(name -> name.contains("-part-"))
                .anyMatch(name -> name.endsWith("-index"))
                .anyMatch(name -> name.startsWith("PrometheusServer/"))
                .anyMatch(name -> name.startsWith("RoleBinding/"))
                .anyMatch(name -> name.startsWith("Event/"));
        double looks = requests("/api/v1/targets");

        startOperator();

        await().atMost(LONG).until(() -> requests("/api/v1/targets") > looks);
        // Of what is to be written meanwhile this comes last.
        String elsewhere = TESTBED.testbed().newNamespace("elsewhere", Map.of());
        String home = namespace;
        try {
            namespace = elsewhere;
            declare("Monitor", "last", self("1s"));
            awaitCondition("Monitor", "last", "Ready", "False NotSelected");
        } finally {
            namespace = home;
            admin.namespaces().withName(elsewhere).delete();
        }
        // Longer than the operator waits until it looks again at what it made.
        await().atMost(LONG)
                .during(RECHECK.plusSeconds(1))
                .untilAsserted(() -> assertThat(versions()).isEqualTo(before));
    }

    /** Returns how many requests for this path Prometheus has answered. */
    private double requests(String path) throws IOException {
        String metrics = "http://" + pod().getStatus().getPodIP() + ":9090/metrics";
        try (InputStream in = URI.create(metrics).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("prometheus_http_requests_total{")
                            && line.contains("handler=\"" + path + "\""))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    /**
     * Returns the versions of all objects in the namespace, of whatever kind, and of the bindings in the cluster. Left out
     * are Leases, which whoever leads renews all the time, and events of others, such as the kubelet's.
     */
    private Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        List<String> groups = new ArrayList<>(List.of("v1"));
        admin.getApiGroups()
                .getGroups()
                .forEach(group -> groups.add(group.getPreferredVersion().getGroupVersion()));
        for (String group : groups) {
            for (APIResource kind : admin.getApiResources(group).getResources()) {
                if (kind.getNamespaced()
                        && kind.getVerbs().contains("list")
                        && !kind.getKind().equals("Lease")) {
                    admin
                            .genericKubernetesResources(group, kind.getKind())
                            .inNamespace(namespace)
                            .list()
                            .getItems()
                            .stream()
                            .filter(object -> !kind.getKind().equals("Event") || isOurs(object))
                            .forEach(object -> note(object, versions));
                }
            }
        }
        admin.rbac().clusterRoleBindings().list().getItems().forEach(binding -> note(binding, versions));
        return versions;
    }

    private static boolean isOurs(GenericKubernetesResource event) {
        return event.getAdditionalProperties().toString().contains("component=narthex");
    }

    private static void note(HasMetadata object, Map<String, String> versions) {
        versions.put(
                object.getKind() + "/" + object.getMetadata().getName(),
                object.getMetadata().getResourceVersion());
    }

    /** The API server has the newest version only; what ran before outlives the operator all the same. */
    @Test
    void aMistakeTakesNothingAwayWhenTheOperatorIsStartedAnew() throws Exception {
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        declare("Monitor", "self", self("1s"));
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        declare(
                "Monitor",
                "self",
                "source: {static: {targets: ['127.0.0.1:9090']}}\nendpoints: [{interval: 1s, timeout: 30s}]\n");
        awaitCondition("Monitor", "self", "Ready", "False Invalid");
        stopOperator();
        startOperator();
        declare("Monitor", "second", self("2s"));
        awaitCondition("Monitor", "second", "Ready", "True AsDeclared");
        assertThat(condition(status("Monitor", "self"), "Ready")).isEqualTo("False Invalid");
        try (PrometheusClient prometheus = prometheus()) {
            assertThat(up(prometheus)).isEqualTo(2);
        }
        declare("Monitor", "self", self("2s"));
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
    }

    /** Without the right to nudge what is written arrives when the kubelet looks by itself. */
    @Test
    void thatAPodCanNotBeNudgedIsSaid() throws Exception {
        ClusterRole less =
                admin.rbac().clusterRoles().withName("narthex-operator").get();
        less.setMetadata(new ObjectMetaBuilder()
                .withName("narthex-operator-without-nudges")
                .build());
        less.getRules().removeIf(rule -> rule.getResources().contains("pods/status"));
        admin.resource(less).serverSideApply();
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        stopOperator();
        client = KubernetesClients.ofOperator(TESTBED.testbed().withClusterRole("narthex-operator-without-nudges"));
        operator = operator(client, Optional.empty(), true);
        operator.start();
        AtomicInteger changes = new AtomicInteger();
        // A kubelet that looks at the pod just then for another reason needs no nudge.
        await().atMost(LONG).pollInterval(Duration.ofSeconds(6)).untilAsserted(() -> {
            declare("Monitor", "self", self(changes.incrementAndGet() + "s"));
            assertThat(status("PrometheusServer", "main").toString())
                    .contains("the configuration is on its way into the pods")
                    .contains("patch of pods/status")
                    .contains("cannot patch resource");
        });
    }

    /** Such as behind a NetworkPolicy, or without a CPU: who can't be asked has refused nothing, and loaded nothing. */
    @Test
    void ofAPodThatCanNotBeReachedNothingIsConcluded() throws Exception {
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        declare("Monitor", "self", self("1s"));
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        String uid = pod().getMetadata().getUid();
        ProcessHandle process = process(pod());
        signal(process, "STOP");
        try {
            declare("Monitor", "self", self("2s"));
            awaitCondition("PrometheusServer", "main", "ConfigLoaded", "Unknown Unverified");
            await().atMost(LONG).untilAsserted(() -> {
                JsonNode status = status("Monitor", "self");
                assertThat(condition(status.path("servers").path(0), "Loaded"))
                        .as("%s", status)
                        .isEqualTo("Unknown Unverified");
            });
            assertThat(condition(status("PrometheusServer", "main"), "Ready")).isEqualTo("Unknown Unverified");
            assertThat(status("PrometheusServer", "main").toString())
                    .contains("what runs can't be verified", "prometheus-main-0");
        } finally {
            signal(process, "CONT");
        }
        awaitLoaded("self", "True AsDeclared");
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        // What was on its way when it couldn't be asked is what it runs with: nothing was put back meanwhile.
        awaitIntervals("2s", 1);
        assertThat(pod().getMetadata().getUid()).isEqualTo(uid);
    }

    /** Returns the process of a pod's container; the testbed's node is this machine. */
    private static ProcessHandle process(Pod pod) {
        String container = pod.getStatus().getContainerStatuses().getFirst().getContainerID();
        String id = container.substring(container.lastIndexOf('/') + 1);
        return ProcessHandle.allProcesses()
                .filter(process -> cgroup(process).contains(id))
                .findFirst()
                .orElseThrow();
    }

    private static String cgroup(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cgroup"));
        } catch (IOException e) {
            // It has ended since, or is another user's.
            return "";
        }
    }

    private static void signal(ProcessHandle process, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** What Prometheus sends is what counts: it reads the file anew at each request. */
    @Test
    void aCredentialIsRotatedWithoutARestart() throws Exception {
        AtomicReference<String> sent = new AtomicReference<>("");
        HttpServer target = HttpServer.create(new InetSocketAddress(NODE, 0), 0);
        target.createContext("/metrics", exchange -> {
            try (exchange) {
                sent.set(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                exchange.getResponseHeaders().set("Content-Type", "text/plain");
                exchange.sendResponseHeaders(200, -1);
            }
        });
        target.start();
        try {
            declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
            declare("Monitor", "self", """
                    source: {static: {targets: ['%s:%d']}}
                    endpoints:
                    - {interval: 1s, auth: {authorization: {credentials: {secretRef: {name: token, key: t}}}}}
                    """.formatted(NODE, target.getAddress().getPort()));
            awaitCondition("Monitor", "self", "Ready", "False CredentialMissing");
            assertThat(sent.get()).isEmpty();
            secret("one");
            awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
            assertThat(sent.get()).isEqualTo("Bearer one");
            String uid = pod().getMetadata().getUid();
            secret("two");
            await().atMost(LONG).until(() -> sent.get().equals("Bearer two"));
            assertThat(published()).containsExactly("two");
            awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
            assertThat(pod().getMetadata().getUid()).isEqualTo(uid);
            String digest = sha256("two");
            assertThat(served()).isNotEmpty().noneMatch(text -> text.contains(digest));
            nothingElseIsServed();
        } finally {
            target.stop(0);
        }
    }

    /** What whoever reaches Prometheus sees of its credentials. */
    private List<String> served() {
        List<String> texts = new ArrayList<>();
        try (PrometheusClient prometheus = prometheus()) {
            for (int number = 0; number < 8; number++) {
                prometheus
                        .userAsset("credential-0" + number)
                        .toOptional()
                        .flatMap(asset -> asset)
                        .ifPresent(bytes -> texts.add(new String(bytes, StandardCharsets.UTF_8)));
            }
        }
        return texts;
    }

    /** Whoever reaches Prometheus reaches the folder of arrivals, and must not get out of it. */
    private void nothingElseIsServed() throws IOException {
        String listing = answer("/user/");
        assertThat(Pattern.compile("href=\"([^\"]+)\"")
                        .matcher(listing)
                        .results()
                        .map(link -> link.group(1))
                        .toList())
                .as(listing)
                .contains("index")
                .anyMatch(name -> name.startsWith("credential-"))
                .allMatch(name -> name.matches("index|(part|credential)-\\d\\d"));
        for (String path : List.of(
                "/user/..",
                "/user/../",
                "/user/../prometheus.yml",
                "/user/%2e%2e/prometheus.yml",
                "/user/..%2fprometheus.yml",
                "/user/..%2f..data%2fprometheus.yml",
                "/user/..data/",
                "/user/..data/prometheus.yml",
                "/user//etc/passwd",
                "/user/%2fetc%2fpasswd")) {
            assertThat(answer(path)).as(path).doesNotContain("rule_files", "scrape_config_files", "root:", "jobs-");
        }
    }

    /** What Prometheus says to a path that no client would send so. */
    private String answer(String path) throws IOException {
        String request = "GET " + path + " HTTP/1.0\r\n\r\n";
        try (Socket socket = new Socket(pod().getStatus().getPodIP(), 9090)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String sha256(String text) throws NoSuchAlgorithmException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Two replicas below a path of their own. */
    @Test
    void aRollStopsAtThePodThatFailsAndTheOtherServesOn() throws Exception {
        String spec = "replicas: 2\nroutePrefix: /prom\nscrapeInterval: 1s\n";
        declare("PrometheusServer", "main", spec);
        declare("Monitor", "self", """
                source: {static: {targets: ['127.0.0.1:9090']}}
                endpoints: [{interval: 1s, path: /prom/metrics}]
                """);
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        Map<String, Pod> before = pods();
        assertThat(before.keySet()).containsExactly("prometheus-main-0", "prometheus-main-1");
        before.forEach((name, pod) -> {
            try (PrometheusClient prometheus = prometheus(pod, "/prom")) {
                assertThat(prometheus.loadedConfig().toOptional().orElseThrow())
                        .contains("prometheus_replica: " + name);
            }
        });

        declare("PrometheusServer", "main", spec + "image: registry.invalid/prometheus:none\n");
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode status = status("PrometheusServer", "main");
            assertThat(condition(status, "Ready")).startsWith("False ");
            assertThat(status.path("readyReplicas").asInt()).isEqualTo(1);
            assertThat(status.path("conditions").toString()).contains("registry.invalid/prometheus:none");
        });
        Map<String, Pod> during = pods();
        List<String> left = before.keySet().stream()
                .filter(name -> during.containsKey(name) && uid(during, name).equals(uid(before, name)))
                .toList();
        assertThat(left).as("the pods that were left as they were").hasSize(1);
        try (PrometheusClient prometheus = prometheus(pod(during, left.getFirst()), "/prom")) {
            assertThat(up(prometheus)).isEqualTo(1);
            declare("Monitor", "later", """
                    source: {static: {targets: ['127.0.0.1:9090']}}
                    endpoints: [{interval: 1s, path: /prom/metrics}]
                    """);
            await("others' Monitors aren't kept waiting for the image")
                    .atMost(LONG)
                    .until(() -> up(prometheus) == 2);
        }
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(status("PrometheusServer", "main").toString())
                                .contains("every replica that answers runs the latest configuration"));
        assertThat(condition(status("Monitor", "later").path("servers").path(0), "Loaded"))
                .startsWith("False ");

        declare("PrometheusServer", "main", spec);
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        awaitCondition("Monitor", "later", "Ready", "True AsDeclared");
        assertThat(uid(pods(), left.getFirst())).isEqualTo(uid(before, left.getFirst()));
        assertThat(pods()).hasSize(2);
    }

    @Test
    void aBudgetThatForbidsARestartIsNamedAndKeepsNobodyElseWaiting() throws Exception {
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        declare("Monitor", "self", self("1s"));
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        Map<String, Pod> before = pods();
        apply("""
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: somebodys}
                spec: {minAvailable: 1, selector: {matchLabels: {app.kubernetes.io/name: prometheus}}}
                """, Optional.of(namespace));
        await().atMost(LONG)
                .until(() -> admin.policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(namespace)
                                .withName("somebodys")
                                .get()
                                .getStatus()
                                .getCurrentHealthy()
                        == 1);

        declare("PrometheusServer", "main", "scrapeInterval: 1s\npod: {labels: {tier: monitoring}}\n");

        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(status("PrometheusServer", "main").toString())
                                .contains("the pod prometheus-main-0 can't be evicted", "PodDisruptionBudget"));
        declare("Monitor", "later", self("2s"));
        try (PrometheusClient prometheus = prometheus(pod(before, "prometheus-main-0"), "")) {
            await().atMost(LONG).until(() -> up(prometheus) == 2);
        }
        assertThat(uid(pods(), "prometheus-main-0")).isEqualTo(uid(before, "prometheus-main-0"));

        admin.policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(namespace)
                .withName("somebodys")
                .delete();
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        awaitCondition("Monitor", "later", "Ready", "True AsDeclared");
        assertThat(uid(pods(), "prometheus-main-0")).isNotEqualTo(uid(before, "prometheus-main-0"));
    }

    /** What was true of targets is unknown once their Prometheus has been away for long, and why it is away is said. */
    @Test
    void aPodThatAQuotaForbidsIsNamedAndItsMonitorsBecomeUnknown() throws Exception {
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        declare("Monitor", "self", self("1s"));
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        apply("""
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: none}
                spec: {hard: {pods: '0'}}
                """, Optional.of(namespace));
        await().atMost(LONG)
                .until(() -> admin.resourceQuotas()
                                .inNamespace(namespace)
                                .withName("none")
                                .get()
                                .getStatus()
                                .getHard()
                        != null);

        admin.pods().inNamespace(namespace).withName("prometheus-main-0").delete();

        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(status("PrometheusServer", "main").toString())
                                .contains("prometheus-main-0: the StatefulSet makes no pod", "quota"));
        assertThat(condition(status("PrometheusServer", "main"), "Ready")).isEqualTo("False Unavailable");
        awaitCondition("Monitor", "self", "Ready", "Unknown Pending");
        assertThat(status("Monitor", "self").toString()).contains("the server doesn't answer");

        admin.resourceQuotas().inNamespace(namespace).withName("none").delete();
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
    }

    private Map<String, Pod> pods() {
        Map<String, Pod> pods = new TreeMap<>();
        admin.pods()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(pod -> pods.put(pod.getMetadata().getName(), pod));
        return pods;
    }

    private static Pod pod(Map<String, Pod> pods, String name) {
        return Optional.ofNullable(pods.get(name)).orElseThrow();
    }

    private static String uid(Map<String, Pod> pods, String name) {
        return pod(pods, name).getMetadata().getUid();
    }

    /** Others' webhooks stand between the operator and what it writes. They are named, and it goes on once they are gone. */
    @Test
    void anAdmissionWebhookThatNeverAnswersIsNamedAndOutlasted() throws Exception {
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        declare("Monitor", "self", self("1s"));
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        String uid = pod().getMetadata().getUid();
        String name = namespace + ".example.com";
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            apply("""
                    apiVersion: admissionregistration.k8s.io/v1
                    kind: ValidatingWebhookConfiguration
                    metadata: {name: %s}
                    webhooks:
                    - name: silent.%s
                      clientConfig: {url: 'https://127.0.0.1:%d/'}
                      admissionReviewVersions: [v1]
                      sideEffects: None
                      timeoutSeconds: 1
                      failurePolicy: Fail
                      namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
                      rules:
                      - {apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [secrets, services]}
                    """.formatted(name, name, silent.getLocalPort(), namespace), Optional.empty());
            // What the API server just learned reaches all of it in a moment. It is asked as the operator asks: once.
            await().atMost(LONG)
                    .untilAsserted(() -> assertThatThrownBy(() -> client.resource(token("probe"))
                                    .fieldManager("probe")
                                    .forceConflicts()
                                    .serverSideApply())
                            .hasMessageContaining("silent." + name));

            declare("Monitor", "late", self("2s"));
            declare("PrometheusServer", "second", "scrapeInterval: 2s\nmonitors: {selector: {matchLabels: {a: b}}}\n");
            for (String server : List.of("main", "second")) {
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(
                                        status("PrometheusServer", server).toString())
                                .contains("failed calling webhook", "silent." + name));
            }
            assertThat(condition(status("Monitor", "late"), "Ready")).startsWith("False ");
            // Neither the operator nor what runs suffers from that.
            assertThat(operator.isStarted()).isTrue();
            assertThat(operator.source().health().problems()).isEmpty();
            try (PrometheusClient prometheus = prometheus()) {
                assertThat(up(prometheus)).isEqualTo(1);
            }
        } finally {
            admin.admissionRegistration()
                    .v1()
                    .validatingWebhookConfigurations()
                    .withName(name)
                    .delete();
        }
        awaitCondition("Monitor", "late", "Ready", "True AsDeclared");
        awaitCondition("PrometheusServer", "second", "Ready", "True AsDeclared");
        assertThat(pod().getMetadata().getUid()).isEqualTo(uid);
    }

    /** Of a namespace alone: the operator's role is bound there and nowhere else. */
    @Test
    void anOperatorOfOneNamespaceTakesNoRightElsewhere() throws Exception {
        stopOperator();
        client = KubernetesClients.ofOperator(TESTBED.testbed().withClusterRoleIn(namespace, "narthex-operator"));
        operator = operator(client, new Scope(Set.of(namespace)), Optional.empty(), true);
        operator.start();
        secret("one");
        declare("PrometheusServer", "main", "scrapeInterval: 1s\nmonitors: {namespaceSelector: {}}\n");
        declare("Monitor", "self", """
                source: {service: {selector: {matchLabels: {app.kubernetes.io/component: server}}}}
                endpoints:
                - port: web
                  interval: 1s
                  auth: {authorization: {credentials: {secretRef: {name: token, key: t}}}}
                """);
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(operator.source().health().problems()).isEmpty();
        assertThat(published()).containsExactly("one");
    }

    /** Web users, TLS and clients' certificates; a pod template; a claimed volume; objects that others change. */
    @Test
    void aGuardedServerIsRolledOutAndKeptAsDeclared(@TempDir Path folder) throws Exception {
        Certificates server = Certificates.make(folder, "ip:127.0.0.1");
        Certificates authority = Certificates.make(folder, "dns:clients");
        admin.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("web")
                        .withNamespace(namespace)
                        .endMetadata()
                        .addToStringData("tls.crt", server.certificate())
                        .addToStringData("tls.key", server.key())
                        .addToStringData("ca.crt", authority.certificate())
                        .addToStringData("alice", BCrypt.hashpw("secret", BCrypt.gensalt(4)))
                        .build())
                .create();
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
        declare("PrometheusServer", "main", web + overlay + "storage: {size: 1Gi}\n");
        declare("RuleSet", "rules", """
                groups:
                - name: g
                  interval: 1s
                  rules:
                  - {record: good, expr: vector(1)}
                  - {record: bad, expr: 'vector(1) + on() (vector(1) or label_replace(vector(2), "x", "y", "", ""))'}
                """);
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        awaitCondition("RuleSet", "rules", "Ready", "False RulesFailing");
        JsonNode rules = status("RuleSet", "rules").path("servers").path(0);
        assertThat(rules.path("groups").asInt()).isEqualTo(1);
        assertThat(rules.path("rules").asInt()).isEqualTo(2);
        assertThat(rules.path("lastError").asText()).startsWith("bad: ").contains("duplicate series");

        Pod pod = pod();
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

        declare(
                "PrometheusServer",
                "main",
                web + "storage: {size: 1Gi}\n"
                        + "podTemplate: {spec: {containers: [{name: prometheus, args: [--web.enable-admin-api]}]}}\n");
        awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Invalid");
        assertThat(status("PrometheusServer", "main").toString()).contains("NX1310", "prometheus].args");

        // The testbed's storage class lets no claim grow.
        declare("PrometheusServer", "main", web + overlay + "storage: {size: 2Gi}\n");
        awaitCondition("PrometheusServer", "main", "StorageReady", "False StorageFailed");
        declare("PrometheusServer", "main", web + overlay + "storage: {size: 1Gi}\n");
        awaitCondition("PrometheusServer", "main", "StorageReady", "True AsDeclared");
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(pod().getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid());

        // Whatever drains the node would have a pod made of this.
        admin.apps()
                .statefulSets()
                .inNamespace(namespace)
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
                .untilAsserted(() -> assertThat(admin.apps()
                                .statefulSets()
                                .inNamespace(namespace)
                                .withName("prometheus-main")
                                .get()
                                .getSpec()
                                .getTemplate()
                                .getSpec()
                                .getContainers()
                                .getFirst()
                                .getImage())
                        .isEqualTo(container.getImage()));
        admin.services().inNamespace(namespace).withName("prometheus-main").delete();
        admin.policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(namespace)
                .withName("prometheus-main")
                .edit(budget -> {
                    budget.getSpec().setMaxUnavailable(new IntOrString(0));
                    return budget;
                });
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(admin.services()
                            .inNamespace(namespace)
                            .withName("prometheus-main")
                            .get())
                    .isNotNull();
            assertThat(admin.policy()
                            .v1()
                            .podDisruptionBudget()
                            .inNamespace(namespace)
                            .withName("prometheus-main")
                            .get()
                            .getSpec()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isEqualTo(1);
        });

        declare("PrometheusServer", "main", web + overlay + "storage: {size: 1Gi}\npaused: true\n");
        awaitCondition("PrometheusServer", "main", "Ready", "Unknown Paused");
        declare("RuleSet", "late", "groups: [{name: g, rules: [{record: late, expr: vector(1)}]}]\n");
        awaitCondition("RuleSet", "late", "Ready", "Unknown Paused");
        declare("PrometheusServer", "main", web + overlay + "storage: {size: 1Gi}\n");
        awaitCondition("RuleSet", "late", "Ready", "True AsDeclared");
        assertThat(pod().getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid());

        // No right to delete it has Narthex; whoever does has the server begin anew.
        declare("PrometheusServer", "main", web + overlay);
        awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Invalid");
        assertThat(status("PrometheusServer", "main").toString()).contains("NX1312", "delete the StatefulSet");
        deleteSet();
        awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(set().getSpec().getVolumeClaimTemplates()).isEmpty();
    }

    @Test
    void aServerOfAnotherClassIsLeftToItsOperator() throws Exception {
        declare("PrometheusServer", "main", "operatorClass: other\nreplicas: 1\n");
        declare("Monitor", "self", self("1s"));
        try (ClusterOperator other = operator(client, Optional.of("other"), true)) {
            assertThat(admin.apps().statefulSets().inNamespace(namespace).list().getItems())
                    .isEmpty();
            other.start();
            awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        }
        // Of what another operator's server takes, the other speaks, also while it is away.
        stopOperator();
        startOperator();
        await().atMost(LONG)
                .during(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(condition(status("Monitor", "self"), "Ready"))
                        .isEqualTo("True AsDeclared"));
    }

    /** Each writes what its own servers say; were their sums others', they would write against each other for ever. */
    @Test
    void operatorsOfTwoClassesThatTakeAMonitorSayTheSame() throws Exception {
        declare("PrometheusServer", "second", "operatorClass: other\npaused: true\n");
        declare("Monitor", "self", self("1s"));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status("Monitor", "self").toString())
                        .contains(namespace + "/second of the operatorClass other takes it, but no operator"));
        assertThat(condition(status("Monitor", "self"), "Ready")).isEqualTo("Unknown Pending");
        try (ClusterOperator other = operator(client, Optional.of("other"), true)) {
            other.start();
            awaitCondition("Monitor", "self", "Ready", "Unknown Paused");
            declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
            await().atMost(LONG).untilAsserted(() -> {
                JsonNode servers = status("Monitor", "self").path("servers");
                assertThat(servers).as("%s", servers).hasSize(2);
                assertThat(servers)
                        .filteredOn(server -> server.path("name").asText().equals("main"))
                        .allSatisfy(main ->
                                assertThat(condition(main, "TargetsHealthy")).isEqualTo("True AsDeclared"));
            });
            awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
            awaitCalm();
            JsonNode agreed = status("Monitor", "self");
            assertThat(condition(agreed, "Ready")).isEqualTo("Unknown Paused");
            assertThat(agreed.path("conditions").toString()).contains(namespace + "/second");
            assertThat(agreed.path("targets").path("up").asInt()).isEqualTo(1);

            // Nor is it left as somebody else wants it.
            JsonNode server = status("PrometheusServer", "main");
            write("Monitor", "self", "{\"conditions\": [], \"targets\": {\"total\": 7, \"up\": 7}, \"servers\": []}");
            write("PrometheusServer", "main", "{\"replicas\": 7, \"conditions\": []}");
            await().atMost(LONG).untilAsserted(() -> {
                JsonNode status = status("PrometheusServer", "main");
                assertThat(status.path("replicas").asInt()).isEqualTo(1);
                assertThat(status.path("conditions")).as("also since when").isEqualTo(server.path("conditions"));
            });
            await().atMost(LONG).untilAsserted(() -> {
                JsonNode status = status("Monitor", "self");
                assertThat(condition(status, "Ready")).as("%s", status).isEqualTo("Unknown Paused");
                assertThat(status.path("servers")).hasSize(2);
                assertThat(status.path("targets")).isEqualTo(agreed.path("targets"));
            });
        }
        admin.genericKubernetesResources(ClusterSource.context("PrometheusServer"))
                .inNamespace(namespace)
                .withName("second")
                .delete();
        try (ClusterOperator other = operator(client, Optional.of("other"), true)) {
            other.start();
            awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
            assertThat(status("Monitor", "self").path("servers"))
                    .as("of the server that was deleted while its operator was away")
                    .hasSize(1);
            awaitCalm();
        }
    }

    /** Nobody writes the Monitor for longer than an operator waits until it looks at what another wrote. */
    private void awaitCalm() {
        AtomicReference<String> version = new AtomicReference<>("");
        await().atMost(LONG).during(Duration.ofSeconds(4)).until(() -> {
            String now = admin.genericKubernetesResources(ClusterSource.context("Monitor"))
                    .inNamespace(namespace)
                    .withName("self")
                    .get()
                    .getMetadata()
                    .getResourceVersion();
            return now.equals(version.getAndSet(now));
        });
    }

    /** As `kubectl edit --subresource=status` does. */
    private void write(String kind, String name, String status) {
        admin.genericKubernetesResources(ClusterSource.context(kind))
                .inNamespace(namespace)
                .withName(name)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\": " + status + "}");
    }

    /** Where Secrets mayn't be listed, that is said; told so, the operator works with those that are named. */
    @Test
    void secretsAreReadByNameWhereTheyMaynTBeListed() throws Exception {
        stopOperator();
        String name = "narthex-by-name";
        apply(
                Files.readString(Path.of("../helm/narthex/rbac/operator.yaml"))
                        .replace("name: narthex-operator", "name: " + name)
                        .replace(
                                "resources: [secrets]\n    verbs: [get, list, watch, create, patch]",
                                "resources: [secrets]\n    verbs: [get, create, patch]"),
                Optional.empty());
        try (KubernetesClient few =
                KubernetesClients.ofOperator(TESTBED.testbed().withClusterRole(name))) {
            try (ClusterOperator watching = operator(few, Optional.empty(), true)) {
                Thread start = Thread.ofVirtual().start(() -> {
                    try {
                        watching.start();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(
                                        watching.source().health().problems().get("Secret"))
                                .isEqualTo("the operator may not list and watch Secret here; its role must allow that,"
                                        + " or --namespaces must name where it does"));
                assertThat(watching.isStarted()).isFalse();
                start.interrupt();
            }
            secret("one");
            declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
            declare("Monitor", "self", """
                    source: {static: {targets: ['127.0.0.1:9090']}}
                    endpoints:
                    - {interval: 1s, auth: {authorization: {credentials: {secretRef: {name: token, key: t}}}}}
                    """);
            try (ClusterOperator naming = operator(few, Optional.empty(), false)) {
                naming.start();
                awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
                assertThat(published()).containsExactly("one");
                secret("two");
                await().atMost(LONG).untilAsserted(() -> assertThat(published()).containsExactly("two"));
                // Prometheus would take a part that is missing for one that is empty.
                List<String> parts = parts();
                assertThat(parts).hasSize(1);
                admin.secrets()
                        .inNamespace(namespace)
                        .withName(parts.getFirst())
                        .delete();
                await().atMost(LONG).untilAsserted(() -> assertThat(parts()).isEqualTo(parts));
            }
        }
        startOperator();
    }

    private List<String> parts() {
        return admin.secrets().inNamespace(namespace).list().getItems().stream()
                .map(secret -> secret.getMetadata().getName())
                .filter(secret -> secret.contains("-part-"))
                .toList();
    }

    private List<String> published() {
        return admin.secrets().inNamespace(namespace).list().getItems().stream()
                .filter(secret -> secret.getMetadata().getName().contains("-credential-"))
                .flatMap(secret -> secret.getData().entrySet().stream())
                .filter(entry -> entry.getKey().startsWith("credential."))
                .map(entry -> new String(Base64.getDecoder().decode(entry.getValue()), StandardCharsets.UTF_8))
                .toList();
    }

    private void secret(String value) {
        admin.resource(token(value)).fieldManager("test").forceConflicts().serverSideApply();
    }

    private Secret token(String value) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName("token")
                .withNamespace(namespace)
                .endMetadata()
                .addToStringData("t", value)
                .build();
    }
}
