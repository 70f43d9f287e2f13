package io.narthex.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.narthex.testing.RealPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The chart's three ways to confine an operator, with exactly the rights that the chart gives it: one for its own
 * namespace, one for two that are listed, one for the whole cluster.
 */
@TestInstance(Lifecycle.PER_CLASS)
class NamespaceModesE2E {

    private static final Path CHART =
            Path.of("../helm/narthex").toAbsolutePath().normalize();
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String SERVER_NAMESPACE = "monitoring.narthex.io/server-namespace";
    private static final List<String> NAMESPACES =
            List.of("modes-own", "modes-home", "modes-a", "modes-b", "modes-outside", "modes-whole");

    private Cluster cluster;
    private Commands commands;
    private KubernetesClient client;

    @BeforeAll
    void begin() throws IOException, InterruptedException {
        for (String program : List.of("kubectl", "helm")) {
            RealPrograms.find(program);
        }
        cluster = Cluster.up();
        commands = new Commands(Map.of("KUBECONFIG", cluster.kubeconfig().toString()));
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(cluster.kubeconfig())))
                .build();
        for (String namespace : NAMESPACES) {
            run("kubectl", "create", "namespace", namespace);
        }
    }

    @AfterAll
    void end() throws IOException, InterruptedException {
        try {
            if (client != null) {
                for (String release : List.of("own", "home", "whole")) {
                    commands.attempt(command("helm", "uninstall", release, "--namespace", "modes-" + release), "");
                    commands.attempt(command("kubectl", "delete", "clusterrole", release + "-narthex-discovery"), "");
                }
                commands.attempt(
                        command(
                                "kubectl",
                                "delete",
                                "clusterrolebindings",
                                "-l",
                                "app.kubernetes.io/managed-by=narthex"),
                        "");
                for (String namespace : NAMESPACES) {
                    commands.attempt(command("kubectl", "delete", "--wait=false", "namespace", namespace), "");
                }
                client.close();
            }
        } finally {
            if (cluster != null) {
                cluster.down();
            }
        }
    }

    @Test
    void eachOperatorWorksWhereItMayAndAsksForNothingElse() throws Exception {
        install("own", "watchNamespaces={modes-own}");
        install("home", "watchNamespaces={modes-a,modes-b}", "defaultServer.enabled=false");
        for (String namespace : List.of("modes-a", "modes-b")) {
            apply("PrometheusServer", namespace, "main", "scrapeInterval: 1s, monitors: {namespaceSelector: {}}");
        }
        for (String namespace : List.of("modes-own", "modes-home", "modes-a", "modes-b", "modes-outside")) {
            apply(
                    "Monitor",
                    namespace,
                    "self",
                    "job: " + namespace
                            + ", source: {static: {targets: ['127.0.0.1:9090']}}, endpoints: [{interval: 1s}]");
        }

        for (String namespace : List.of("modes-own", "modes-a", "modes-b")) {
            awaitReady("PrometheusServer", namespace, "main");
            awaitReady("Monitor", namespace, "self");
            // Each server sees its own namespace only.
            assertThat(jobs(namespace))
                    .contains(namespace)
                    .doesNotContainAnyElementsOf(NAMESPACES.stream()
                            .filter(other -> !other.equals(namespace))
                            .toList());
        }
        for (String namespace : List.of("modes-home", "modes-outside")) {
            assertThat(resource("Monitor", namespace, "self").getAdditionalProperties())
                    .as("the Monitor of " + namespace + ", of which nobody speaks")
                    .doesNotContainKey("status");
        }
        for (String release : List.of("own", "home")) {
            assertCalm(release);
            assertThat(client.rbac().clusterRoleBindings().list().getItems())
                    .as("what is bound in the cluster")
                    .noneMatch(binding -> binding.getMetadata().getName().startsWith(release + "-narthex"));
        }

        for (String release : List.of("own", "home")) {
            run("helm", "uninstall", release, "--namespace", "modes-" + release, "--wait");
        }
        install("whole");
        for (String namespace : List.of("modes-home", "modes-outside")) {
            awaitReady("Monitor", namespace, "self");
        }
        awaitSeen(() -> assertThat(jobs("modes-whole")).containsAll(NAMESPACES.subList(0, 5)));
        // What servers take didn't change for that another operator takes care of them.
        assertThat(jobs("modes-a")).contains("modes-a").doesNotContain("modes-b", "modes-outside");
        // It takes them over with their bindings, which name the role of the operator before.
        for (String namespace : List.of("modes-a", "modes-b", "modes-own")) {
            apply(
                    "Monitor",
                    namespace,
                    "self",
                    "job: again-" + namespace
                            + ", source: {static: {targets: ['127.0.0.1:9090']}}, endpoints: [{interval: 1s}]");
            awaitSeen(() -> assertThat(jobs(namespace)).contains("again-" + namespace));
            awaitSeen(() -> assertThat(client.rbac()
                            .roleBindings()
                            .inNamespace(namespace)
                            .withName("prometheus-main")
                            .get()
                            .getRoleRef()
                            .getName())
                    .isEqualTo("whole-narthex-discovery"));
        }
        assertCalm("whole");
        confine();
    }

    /** Confined later, an operator can take back nothing of what it bound in the cluster; the documented command does. */
    private void confine() throws Exception {
        run(
                "helm",
                "upgrade",
                "whole",
                CHART.toString(),
                "--namespace",
                "modes-whole",
                "--reset-then-reuse-values",
                "--set",
                "watchNamespaces={modes-whole}",
                "--wait",
                "--timeout",
                "3m");
        assertThat(boundInTheCluster()).isNotEmpty();
        String documented = Files.readAllLines(CHART.resolve("../../docs/kubernetes.md")).stream()
                .map(String::strip)
                .filter(line ->
                        line.startsWith("kubectl delete") && line.endsWith("-l " + SERVER_NAMESPACE + "=NAMESPACE"))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(CHART.resolve("templates/NOTES.txt")))
                .contains(documented.replace("NAMESPACE", "{{ . }}"));

        run(
                "kubectl",
                documented
                        .substring("kubectl ".length())
                        .replace("NAMESPACE", "modes-whole")
                        .split(" "));

        assertThat(boundInTheCluster()).isEmpty();
        awaitSeen(() -> assertThat(jobs("modes-whole")).contains("narthex").doesNotContain("modes-outside"));
    }

    private List<String> boundInTheCluster() {
        return client.rbac().clusterRoleBindings().withLabel(SERVER_NAMESPACE).list().getItems().stream()
                .map(binding -> binding.getMetadata().getName())
                .toList();
    }

    /** Nothing is refused to it, and nothing is tried again and again. */
    private void assertCalm(String release) throws InterruptedException {
        String namespace = "modes-" + release;
        List<Pod> pods = client.pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/component", "operator")
                .list()
                .getItems();
        assertThat(pods).hasSize(1);
        String name = pods.getFirst().getMetadata().getName();
        String log = run("kubectl", "--namespace", namespace, "logs", name);
        assertThat(log.lines())
                .as("the log of " + name)
                .isNotEmpty()
                .noneMatch(line -> Stream.of("ERROR", "orbidden", "may not", "API server refuses")
                        .anyMatch(line::contains));
        String metrics = client.raw("/api/v1/namespaces/" + namespace + "/pods/" + name + ":8080/proxy/metrics");
        assertThat(metrics.lines().filter(line -> line.startsWith("narthex_watch_failing")))
                .as("watches that fail")
                .allMatch(line -> line.endsWith(" 0") || line.endsWith(" 0.0"));
        assertThat(metrics).contains("narthex_ready 1");
    }

    private List<String> jobs(String namespace) {
        return new AskedPrometheus(path -> client.raw(
                        "/api/v1/namespaces/" + namespace + "/services/http:prometheus-main:web/proxy" + path))
                .jobs();
    }

    private void install(String release, String... settings) throws InterruptedException {
        List<String> command = new ArrayList<>(command(
                "helm",
                "install",
                release,
                CHART.toString(),
                "--namespace",
                "modes-" + release,
                "--wait",
                "--timeout",
                "3m",
                "--set",
                "replicas=1"));
        cluster.operator()
                .ifPresent(image -> command.addAll(List.of(
                        "--set", "image.repository=" + image.repository(), "--set", "image.tag=" + image.tag())));
        for (String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        commands.run(command);
    }

    private void apply(String kind, String namespace, String name, String spec) throws InterruptedException {
        commands.run(command("kubectl", "apply", "-f", "-"), """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: %s}
                spec: {%s}
                """.formatted(kind, name, namespace, spec));
    }

    private GenericKubernetesResource resource(String kind, String namespace, String name) {
        return client.genericKubernetesResources("monitoring.narthex.io/v1alpha1", kind)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private void awaitReady(String kind, String namespace, String name) {
        awaitSeen(() -> assertThat(String.valueOf(resource(kind, namespace, name)
                        .getAdditionalProperties()
                        .get("status")))
                .as("%s %s/%s", kind, namespace, name)
                .containsPattern("reason=AsDeclared, status=True, type=Ready"));
    }

    private static void awaitSeen(ThrowingRunnable assertion) {
        await().atMost(LONG).ignoreExceptions().untilAsserted(assertion);
    }

    private String run(String program, String... arguments) throws InterruptedException {
        return commands.run(command(program, arguments));
    }

    private static List<String> command(String program, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(RealPrograms.find(program).toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
