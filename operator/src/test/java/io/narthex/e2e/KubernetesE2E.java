package io.narthex.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.narthex.testing.RealPrograms;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * One user's story, from {@code helm install} to {@code helm uninstall}, and once more without Helm, with the image, the
 * chart and the examples as they are shipped: each step begins where the one before ended.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class KubernetesE2E {

    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Path EXAMPLES = REPOSITORY.resolve("examples/kubernetes");
    private static final String HOME = "narthex-system";
    private static final String OLD_PROMETHEUS = "3.5.1";
    private static final String NEW_PROMETHEUS = "3.16.0";
    private static final String POD = "prometheus-main-0";
    private static final List<String> KINDS = List.of("PrometheusServer", "Monitor", "RuleSet");
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    final Story story = new Story(this::look);

    private Cluster cluster;
    private Commands commands;
    private KubernetesClient client;
    private AskedPrometheus prometheus;
    /** When all pods of the shop had been scraped by the Prometheus of the first step. */
    private Instant scraped;

    @BeforeAll
    void begin() throws IOException, InterruptedException {
        try {
            for (String program : List.of("kubectl", "helm")) {
                RealPrograms.find(program);
            }
            cluster = Cluster.up();
        } catch (TestAbortedException e) {
            story.cannotBegin(String.valueOf(e.getMessage()));
            return;
        }
        commands = new Commands(Map.of("KUBECONFIG", cluster.kubeconfig().toString()));
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(cluster.kubeconfig())))
                .build();
        prometheus = asked(HOME, "main");
    }

    private AskedPrometheus asked(String namespace, String server) {
        String proxy = "/api/v1/namespaces/" + namespace + "/services/http:prometheus-" + server + ":web/proxy";
        return new AskedPrometheus(path -> client.raw(proxy + path));
    }

    @AfterAll
    void end() throws IOException, InterruptedException {
        try {
            if (client != null) {
                // As docs/kubernetes.md says under "Uninstall"; of a cluster that goes as a whole it is no loss.
                commands.attempt(helm("uninstall", "narthex", "--namespace", HOME), "");
                for (Path example : examples()) {
                    commands.attempt(
                            kubectl("delete", "--ignore-not-found", "--wait=false", "-f", example.toString()), "");
                }
                commands.attempt(kubectl("delete", "--ignore-not-found", "clusterrole", "narthex-discovery"), "");
                commands.attempt(
                        kubectl("delete", "clusterrolebindings", "-l", "app.kubernetes.io/managed-by=narthex"), "");
                commands.attempt(kubectl("delete", "--ignore-not-found", "namespace", HOME), "");
                commands.attempt(
                        kubectl(
                                "delete",
                                "--ignore-not-found",
                                "-f",
                                REPOSITORY.resolve("crds").toString()),
                        "");
                client.close();
            }
        } finally {
            if (cluster != null) {
                cluster.down();
            }
        }
    }

    // --- the steps ------------------------------------------------------------------------

    @Test
    @Order(1)
    void helmInstallsTheOperatorAndItsServerRuns() throws Exception {
        String notes = install(
                cluster.operator(), "--create-namespace", "--set", "defaultServer.spec.version=" + OLD_PROMETHEUS);
        followNotes(notes);
        awaitReady("PrometheusServer", HOME, "main");
        awaitReady("Monitor", HOME, "narthex");
        awaitReady("Monitor", HOME, "prometheus-main");
        awaitReady("RuleSet", HOME, "narthex");
        assertThat(prometheus.version()).isEqualTo(OLD_PROMETHEUS);
        awaitValue("count(up{job=\"narthex\"} == 1)", 2);
        commands.run(helm("test", "narthex", "--namespace", HOME));
    }

    /** Runs the commands that Helm prints, but the last one, which would stay. */
    private void followNotes(String notes) throws InterruptedException {
        List<String> lines = notes.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("kubectl -n " + HOME))
                .toList();
        assertThat(lines).as(notes).hasSize(3);
        assertThat(lines.getLast()).contains(" port-forward service/prometheus-main 9090");
        assertThat(client.services()
                        .inNamespace(HOME)
                        .withName("prometheus-main")
                        .get())
                .isNotNull();
        for (String line : lines.subList(0, 2)) {
            commands.run(kubectl(line.substring("kubectl ".length()).split(" ")));
        }
    }

    @Test
    @Order(2)
    void theApiServerTakesEveryExample() throws Exception {
        for (Path example : examples()) {
            namespaces(example);
            String taken = commands.run(kubectl("apply", "--dry-run=server", "-f", example.toString()));
            assertThat(taken.lines()).as(taken).allMatch(line -> line.endsWith("(server dry run)"));
        }
    }

    /** Makes the namespaces of an example, without which not even a dry run finds a place for what is in them. */
    private void namespaces(Path example) throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(example)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".yaml")).toList()) {
                String found = Arrays.stream(Files.readString(file).split("(?m)^---\n"))
                        .filter(document -> document.contains("\nkind: Namespace\n"))
                        .collect(Collectors.joining("---\n"));
                if (!found.isEmpty()) {
                    commands.run(kubectl("apply", "-f", "-"), found);
                }
            }
        }
    }

    @Test
    @Order(3)
    void aDjangoApplicationIsScraped() throws Exception {
        String app = Files.readString(EXAMPLES.resolve("django/app.yaml"))
                .replace("image: django-shop:1", "image: " + cluster.shop());
        commands.run(kubectl("apply", "-f", "-"), app);
        // Beside it what later steps look at.
        for (String example : List.of("probes", "nodes-and-cadvisor", "rules-and-alertmanager", "remote-write")) {
            commands.run(kubectl("apply", "-f", EXAMPLES.resolve(example).toString()));
        }
        commands.run(
                kubectl("apply", "-f", EXAMPLES.resolve("django/monitor.yaml").toString()));
        awaitValue("count(up{job=\"server\"} == 1)", 2);
        awaitReady("Monitor", "shop", "server");
        assertThat(prometheus.value("sum(django_http_requests_total_by_method_total{job=\"server\"})"))
                .as("what Django counted")
                .hasValueSatisfying(count -> assertThat(count).isPositive());
    }

    @Test
    @Order(4)
    void moreReplicasAreMoreTargets() throws Exception {
        commands.run(kubectl("--namespace", "shop", "scale", "deployment", "server", "--replicas=3"));
        awaitValue("count(up{job=\"server\"} == 1)", 3);
        commands.run(kubectl("--namespace", "shop", "scale", "deployment", "server", "--replicas=1"));
        awaitValue("count(up{job=\"server\"} == 1)", 1);
        scraped = Instant.now();
    }

    @Test
    @Order(5)
    void anIntervalIsChangedWithoutARestart() throws Exception {
        String uid = pod().getMetadata().getUid();
        interval("2s");
        awaitIntervals("2s");
        awaitReady("Monitor", "shop", "server");
        assertSamePod(uid);
    }

    @Test
    @Order(6)
    void aMistakeIsNamedAndWhatWorkedGoesOn() throws Exception {
        String uid = pod().getMetadata().getUid();
        String monitor = Files.readString(EXAMPLES.resolve("django/monitor.yaml"));
        commands.run(kubectl("apply", "-f", "-"), monitor.replace("timeout: 4s", "timeout: 30s"));
        awaitSeen(
                "the Monitor's Ready",
                () -> assertThat(condition("Monitor", "shop", "server", "Ready"))
                        .startsWith("False Invalid")
                        .contains("NX1204")
                        .contains("timeout 30s is longer than interval 5s"));
        String printed = commands.run(kubectl("--namespace", "shop", "get", "monitor", "server"));
        assertThat(printed.lines().map(line -> List.of(line.strip().split(" +"))))
                .as(printed)
                .hasSize(2)
                .satisfiesExactly(
                        header -> assertThat(header).containsExactly("NAME", "READY", "UP", "TARGETS", "REASON", "AGE"),
                        // Between one pod and three a moment ago, and all targets are looked at every 30 seconds only.
                        row -> assertThat(String.join(" ", row)).matches("server False [0-3] [1-3] Invalid \\S+"));
        awaitFreshSamples("server", Instant.now());
        assertThat(prometheus.intervals("server"))
                .as("the interval before the mistake")
                .containsOnly("2s");
        assertSamePod(uid);
        interval("2s");
        awaitReady("Monitor", "shop", "server");
    }

    @Test
    @Order(7)
    void pagesAndCertificatesAreProbedAndNodesAreScraped() {
        awaitValue("count(probe_success{job=\"pages\"} == 1)", 2);
        awaitValue("count(probe_ssl_earliest_cert_expiry{job=\"certificates\"} > time())", 1);
        int nodes = client.nodes().list().getItems().size();
        awaitValue("count(up{job=\"kubelet\"} == 1)", nodes);
        awaitValue("count(up{job=\"cadvisor\"} == 1)", nodes);
        awaitSeen(
                "containers in cadvisor's metrics",
                () -> assertThat(prometheus.value("count(container_last_seen{job=\"cadvisor\"})"))
                        .isPresent());
        awaitReady("Monitor", "probes", "pages");
        awaitReady("Monitor", "kubelet", "kubelet");
    }

    @Test
    @Order(8)
    void prometheusIsUpgradedThoughTheOperatorDiesHalfway() throws Exception {
        String uid = pod().getMetadata().getUid();
        upgrade("defaultServer.spec.version=" + NEW_PROMETHEUS);
        awaitSeen(
                "the old pod going",
                () -> assertThat(Optional.ofNullable(pod()))
                        .as("%s of the uid %s", POD, uid)
                        .matches(pod -> pod.isEmpty()
                                || !pod.get().getMetadata().getUid().equals(uid)
                                || pod.get().getMetadata().getDeletionTimestamp() != null));
        killAll(operators());
        awaitSeen("the new release", () -> assertThat(prometheus.version()).isEqualTo(NEW_PROMETHEUS));
        awaitReady("PrometheusServer", HOME, "main");
        assertThat(pod().getMetadata().getUid()).isNotEqualTo(uid);
        assertDataKept();
        awaitFreshSamples("server", Instant.now());
    }

    @Test
    @Order(9)
    void theRetentionIsChangedWithoutARestartAndNotShrunkByAccident() throws Exception {
        String uid = pod().getMetadata().getUid();
        patchServer("{\"spec\":{\"retention\":{\"size\":\"9GB\"}}}");
        awaitSeen(
                "the loaded retention",
                () -> assertThat(prometheus.configuration()).contains("size: 9GiB"));
        awaitReady("PrometheusServer", HOME, "main");
        patchServer("{\"spec\":{\"retention\":{\"size\":\"1GB\"}}}");
        awaitSeen(
                "what the server says of it",
                () -> assertThat(status("PrometheusServer", HOME, "main").toString())
                        .contains("DataLossRefused"));
        assertThat(prometheus.configuration()).contains("size: 9GiB");
        patchServer("{\"spec\":{\"retention\":{\"size\":\"9GB\"}}}");
        awaitReady("PrometheusServer", HOME, "main");
        assertSamePod(uid);
        assertDataKept();
    }

    @Test
    @Order(10)
    void anotherReplicaTakesOverFromALeaderThatDies() throws Exception {
        String uid = pod().getMetadata().getUid();
        String leader = leader();
        killAll(operators().stream()
                .filter(pod -> leader.startsWith(pod.getMetadata().getName()))
                .toList());
        interval("3s");
        awaitIntervals("3s");
        awaitReady("Monitor", "shop", "server");
        assertThat(leader()).as("the leader").isNotEqualTo(leader);
        assertSamePod(uid);
    }

    @Test
    @Order(11)
    void aPrometheusThatIsKilledComesBackWithItsData() throws Exception {
        String uid = pod().getMetadata().getUid();
        killAll(List.of(pod()));
        awaitSeen("another pod, ready", () -> {
            assertThat(Optional.ofNullable(pod()))
                    .hasValueSatisfying(
                            pod -> assertThat(pod.getMetadata().getUid()).isNotEqualTo(uid));
            assertThat(prometheus.version()).isEqualTo(NEW_PROMETHEUS);
        });
        awaitReady("PrometheusServer", HOME, "main");
        awaitFreshSamples("server", Instant.now());
        assertDataKept();
    }

    @Test
    @Order(12)
    void samplesAreSentOnAndAlertsArrive() {
        AskedPrometheus archive = asked("remote-write", "archive");
        // What no other has: the archive scrapes nothing.
        awaitSeen(
                "samples of the agent in the archive",
                () -> assertThat(archive.value("count(up{job=\"prometheus\",site=\"edge\"} == 1)"))
                        .contains(2.0));
        assertThat(archive.value("count(go_goroutines)"))
                .as("what the agent drops before it sends")
                .isEmpty();
        for (String server : List.of("edge", "archive")) {
            awaitReady("PrometheusServer", "remote-write", server);
        }
        awaitSeen(
                "the alert in the Alertmanager",
                () -> assertThat(client.raw(
                                "/api/v1/namespaces/alerting/services/http:alertmanager:http/proxy/api/v2/alerts"))
                        .contains("\"alertname\":\"TargetDown\"", "\"job\":\"nobody\"", "\"cluster\":\"example\""));
        awaitSeen(
                "the Alertmanager in the status",
                () -> assertThat(condition("PrometheusServer", "alerting", "main", "AlertmanagersDiscovered"))
                        .startsWith("True"));
        assertThat(condition("Monitor", "alerting", "nobody", "Ready"))
                .startsWith("False TargetsDown")
                .contains("nothing listens at 127.0.0.1");
        // The default server takes the RuleSets of all namespaces, too.
        for (AskedPrometheus asked : List.of(asked("alerting", "main"), prometheus)) {
            awaitSeen(
                    "what the recording rule says",
                    () -> assertThat(asked.value("job:up:ratio{job=\"nobody\"}"))
                            .contains(0.0));
        }
    }

    @Test
    @Order(13)
    void withoutAnApiServerScrapingGoesOnAndAfterwardsTheOperatorToo() throws Exception {
        Cluster.Outside outside = cluster.outside()
                .orElseGet(() -> Assumptions.abort("the API server of this cluster can't be stopped from here"));
        String uid = pod().getMetadata().getUid();
        Set<String> operators = uids(operators());
        try (HttpClient http = HttpClient.newHttpClient()) {
            String address = outside.pod(pod().getStatus().getPodIP(), 9090).toString();
            AskedPrometheus direct = new AskedPrometheus(path -> fetch(http, address + path));
            outside.stopApiServer();
            Instant stopped = Instant.now();
            awaitSeen(
                    "samples from after the API server's end",
                    () -> assertThat(direct.value("min(timestamp(up{job=\"server\"} == 1))"))
                            .hasValueSatisfying(
                                    time -> assertThat(time).isGreaterThan((double) stopped.getEpochSecond() + 5)));
        } finally {
            outside.startApiServer();
        }
        interval("2s");
        awaitIntervals("2s");
        awaitReady("Monitor", "shop", "server");
        awaitReady("PrometheusServer", HOME, "main");
        assertSamePod(uid);
        assertThat(uids(operators())).as("the operator's pods").isEqualTo(operators);
        assertThat(operators())
                .as("the operator's pods")
                .allSatisfy(pod -> assertThat(restarts(pod))
                        .as(pod.getMetadata().getName())
                        .isZero());
    }

    @Test
    @Order(14)
    void anUpgradeOfTheOperatorRestartsNoPrometheus(@TempDir Path definitions) throws Exception {
        String uid = pod().getMetadata().getUid();
        long generation = generation();
        Set<String> operators = uids(operators());
        upgradeDefinitions(definitions);
        upgrade("verbose=true");
        awaitSeen(
                "the operator's new pods",
                () -> assertThat(uids(operators())).hasSize(2).doesNotContainAnyElementsOf(operators));
        interval("3s");
        awaitIntervals("3s");
        awaitReady("PrometheusServer", HOME, "main");
        assertThat(generation()).as("the generation of the StatefulSet").isEqualTo(generation);
        assertSamePod(uid);
    }

    @Test
    @Order(15)
    void anotherImageOfTheOperatorTakesOverAndMissesNothing() throws Exception {
        Cluster.Image next =
                cluster.next().orElseGet(() -> Assumptions.abort("this cluster has no second image of the operator"));
        String uid = pod().getMetadata().getUid();
        long generation = generation();
        Set<String> before = uids(operators());
        String leader = leader();
        int transitions = transitions();
        upgrade("image.repository=" + next.repository() + ",image.tag=" + next.tag());
        commands.run(kubectl("apply", "-f", "-"), """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: during, namespace: %s}
                spec: {source: {static: {targets: ['127.0.0.1:9090']}}, endpoints: [{interval: 1s}]}
                """.formatted(HOME));
        assertThat(uids(operators()))
                .as("the operator's pods when the Monitor was applied")
                .containsAnyElementsOf(before);
        awaitSeen(
                "the next image's pods",
                () -> assertThat(operators()).hasSize(2).allSatisfy(pod -> {
                    assertThat(before).doesNotContain(pod.getMetadata().getUid());
                    assertThat(pod.getSpec().getContainers().getFirst().getImage())
                            .isEqualTo(next.toString());
                }));
        awaitValue("count(up{job=\"during\"} == 1)", 1);
        awaitReady("Monitor", HOME, "during");
        awaitReady("PrometheusServer", HOME, "main");
        awaitSeen("a leader of the next image", () -> {
            assertThat(leader()).isNotEqualTo(leader);
            assertThat(operators())
                    .anySatisfy(pod ->
                            assertThat(leader()).startsWith(pod.getMetadata().getName()));
        });
        assertThat(transitions()).as("how often the Lease changed hands").isGreaterThan(transitions);
        assertThat(generation()).as("the generation of the StatefulSet").isEqualTo(generation);
        assertSamePod(uid);
        assertDataKept();
        interval("2s");
        awaitIntervals("2s");
    }

    private int transitions() {
        return client.leases().inNamespace(HOME).list().getItems().stream()
                .mapToInt(lease -> Optional.ofNullable(lease.getSpec().getLeaseTransitions())
                        .orElse(0))
                .sum();
    }

    @Test
    @Order(16)
    void eachLineOfTheLogIsAnObject() throws Exception {
        Set<String> servers = new TreeSet<>();
        List<String> secrets = client.secrets().inAnyNamespace().list().getItems().stream()
                .filter(secret -> secret.getMetadata().getName().equals("kubelet-metrics")
                        || secret.getMetadata().getName().endsWith("-operator"))
                .flatMap(secret -> secret.getData().values().stream())
                .map(data -> new String(Base64.getDecoder().decode(data), UTF_8))
                .toList();
        assertThat(secrets).isNotEmpty();
        for (Pod operator : operators()) {
            String log = commands.run(
                    kubectl("--namespace", HOME, "logs", operator.getMetadata().getName()));
            assertThat(log.lines()).as("the log").isNotEmpty().allSatisfy(line -> {
                JsonNode object = JSON.readTree(line);
                assertThat(object.path("formattedMessage").asText()).as(line).isNotEmpty();
                if (object.path("mdc").has("server")) {
                    servers.add(object.path("mdc").path("server").asText());
                }
            });
            assertThat(secrets).allSatisfy(secret -> assertThat(log).doesNotContain(secret));
        }
        assertThat(servers).as("the servers that lines are about").contains(HOME + "/main", "alerting/main");
    }

    @Test
    @Order(17)
    void uninstallingLeavesWhatMonitorsAndNothingHalfGone() throws Exception {
        String uid = pod().getMetadata().getUid();
        commands.run(helm("uninstall", "narthex", "--namespace", HOME, "--wait"));
        awaitSeen("the operator's pods", () -> assertThat(operators()).isEmpty());
        Instant uninstalled = Instant.now();
        assertSamePod(uid);
        awaitFreshSamples("server", uninstalled);
        assertDataKept();
        assertThat(resource("PrometheusServer", HOME, "main")).isNotNull();
        assertThat(resource("Monitor", "shop", "server")).isNotNull();
        assertThat(client.persistentVolumeClaims().inNamespace(HOME).list().getItems())
                .as("the claims of %s", HOME)
                .singleElement()
                .satisfies(claim -> assertThat(claim.getStatus().getPhase()).isEqualTo("Bound"));
        assertThat(terminating()).as("what is Terminating").isEmpty();

        install(
                cluster.operator(),
                "--set",
                "defaultServer.spec.version=" + NEW_PROMETHEUS,
                "--set",
                "defaultServer.spec.retention.size=9GB");
        interval("4s");
        awaitIntervals("4s");
        awaitReady("PrometheusServer", HOME, "main");
        assertSamePod(uid);
        assertDataKept();
        commands.run(helm("uninstall", "narthex", "--namespace", HOME, "--wait"));
        awaitSeen("the operator's pods", () -> assertThat(operators()).isEmpty());

        commands.run(kubectl("--namespace", HOME, "delete", "prometheusserver", "main", "--wait", "--timeout=60s"));
        awaitSeen("the server's pod", () -> assertThat(pod()).isNull());
        assertThat(terminating()).as("what is Terminating").isEmpty();
        assertThat(client.persistentVolumeClaims().inNamespace(HOME).list().getItems())
                .as("the claims of %s", HOME)
                .hasSize(1);
    }

    /** By the documented commands; what is there already is what the uninstalled release left. */
    @Test
    @Order(18)
    void plainYamlInstallsTheSame() throws Exception {
        documented("kubectl apply --server-side --force-conflicts -f crds/");
        documented(
                "kubectl wait --for=jsonpath='{.status.conditions[?(@.type==\"Established\")].status}'=True -f crds/");
        documented("kubectl apply --server-side -f helm/install.yaml");
        commands.run(kubectl("--namespace", HOME, "rollout", "status", "deployment/narthex", "--timeout=120s"));
        interval("3s");
        awaitIntervals("3s");
        awaitReady("Monitor", "shop", "server");
        awaitReady("PrometheusServer", HOME, "main");
        assertDataKept();
    }

    @Test
    @Order(19)
    void deletingPlainYamlTakesItsNamespaceAndNothingOfOthers() throws Exception {
        String uid = pod().getMetadata().getUid();
        documented("kubectl -n narthex-system delete deployment,poddisruptionbudget narthex");
        awaitSeen("the operator's pods", () -> assertThat(operators()).isEmpty());
        awaitFreshSamples("server", Instant.now());
        assertSamePod(uid);

        documented("kubectl apply --server-side -f helm/install.yaml");
        Set<String> others = uidsOutsideHome();
        assertThat(others).isNotEmpty();
        documented("kubectl delete -f helm/install.yaml");
        assertThat(client.namespaces().withName(HOME).get()).isNull();
        assertThat(client.rbac().clusterRoles().withName("narthex-discovery").get())
                .isNull();
        assertThat(uidsOutsideHome())
                .as("Narthex's resources, claims and pods of Prometheus in other namespaces")
                .isEqualTo(others);
        assertThat(terminating()).as("what is Terminating").isEmpty();
    }

    /** By the documented commands, after which nothing of Narthex is left anywhere. */
    @Test
    @Order(20)
    void theRestIsRemovedByTheDocumentedCommands() throws Exception {
        assertThat(managed()).as("what the servers of other namespaces have").isNotEmpty();
        commands.run(kubectl("create", "namespace", HOME));
        List<String> block = Files.readString(REPOSITORY.resolve("docs/kubernetes.md"))
                .transform(text -> text.substring(text.indexOf("\n## Uninstall")))
                .transform(text -> text.substring(text.indexOf("To remove the rest as well:")))
                .lines()
                .skip(2)
                .takeWhile(line -> !line.isBlank())
                .map(String::strip)
                .toList();
        assertThat(block).hasSizeGreaterThan(4).allMatch(line -> line.startsWith("kubectl delete "));
        for (String line : block) {
            // The plain installation before has taken this one away already.
            if (!line.startsWith("kubectl delete clusterrole ")) {
                documented(line);
            }
        }
        awaitSeen("what is left", () -> assertThat(managed()).isEmpty());
        assertThat(client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .list()
                        .getItems())
                .noneMatch(definition -> definition.getSpec().getGroup().equals("monitoring.narthex.io"));
        assertThat(client.namespaces().withName(HOME).get()).isNull();
    }

    /** Returns what bears Narthex's label in the whole cluster. */
    private List<String> managed() throws InterruptedException {
        return commands.run(kubectl(
                        "get",
                        "statefulsets,pods,services,secrets,serviceaccounts,persistentvolumeclaims,"
                                + "poddisruptionbudgets,networkpolicies,rolebindings,clusterrolebindings",
                        "--all-namespaces",
                        "--selector",
                        "app.kubernetes.io/managed-by=narthex",
                        "--output",
                        "name"))
                .lines()
                .toList();
    }

    // --- what is done ----------------------------------------------------------------------

    private static List<String> kubectl(String... arguments) {
        return command("kubectl", arguments);
    }

    private static List<String> helm(String... arguments) {
        return command("helm", arguments);
    }

    private static List<String> command(String program, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(RealPrograms.find(program).toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Returns what Helm prints. */
    private String install(Optional<Cluster.Image> image, String... settings) throws InterruptedException {
        List<String> install = new ArrayList<>(helm(
                "install",
                "narthex",
                REPOSITORY.resolve("helm/narthex").toString(),
                "--namespace",
                HOME,
                "--wait",
                "--timeout",
                "3m",
                "--set",
                "logFormat=json"));
        install.addAll(List.of(settings));
        image.ifPresent(operator -> install.addAll(
                List.of("--set", "image.repository=" + operator.repository(), "--set", "image.tag=" + operator.tag())));
        return commands.run(install);
    }

    /** Runs a command of docs/kubernetes.md, as if in the checkout, where {@code helm/install.yaml} has the operator's image. */
    private void documented(String command) throws IOException, InterruptedException {
        assertThat(Files.readString(REPOSITORY.resolve("docs/kubernetes.md"))).contains(command);
        String plain = Files.readString(REPOSITORY.resolve("helm/install.yaml"));
        String yaml = cluster.operator()
                .map(image -> plain.replaceFirst("image: \"narthex:[^\"]+\"", "image: \"" + image + "\""))
                .orElse(plain);
        String words = command.replaceFirst(" +#.*", "")
                .replaceFirst("^kubectl ", "")
                .replaceFirst("helm/install\\.yaml$", "-")
                .replaceFirst("crds/$", REPOSITORY.resolve("crds").toString())
                .replace("'", "");
        commands.run(kubectl(words.split(" ")), yaml);
    }

    /** Changes definitions that Helm made by the documented command: those of a release in which Monitors have one field more. */
    private void upgradeDefinitions(Path folder) throws IOException, InterruptedException {
        String documented = Files.readAllLines(REPOSITORY.resolve("docs/kubernetes.md")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("kubectl apply") && line.endsWith(" crds/"))
                .findFirst()
                .orElseThrow();
        for (String kind : List.of("monitors", "prometheusservers", "rulesets")) {
            String definition = Files.readString(REPOSITORY.resolve("crds/" + kind + ".yaml"));
            Files.writeString(
                    folder.resolve(kind + ".yaml"),
                    kind.equals("monitors")
                            ? definition.replaceFirst("(?m)^( +)spec:$", "$1later: {type: string}\n$0")
                            : definition);
        }
        commands.run(kubectl(documented
                .replaceFirst("^kubectl ", "")
                .replaceFirst("crds/$", folder.toString())
                .split(" ")));
        // The API server tells of a definition's fields a moment after it took it.
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(commands.run(kubectl("explain", "monitor.later")))
                        .contains("<string>"));
    }

    private void upgrade(String setting) throws InterruptedException {
        commands.run(helm(
                "upgrade",
                "narthex",
                REPOSITORY.resolve("helm/narthex").toString(),
                "--namespace",
                HOME,
                "--reset-then-reuse-values",
                "--set",
                setting));
    }

    private void patchServer(String patch) throws InterruptedException {
        commands.run(
                kubectl("--namespace", HOME, "patch", "prometheusserver", "main", "--type=merge", "--patch", patch));
    }

    private void interval(String interval) throws IOException, InterruptedException {
        String monitor = Files.readString(EXAMPLES.resolve("django/monitor.yaml"));
        String changed =
                monitor.replace("interval: 5s", "interval: " + interval).replace("timeout: 4s", "timeout: 2s");
        assertThat(changed).isNotEqualTo(monitor);
        commands.run(kubectl("apply", "-f", "-"), changed);
    }

    private void killAll(List<Pod> pods) {
        assertThat(pods).isNotEmpty();
        pods.forEach(pod -> client.resource(pod).withGracePeriod(0).delete());
    }

    private static List<Path> examples() throws IOException {
        try (Stream<Path> entries = Files.list(EXAMPLES)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static String fetch(HttpClient http, String url) {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError(url + " can't be fetched", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    // --- what is seen -----------------------------------------------------------------------

    /** Waits until an assertion holds. Where it doesn't in time, its last failure is the test's. */
    private static void awaitSeen(String what, Executable assertion) {
        AtomicReference<Throwable> last = new AtomicReference<>();
        try {
            await().atMost(LONG).pollDelay(Duration.ZERO).pollInterval(POLL).until(() -> {
                try {
                    assertion.execute();
                    return true;
                } catch (Throwable e) {
                    // Whoever is asked may be away for a moment.
                    last.set(e);
                    return false;
                }
            });
        } catch (ConditionTimeoutException e) {
            Throwable seen = last.get() == null ? e : last.get();
            throw new AssertionError(what + ", for " + LONG.toSeconds() + " s: " + seen.getMessage(), seen);
        }
    }

    private void awaitValue(String expression, double value) {
        awaitSeen(
                expression,
                () -> assertThat(prometheus.value(expression)).as(expression).contains(value));
    }

    private void awaitIntervals(String interval) {
        awaitSeen(
                "the targets' interval",
                () -> assertThat(prometheus.intervals("server"))
                        .as("the intervals of job server")
                        .containsOnly(interval));
    }

    private void awaitFreshSamples(String job, Instant since) {
        awaitSeen(
                "samples of " + job,
                () -> assertThat(prometheus.value("min(timestamp(up{job=\"" + job + "\"} == 1))"))
                        .as("the newest sample of job %s", job)
                        .hasValueSatisfying(time -> assertThat(time).isGreaterThan((double) since.getEpochSecond())));
    }

    private void assertDataKept() {
        assertThat(prometheus.value("count(up{job=\"server\"} == 1)", scraped))
                .as("what %s had seen at %s", OLD_PROMETHEUS, scraped)
                .contains(1.0);
    }

    private void awaitReady(String kind, String namespace, String name) {
        awaitSeen(kind + " " + namespace + "/" + name, () -> {
            GenericKubernetesResource object = resource(kind, namespace, name);
            assertThat(status(kind, namespace, name).path("observedGeneration").asLong())
                    .as("observedGeneration of %s %s/%s", kind, namespace, name)
                    .isEqualTo(object.getMetadata().getGeneration());
            assertThat(condition(kind, namespace, name, "Ready"))
                    .as("%s %s/%s: %s", kind, namespace, name, status(kind, namespace, name))
                    .startsWith("True AsDeclared");
        });
    }

    private GenericKubernetesResource resource(String kind, String namespace, String name) {
        return client.genericKubernetesResources("monitoring.narthex.io/v1alpha1", kind)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private JsonNode status(String kind, String namespace, String name) {
        return JSON.valueToTree(
                resource(kind, namespace, name).getAdditionalProperties().getOrDefault("status", Map.of()));
    }

    /** Returns a condition's status, reason and message; empty where there is none. */
    private String condition(String kind, String namespace, String name, String type) {
        for (JsonNode condition : status(kind, namespace, name).path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return Stream.of("status", "reason", "message")
                        .map(field -> condition.path(field).asText())
                        .collect(Collectors.joining(" "));
            }
        }
        return "";
    }

    private Pod pod() {
        return client.pods().inNamespace(HOME).withName(POD).get();
    }

    private long generation() {
        return client.apps()
                .statefulSets()
                .inNamespace(HOME)
                .withName("prometheus-main")
                .get()
                .getMetadata()
                .getGeneration();
    }

    private void assertSamePod(String uid) {
        assertThat(pod().getMetadata().getUid()).as("the uid of %s", POD).isEqualTo(uid);
        assertThat(restarts(pod())).as("restarts of %s", POD).isZero();
    }

    private static int restarts(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .mapToInt(status -> status.getRestartCount())
                .sum();
    }

    private List<Pod> operators() {
        return client.pods()
                .inNamespace(HOME)
                .withLabel("app.kubernetes.io/name", "narthex")
                .withLabel("app.kubernetes.io/component", "operator")
                .list()
                .getItems();
    }

    private static Set<String> uids(List<Pod> pods) {
        return pods.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns which resources of Narthex, claims and pods of Prometheus there are in other namespaces. */
    private Set<String> uidsOutsideHome() {
        List<HasMetadata> all = new ArrayList<>(
                client.persistentVolumeClaims().inAnyNamespace().list().getItems());
        all.addAll(client.pods()
                .inAnyNamespace()
                .withLabel("app.kubernetes.io/name", "prometheus")
                .list()
                .getItems());
        for (String kind : KINDS) {
            all.addAll(client.genericKubernetesResources("monitoring.narthex.io/v1alpha1", kind)
                    .inAnyNamespace()
                    .list()
                    .getItems());
        }
        return all.stream()
                .filter(object -> !object.getMetadata().getNamespace().equals(HOME))
                .map(object -> object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                        + object.getMetadata().getName() + " "
                        + object.getMetadata().getUid())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String leader() {
        return client.leases().inNamespace(HOME).list().getItems().stream()
                .map(lease ->
                        Optional.ofNullable(lease.getSpec().getHolderIdentity()).orElse(""))
                .filter(holder -> !holder.isEmpty())
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody holds a lease in " + HOME));
    }

    /** Returns what is being deleted but isn't gone, in the namespaces of this story and of the cluster itself. */
    private List<String> terminating() {
        List<HasMetadata> all = new ArrayList<>();
        all.addAll(client.namespaces().list().getItems());
        all.addAll(
                client.apiextensions().v1().customResourceDefinitions().list().getItems());
        all.addAll(client.rbac().clusterRoles().list().getItems());
        all.addAll(client.rbac().clusterRoleBindings().list().getItems());
        all.addAll(client.pods().inNamespace(HOME).list().getItems());
        all.addAll(client.secrets().inNamespace(HOME).list().getItems());
        all.addAll(client.services().inNamespace(HOME).list().getItems());
        all.addAll(client.apps().statefulSets().inNamespace(HOME).list().getItems());
        all.addAll(client.persistentVolumeClaims().inNamespace(HOME).list().getItems());
        for (String kind : KINDS) {
            all.addAll(client.genericKubernetesResources("monitoring.narthex.io/v1alpha1", kind)
                    .inAnyNamespace()
                    .list()
                    .getItems());
        }
        return all.stream()
                .filter(object -> object.getMetadata().getDeletionTimestamp() != null)
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .toList();
    }

    /** Prints what may explain a failure. */
    private void look() {
        if (commands == null) {
            return;
        }
        for (List<String> command : List.of(
                kubectl("get", "pods", "--all-namespaces", "-o", "wide"),
                kubectl("get", "prometheusservers,monitors,rulesets", "--all-namespaces"),
                kubectl("--namespace", HOME, "get", "prometheusserver", "main", "-o", "jsonpath={.status}"),
                kubectl("--namespace", "shop", "get", "monitor", "server", "-o", "jsonpath={.status}"),
                kubectl("--namespace", HOME, "get", "events", "--sort-by=.lastTimestamp"),
                kubectl("--namespace", HOME, "logs", "--prefix", "--tail=40", "-l", "app.kubernetes.io/name=narthex"),
                kubectl("--namespace", HOME, "logs", "--tail=20", POD))) {
            try {
                System.err.println("$ " + String.join(" ", command.subList(1, command.size())));
                System.err.println(commands.attempt(command, "").text());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                System.err.println(e);
            }
        }
    }
}
