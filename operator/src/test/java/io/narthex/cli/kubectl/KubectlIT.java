package io.narthex.cli.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.narthex.cli.Session;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.source.kubernetes.ClusterSource;
import io.narthex.testbed.TestbedExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** {@code kubectl narthex} tells what stands in a real API server. No operator runs: each test writes its words itself. */
class KubectlIT {

    @RegisterExtension
    static final TestbedExtension TESTBED = TestbedExtension.withDefinitions("kubectl", Map.of());

    @TempDir
    private Path folder;

    private KubernetesClient admin;
    private String namespace;

    @BeforeEach
    void begin() {
        admin = TESTBED.client();
        namespace = TESTBED.namespace();
    }

    @Test
    void statusSaysWhatWorksAndWhyTheRestDoesNot() {
        server("main", "");
        monitor("server", "");
        monitor("orders", "");
        monitor("fresh", "");
        status("PrometheusServer", "main", """
                {"observedGeneration": 1, "version": "3.16.0", "configGeneration": "7f3a", "replicas": 2,
                 "readyReplicas": 2, "jobs": 2, "targets": {"total": 3, "up": 2}, "alertmanagers": 0,
                 "conditions": [%s]}""".formatted(condition("Ready", "True", "AsDeclared", "")));
        status("Monitor", "server", """
                {"observedGeneration": 1, "targets": {"total": 1, "up": 1}, "conditions": [%s]}""".formatted(condition("Ready", "True", "AsDeclared", "")));
        status("Monitor", "orders", """
                {"observedGeneration": 1, "targets": {"total": 2, "up": 1}, "conditions": [%s]}""".formatted(
                        condition("Ready", "False", "TargetsDown", "1 of 2 targets are down: connection refused")));

        Session.Result result = kubectl("status");

        assertThat(result.out())
                .contains("PrometheusServer " + namespace
                        + "/main  ready  prometheus 3.16.0  generation 7f3a  2/2 pods ready  2 jobs, 2/3 targets up,"
                        + " no Alertmanager discovered")
                .containsPattern("monitor/" + namespace + "/server +ready +1/1")
                .containsPattern("monitor/" + namespace + "/orders +TargetsDown +1/2 +1 of 2 targets are down: conn")
                .containsPattern("monitor/" + namespace + "/fresh +Unseen");
        assertThat(result.code()).isZero();
        assertThat(kubectl("status", "--fail-down").code()).isEqualTo(1);
        assertThat(kubectl("status", "-A", "-o", "json").out()).contains("\"name\" : \"orders\"");
        assertThat(kubectl("explain", "prometheusserver/main").out()).contains("0 Alertmanagers discovered");
    }

    @Test
    void aServerThatIsNotReadyIsAnExitCode() {
        server("main", "");
        status("PrometheusServer", "main", """
                {"observedGeneration": 1, "conditions": [%s]}""".formatted(
                        condition("Ready", "False", "RolledBack", "Prometheus refuses it")));

        Session.Result result = kubectl("status");

        assertThat(result.out()).contains("/main  RolledBack").contains("Prometheus refuses it");
        assertThat(result.code()).isEqualTo(3);
    }

    @Test
    void explainTellsServerByServer() {
        monitor("server", "");
        status("Monitor", "server", """
                {"observedGeneration": 1, "conditions": [%s],
                 "servers": [{"namespace": "monitoring", "name": "main",
                   "conditions": [%s, %s],
                   "jobs": [{"endpoint": "metrics", "job": "monitor/shop/server/metrics",
                             "targets": {"total": 2, "up": 1}, "lastError": "HTTP 400: see ALLOWED_HOSTS"}]}]}""".formatted(
                        condition("Ready", "False", "TargetsDown", "1 of 2 targets are down"),
                        condition("Loaded", "True", "AsDeclared", ""),
                        condition("TargetsHealthy", "False", "TargetsDown", "1 of 2 targets are down")));

        Session.Result result = kubectl("explain", "monitor/server");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("Monitor " + namespace + "/server   version 1")
                .contains("in PrometheusServer monitoring/main")
                .containsPattern("Loaded +yes")
                .containsPattern("TargetsHealthy +no, TargetsDown")
                .contains("monitor/shop/server/metrics  1/2 targets up")
                .contains("HTTP 400: see ALLOWED_HOSTS");
        assertThat(kubectl("explain", "monitor/nobody").err())
                .contains("there is no monitor/nobody in the namespace " + namespace);
        assertThat(kubectl("explain", "NX1204").out()).startsWith("NX1204");
    }

    @Test
    void lintKnowsTheClustersServersAndSecrets() throws IOException {
        server("main", "{monitors: {selector: {matchLabels: {team: a}}}}");
        String asks = """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: server%s}
                spec:
                  source: {static: {targets: ["127.0.0.1:8000"]}}
                  endpoints: [{auth: {basic: {username: a, password: {secretRef: {name: login, key: password}}}}}]
                """;
        Path file = folder.resolve("monitor.yaml");

        Files.writeString(file, asks.formatted(""));
        assertThat(kubectl("lint", file.toString()).out())
                .contains("NX1202")
                .contains("no PrometheusServer of the cluster takes it: PrometheusServer " + namespace + "/main: ");

        Files.writeString(file, asks.formatted(", labels: {team: a}"));
        Session.Result missing = kubectl("lint", file.toString());
        assertThat(missing.out()).contains("login").doesNotContain("NX1202");
        assertThat(missing.code()).isEqualTo(1);

        admin.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("login")
                        .withNamespace(namespace)
                        .endMetadata()
                        .addToStringData("password", "topsecret")
                        .build())
                .create();
        Session.Result found = kubectl("lint", file.toString());
        assertThat(found.out()).contains("1 file, 1 resource: 0 errors, 0 warnings");
        assertThat(found.out() + found.err()).doesNotContain("topsecret");
        assertThat(found.code()).isZero();
    }

    @Test
    void diffSaysWhatApplyingWouldChange() throws IOException {
        server("main", "");
        monitor("server", "");
        Path file = folder.resolve("change.yaml");
        Files.writeString(file, """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: server}
                spec:
                  source: {static: {targets: ["127.0.0.1:8000"]}}
                  endpoints: [{interval: 5s}]
                """);

        Session.Result reload = kubectl("diff", file.toString());
        assertThat(reload.out())
                .contains("PrometheusServer " + namespace + "/main")
                .contains("monitor/" + namespace + "/server/metrics   scrape_interval")
                .contains("-> 5s")
                .contains("Applying: reload.");
        assertThat(reload.code()).isEqualTo(1);

        Files.writeString(file, """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: PrometheusServer
                metadata: {name: main}
                spec: {query: {maxConcurrency: 7}}
                """);
        assertThat(kubectl("diff", file.toString()).out())
                .contains("--query.max-concurrency")
                .contains("Applying: RESTART");

        Files.writeString(file, """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: PrometheusServer
                metadata: {name: main}
                spec: {}
                """);
        Session.Result same = kubectl("diff", file.toString());
        assertThat(same.out()).contains("Nothing differs.");
        assertThat(same.code()).isZero();
        assertThat(admin.genericKubernetesResources(ClusterSource.context("Monitor"))
                        .inNamespace(namespace)
                        .withName("server")
                        .get()
                        .getMetadata()
                        .getGeneration())
                .as("nothing was applied")
                .isEqualTo(1);
    }

    @Test
    void diffKnowsWhatReplacesPods() throws IOException {
        server("main", "{version: 3.15.0, storage: {size: 8Gi}}");
        server("passing", "{version: 3.15.0}");
        Path file = folder.resolve("server.yaml");

        differs(file, "main", "{version: 3.16.0, storage: {size: 8Gi}}")
                .contains("! pod  spec.containers[prometheus].image   prometheus:v3.15.0 -> prometheus:v3.16.0")
                .contains("Applying: RESTART (the pods become others).")
                .doesNotContain("Deletes all samples");
        differs(file, "main", "{version: 3.15.0, storage: {size: 8Gi}, pod: {resources: {limits: {memory: 1Gi}}}}")
                .contains("! pod  spec.containers[prometheus].resources.limits.memory")
                .contains("Applying: RESTART");
        // Probes can't show a password.
        differs(file, "main", """
                        {version: 3.15.0, storage: {size: 8Gi},
                         web: {users: [{name: alice, passwordHash: {secretRef: {name: web, key: alice}}}]}}""").contains("readinessProbe.tcpSocket.port").contains("Applying: RESTART");
        differs(file, "main", "{version: 3.15.0, storage: {size: 9Gi}}")
                .contains("~ object  volume claim.resources.requests.storage   8Gi -> 9Gi")
                .contains("Applying: neither reload nor restart.");
        differs(file, "main", "{version: 3.15.0, storage: {size: 8Gi}, replicas: 2}")
                .contains("~ object  replicas   1 -> 2")
                // The replicas get a label that tells them apart.
                .contains("Applying: reload.");
        differs(file, "passing", "{version: 3.16.0}")
                .contains("Applying: RESTART")
                .contains("Deletes all samples");
    }

    private AbstractStringAssert<?> differs(Path file, String name, String spec) throws IOException {
        admin.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("web")
                        .withNamespace(namespace)
                        .endMetadata()
                        .addToStringData("alice", BCrypt.hashpw("secret", BCrypt.gensalt(4)))
                        .build())
                .serverSideApply();
        Files.writeString(file, declaration("PrometheusServer", name, spec));
        Session.Result result = kubectl("diff", file.toString());
        assertThat(result.code()).as(result.err()).isEqualTo(1);
        return assertThat(result.out());
    }

    /** As the operator would, not only the compiler. */
    @Test
    void lintSaysWhatKubernetesDoesNotCarryOut() throws IOException {
        server("main", "{}");
        Path file = folder.resolve("server.yaml");
        Map<String, String> refused = Map.of(
                "NX1311", "{shards: 2}",
                "NX1310", "{podTemplate: {spec: {containers: [{name: prometheus, args: [a]}]}}}",
                "NX1312", "{storage: {existingClaim: other}}");
        // One of its name that somebody else made says nothing of it.
        server("foreign", "{}");
        statefulSet("foreign", List.of(), Map.of());
        differs(file, "foreign", "{storage: {existingClaim: other}}").contains("Applying: RESTART");
        statefulSet("main", owners("main"), Map.of());
        refused.forEach((code, spec) -> {
            write(file, declaration("PrometheusServer", "main", spec));
            Session.Result lint = kubectl("lint", file.toString());
            assertThat(lint.out()).contains(code);
            assertThat(lint.code()).isEqualTo(1);
            Session.Result diff = kubectl("diff", file.toString());
            assertThat(diff.err()).contains(code);
            assertThat(diff.code()).isEqualTo(1);
        });

        write(
                file,
                declaration(
                        "Monitor",
                        "curious",
                        "{source: {service: {selector: {}, namespaces: {names: [kube-system]}}}, endpoints: [{port: a}]}"));
        assertThat(kubectl("lint", file.toString()).out()).contains("NX1513", "kube-system");
    }

    /** Its Monitors are compared with the version that it goes on with, and so is the one that mends it. */
    @Test
    void diffOfARefusedServerGoesByTheVersionThatRuns() throws IOException {
        server("main", "{storage: {existingClaim: other}, scrapeInterval: 7s}");
        status("PrometheusServer", "main", """
                {"observedGeneration": 1, "conditions": [%s]}""".formatted(condition("ConfigAccepted", "False", "Invalid", "NX1312")));
        statefulSet("main", owners("main"), Map.of("monitoring.narthex.io/accepted-version", """
                {"kind": "PrometheusServer", "namespace": "%s", "name": "main",
                 "spec": {"scrapeInterval": "9s", "pod": {"annotations": {"a": "b"}}}}""".formatted(namespace)));
        Path file = folder.resolve("resource.yaml");

        differs(file, "main", "{scrapeInterval: 9s}")
                .contains("! pod  metadata.annotations.a   b")
                .contains("Applying: RESTART")
                .doesNotContain("existingClaim", "scrape_interval");
        write(file, declaration("Monitor", "new", "{source: {static: {targets: ['127.0.0.1:80']}}}"));
        Session.Result monitor = kubectl("diff", file.toString());
        assertThat(monitor.out())
                .contains("+ job  monitor/" + namespace + "/new/")
                .contains("Applying: reload.");
        assertThat(monitor.err())
                .contains("main in the cluster is refused", "the one that it goes on with counts here");

        // Of a pod template that can't be applied nothing is known, but that the pods become others by the next one.
        server("overlaid", "{podTemplate: {spec: {containers: [{name: prometheus, args: [a]}]}}}");
        differs(file, "overlaid", "{}").contains("! pod  podTemplate").contains("Applying: RESTART");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aUserOfOneNamespaceIsToldWhatCouldNotBeLookedAt() throws IOException {
        server("main", "");
        monitor("server", "");
        admin.resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName("visitor")
                        .withNamespace(namespace)
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("monitoring.narthex.io")
                        .withResources("prometheusservers", "monitors", "rulesets")
                        .withVerbs("get", "list")
                        .endRule()
                        .build())
                .create();
        Config rights = TESTBED.testbed().withRole(namespace, "visitor");
        Path visitor = folder.resolve("visitor.kubeconfig");
        Map<?, ?> ours =
                Serialization.unmarshal(Files.readString(TESTBED.testbed().kubeconfig()), Map.class);
        Files.writeString(
                visitor,
                Serialization.asYaml(Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Config",
                        "clusters",
                        ours.get("clusters"),
                        "users",
                        List.of(Map.of("name", "visitor", "user", Map.of("token", rights.getOauthToken()))),
                        "contexts",
                        List.of(Map.of(
                                "name",
                                "visitor",
                                "context",
                                Map.of("cluster", cluster(ours), "user", "visitor", "namespace", namespace))),
                        "current-context",
                        "visitor")));

        // The API server learns of a new binding a moment later.
        await().untilAsserted(() -> {
            Session.Result everything =
                    new Session().run("kubectl", "status", "-A", "--kubeconfig", visitor.toString());
            assertThat(everything.out()).contains("monitor/" + namespace + "/server");
            assertThat(everything.err())
                    .contains("you may list monitors in " + namespace + " only")
                    .contains("you may not list namespaces");
        });

        Session.Result elsewhere =
                new Session().run("kubectl", "status", "-n", "default", "--kubeconfig", visitor.toString());
        assertThat(elsewhere.err()).contains("says no").contains("ask for the right to it");
        assertThat(elsewhere.code()).isEqualTo(3);
    }

    private static Object cluster(Map<?, ?> kubeconfig) {
        return kubeconfig.get("clusters") instanceof List<?> clusters
                        && clusters.getFirst() instanceof Map<?, ?> first
                        && first.get("name") instanceof String name
                ? name
                : "";
    }

    private Session.Result kubectl(String... arguments) {
        return new Session()
                .with("COLUMNS", "200")
                .run(Stream.concat(
                                Stream.of("kubectl"),
                                Stream.concat(
                                        Stream.of(arguments),
                                        Stream.of(
                                                "-n",
                                                namespace,
                                                "--kubeconfig",
                                                TESTBED.testbed().kubeconfig().toString())))
                        .toArray(String[]::new));
    }

    private List<OwnerReference> owners(String server) {
        String uid = admin.genericKubernetesResources(ClusterSource.context("PrometheusServer"))
                .inNamespace(namespace)
                .withName(server)
                .get()
                .getMetadata()
                .getUid();
        return List.of(DeploymentFactory.owner(server, uid));
    }

    private void statefulSet(String server, List<OwnerReference> owners, Map<String, String> annotations) {
        admin.resource(new StatefulSetBuilder()
                        .withNewMetadata()
                        .withName("prometheus-" + server)
                        .withNamespace(namespace)
                        .withAnnotations(annotations)
                        .withOwnerReferences(owners)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(0)
                        .withServiceName("none")
                        .withNewSelector()
                        .addToMatchLabels("a", "b")
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .addToLabels("a", "b")
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("c")
                        .withImage("example.com/none:1")
                        .endContainer()
                        .addNewVolume()
                        .withName("data")
                        .withNewEmptyDir()
                        .endEmptyDir()
                        .endVolume()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
    }

    private void server(String name, String spec) {
        create("PrometheusServer", name, spec.isEmpty() ? "{}" : spec);
    }

    private void monitor(String name, String spec) {
        create("Monitor", name, spec.isEmpty() ? "{source: {static: {targets: [\"127.0.0.1:8000\"]}}}" : spec);
    }

    private void create(String kind, String name, String spec) {
        admin.resource(Serialization.unmarshal(declaration(kind, name, spec), GenericKubernetesResource.class))
                .create();
    }

    private String declaration(String kind, String name, String spec) {
        return """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: %s}
                spec: %s
                """.formatted(kind, name, namespace, spec.replace("\n", " "));
    }

    private void status(String kind, String name, String status) {
        admin.genericKubernetesResources(ClusterSource.context(kind))
                .inNamespace(namespace)
                .withName(name)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\": " + status + "}");
    }

    private static String condition(String type, String status, String reason, String message) {
        return """
                {"type": "%s", "status": "%s", "reason": "%s", "message": "%s",
                 "lastTransitionTime": "2026-11-26T00:00:00Z"}""".formatted(type, status, reason, message);
    }
}
