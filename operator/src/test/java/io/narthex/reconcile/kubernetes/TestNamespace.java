package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.TargetQuery;
import io.narthex.source.kubernetes.ClusterSource;
import io.narthex.testbed.Testbed;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A namespace of the testbed's cluster: what a test declares in it, what is said of that, and what runs. The server of which
 * it speaks is the PrometheusServer {@code main}.
 *
 * @param testbed the cluster
 * @param name its name
 */
record TestNamespace(Testbed testbed, String name) implements AutoCloseable {

    /** How long a test waits for what must come. */
    static final Duration LONG = Duration.ofMinutes(2);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVER = "prometheus-main";

    private KubernetesClient admin() {
        return testbed.administrator();
    }

    /** Deletes it, with all that is in it. */
    @Override
    public void close() {
        admin().namespaces().withName(name).delete();
    }

    // --- what is declared -------------------------------------------------------------------

    /** Declares a resource of Narthex, or changes it to this specification. */
    void declare(String kind, String resource, String spec) throws IOException {
        apply("apiVersion: monitoring.narthex.io/v1alpha1\nkind: " + kind + "\nmetadata: {name: " + resource
                + "}\nspec:\n" + spec.indent(2));
    }

    /** Applies objects of whatever kind in this namespace. */
    void apply(String yaml) throws IOException {
        testbed.apply(yaml, Optional.of(name));
    }

    /** Makes a Secret, or changes it to this. */
    void secret(String secret, Map<String, String> data) {
        admin().resource(newSecret(secret, data))
                .fieldManager("test")
                .forceConflicts()
                .serverSideApply();
    }

    /** Returns a Secret of this namespace that nobody has made yet. */
    Secret newSecret(String secret, Map<String, String> data) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(secret)
                .withNamespace(name)
                .endMetadata()
                .withStringData(data)
                .build();
    }

    /** Returns the specification of a Monitor of the server itself. */
    static String self(String interval) {
        return "source: {static: {targets: ['127.0.0.1:9090']}}\nendpoints: [{interval: " + interval + "}]\n";
    }

    /** Declares a server that scrapes itself, and waits until it does. */
    void declareServerThatScrapesItself() throws IOException {
        declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        declare("Monitor", "self", self("1s"));
        awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
    }

    /** Returns a resource of Narthex, to get or to change. */
    Resource<GenericKubernetesResource> resource(String kind, String resource) {
        return admin().genericKubernetesResources(ClusterSource.context(kind))
                .inNamespace(name)
                .withName(resource);
    }

    // --- what is said -----------------------------------------------------------------------

    /** Returns the status of a resource of Narthex; empty where it has none yet. */
    JsonNode status(String kind, String resource) {
        return status(resource(kind, resource).get());
    }

    /** Returns the status of a resource of Narthex that was read; empty where it has none yet. */
    static JsonNode status(GenericKubernetesResource read) {
        return JSON.valueToTree(read.getAdditionalProperties().getOrDefault("status", Map.of()));
    }

    /** Tells of a resource as it is and as it becomes, until what this returns is closed. */
    Watch watch(String kind, String resource, Consumer<GenericKubernetesResource> listener) {
        return resource(kind, resource).watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, GenericKubernetesResource object) {
                listener.accept(object);
            }

            @Override
            public void onClose(WatcherException e) {
                // The test ends.
            }
        });
    }

    /** Returns a condition's status and reason, such as {@code False Invalid}; empty where there is none. */
    String condition(String kind, String resource, String type) {
        return condition(status(kind, resource), type);
    }

    /** Returns a condition's status and reason in a resource's status, or in what it says of one server. */
    static String condition(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText() + " "
                        + condition.path("reason").asText();
            }
        }
        return "";
    }

    void awaitCondition(String kind, String resource, String type, String wanted) {
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode status = status(kind, resource);
            assertThat(condition(status, type)).as("%s", status).isEqualTo(wanted);
        });
    }

    /** Waits until all these words stand somewhere in a resource's status. */
    void awaitSaid(String kind, String resource, String... words) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(status(kind, resource).toString()).contains(words));
    }

    /** Waits until a Monitor's latest version is said to be loaded by its only server, or not, with this reason. */
    void awaitLoaded(String monitor, String wanted) {
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode status = status("Monitor", monitor);
            assertThat(condition(status.path("servers").path(0), "Loaded"))
                    .as("%s", status)
                    .isEqualTo(wanted);
            assertThat(status.path("observedGeneration").asLong())
                    .isEqualTo(resource("Monitor", monitor).get().getMetadata().getGeneration());
        });
    }

    // --- what runs --------------------------------------------------------------------------

    /** Returns the server's first pod; null where there is none. */
    Pod pod() {
        return admin().pods().inNamespace(name).withName(SERVER + "-0").get();
    }

    /** Returns the uid of the server's first pod. */
    String podUid() {
        return pod().getMetadata().getUid();
    }

    /** Waits until the server's first pod is another than the one of this uid. */
    void awaitOtherPod(String uid) {
        await().atMost(LONG)
                .until(() -> Optional.ofNullable(pod())
                        .filter(now -> !now.getMetadata().getUid().equals(uid))
                        .isPresent());
    }

    /** Returns all pods by name. */
    Map<String, Pod> pods() {
        Map<String, Pod> pods = new TreeMap<>();
        admin().pods()
                .inNamespace(name)
                .list()
                .getItems()
                .forEach(pod -> pods.put(pod.getMetadata().getName(), pod));
        return pods;
    }

    /** Returns the server's StatefulSet. */
    StatefulSet set() {
        return admin().apps().statefulSets().inNamespace(name).withName(SERVER).get();
    }

    void deleteSet() {
        admin().apps().statefulSets().inNamespace(name).withName(SERVER).delete();
    }

    /** Returns how many rights are given in this namespace. */
    int roleBindings() {
        return admin().rbac().roleBindings().inNamespace(name).list().getItems().size();
    }

    /** Returns a client of the server's first pod. */
    PrometheusClient prometheus() {
        return prometheus(pod(), "");
    }

    /** Returns a client of a pod that serves below a path. */
    static PrometheusClient prometheus(Pod pod, String prefix) {
        return new PrometheusClient(
                PrometheusEndpoint.of(URI.create("http://" + pod.getStatus().getPodIP() + ":9090" + prefix)),
                ClientLimits.DEFAULT);
    }

    /** Returns how many targets of the server are up. */
    int up() {
        try (PrometheusClient prometheus = prometheus()) {
            return up(prometheus);
        }
    }

    static int up(PrometheusClient prometheus) {
        return prometheus
                .targets(TargetQuery.OVERVIEW)
                .toOptional()
                .orElseThrow()
                .up();
    }

    /** Waits until the server has scraped so many targets with the interval. */
    void awaitIntervals(String interval, int count) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(JSON.readTree(page("/api/v1/targets"))
                                .path("data")
                                .path("activeTargets"))
                        .filteredOn(
                                target -> target.path("scrapeInterval").asText().equals(interval)
                                        && target.path("health").asText().equals("up"))
                        .hasSize(count));
    }

    /** Returns the jobs that the server has loaded. */
    List<String> jobs() throws IOException {
        List<String> jobs = new ArrayList<>();
        JSON.readTree(page("/api/v1/scrape_pools")).at("/data/scrapePools").forEach(job -> jobs.add(job.asText()));
        return jobs;
    }

    /** Returns how many requests for this path the server has answered. */
    double requests(String path) throws IOException {
        return page("/metrics")
                .lines()
                .filter(line ->
                        line.startsWith("prometheus_http_requests_total{") && line.contains("handler=\"" + path + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private String page(String path) throws IOException {
        URI page = URI.create("http://" + pod().getStatus().getPodIP() + ":9090" + path);
        try (InputStream in = page.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns whatever stands in a Secret of this namespace. */
    List<String> secretTexts() {
        return admin().secrets().inNamespace(name).list().getItems().stream()
                .flatMap(secret -> secret.getData().values().stream())
                .map(data -> new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8))
                .toList();
    }

    /** Returns the credentials that the operator has written for servers. */
    List<String> published() {
        return admin().secrets().inNamespace(name).list().getItems().stream()
                .filter(secret -> secret.getMetadata().getName().contains("-credential-"))
                .flatMap(secret -> secret.getData().entrySet().stream())
                .filter(entry -> entry.getKey().startsWith("credential."))
                .map(entry -> new String(Base64.getDecoder().decode(entry.getValue()), StandardCharsets.UTF_8))
                .toList();
    }
}
