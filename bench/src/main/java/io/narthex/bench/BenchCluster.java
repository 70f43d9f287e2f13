package io.narthex.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.rollout.kubernetes.QuietWrites;
import io.narthex.source.kubernetes.ClusterSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A namespace of a real cluster with a PrometheusServer that runs, and the operator that takes care of it, a process of this
 * machine. What is declared in it is gone when it is closed.
 *
 * <p>For one thread, but for the callbacks of watches.
 */
final class BenchCluster implements AutoCloseable {

    /** So many are found for each of the many Monitors. */
    static final int TARGETS = 4;

    /** The operator's observation is quiet again so long after a change. */
    private static final Duration QUIET = Duration.ofSeconds(70);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String API = "/apis/monitoring.narthex.io/v1alpha1/namespaces/";
    private static final String MANY = "target";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path kubeconfig = Path.of(System.getenv("KUBECONFIG"));
    private final KubernetesClient client;
    private final QuietWrites quiet;
    private final String namespace = "bench-" + Long.toString(System.nanoTime(), 36);
    private final Path log;
    private OperatorProcess operator;

    /** Returns when the server is ready. */
    BenchCluster() throws IOException, InterruptedException {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
                .build();
        quiet = new QuietWrites(client);
        log = Files.createTempFile("narthex-bench-", ".log");
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        operator = startOperator();
        apply("""
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: PrometheusServer
                metadata: {name: main}
                spec: {scrapeInterval: 60s}
                """);
        await("the server is ready", () -> isTrue(status(ApiKinds.SERVER, "main"), "Ready"));
    }

    KubernetesClient client() {
        return client;
    }

    String namespace() {
        return namespace;
    }

    /** Returns the operator that works, or is to work next. */
    OperatorProcess operator() {
        return operator;
    }

    /** Starts another operator, and returns when it has read everything; {@link #operator} stays the one before. */
    OperatorProcess startOperator(String... options) throws IOException, InterruptedException {
        return OperatorProcess.start(kubeconfig, log, options);
    }

    /** Says which operator is the one that works from now on. */
    void follow(OperatorProcess next) {
        operator = next;
    }

    // What is declared.

    void apply(String yaml) {
        for (HasMetadata object : client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()) {
            object.getMetadata().setNamespace(namespace);
            client.resource(object).fieldManager("bench").forceConflicts().serverSideApply();
        }
    }

    /** Returns when the API server has answered, which doesn't send the Monitor back. */
    void applyMonitor(String name, String yaml) {
        try {
            quiet.apply(API + namespace + "/monitors/" + name, "bench", yaml);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Applies another version of one of the many Monitors. */
    void applyMany(int number, int version) {
        applyMonitor("many-" + number, many(number, version));
    }

    /** One of many: a Service whose pods refuse the scrape at once, so that it costs next to nothing. */
    private static String many(int number, int version) {
        return """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata:
                  name: many-%d
                  labels: {number: "%d"}
                spec:
                  source: {service: {selector: {matchLabels: {app: target}}}}
                  labels: {version: "%d"}
                  endpoints:
                    - port: web
                      interval: 60s
                      metricRelabelings:
                        - {action: drop, sourceLabels: [__name__], regex: "go_gc_.*"}
                """.formatted(number, number, version);
    }

    /** Creates many Monitors, eight at a time, from this number on. */
    void createMany(int from, int to) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Void>> calls = new ArrayList<>();
            IntStream.range(from, to)
                    .forEach(number -> calls.add(() -> {
                        applyMany(number, 0);
                        return null;
                    }));
            for (Future<Void> done : threads.invokeAll(calls)) {
                if (done.state() == Future.State.FAILED) {
                    throw new IllegalStateException(done.exceptionNow());
                }
            }
        }
    }

    /** Creates the pods that the many Monitors are to scrape. */
    void createTargets(int count) throws InterruptedException {
        createPods(MANY, count, 1, "sleep infinity");
    }

    /** Creates pods and a Service of this name with the port {@code web}, or changes how many there are. */
    void createPods(String name, int count, int port, String command) throws InterruptedException {
        apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s, labels: {app: %1$s}}
                spec:
                  selector: {app: %1$s}
                  ports: [{name: web, port: 80, targetPort: %3$d}]
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  replicas: %2$d
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec:
                      terminationGracePeriodSeconds: 0
                      containers:
                        - name: %1$s
                          image: testbed.local/busybox:1
                          imagePullPolicy: IfNotPresent
                          command: [sh, -c, "%4$s"]
                """.formatted(name, count, port, command));
        await("the pods of " + name + " run", () -> {
            Integer ready = client.apps()
                    .deployments()
                    .inNamespace(namespace)
                    .withName(name)
                    .get()
                    .getStatus()
                    .getReadyReplicas();
            return (ready == null ? 0 : ready) == count;
        });
    }

    // What became of it.

    JsonNode status(String kind, String name) {
        GenericKubernetesResource object = client.genericKubernetesResources(ClusterSource.context(kind))
                .inNamespace(namespace)
                .withName(name)
                .get();
        return status(object);
    }

    static JsonNode status(GenericKubernetesResource object) {
        return JSON.valueToTree(object.getAdditionalProperties().getOrDefault("status", Map.of()));
    }

    private static boolean isTrue(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    static boolean isLoaded(JsonNode monitorStatus) {
        return isTrue(monitorStatus.path("servers").path(0), "Loaded");
    }

    /** Returns when all of the many Monitors are loaded, and their targets are observed. */
    void awaitAll(int monitors, int targetsOfEach) throws InterruptedException {
        while (!allLoaded()) {
            TimeUnit.SECONDS.sleep(5);
        }
        await(
                "all are observed",
                () -> status(ApiKinds.SERVER, "main")
                                .path("targets")
                                .path("total")
                                .asInt()
                        >= monitors * targetsOfEach);
    }

    private boolean allLoaded() {
        return client
                .genericKubernetesResources(ClusterSource.context(ApiKinds.MONITOR))
                .inNamespace(namespace)
                .list()
                .getItems()
                .stream()
                .allMatch(monitor -> isLoaded(status(monitor)));
    }

    /** Returns where its Prometheus is. */
    String prometheus() {
        Pod pod = client.pods()
                .inNamespace(namespace)
                .withName("prometheus-main-0")
                .get();
        return "http://" + pod.getStatus().getPodIP() + ":9090";
    }

    /** Returns the marker of the generation that the Prometheus shows. */
    String generation(String prometheus) {
        String config =
                get(prometheus + "/api/v1/status/config").at("/data/yaml").asText();
        return config.lines()
                .filter(line -> line.contains("generation-"))
                .findFirst()
                .orElse("");
    }

    /** Returns what is answered; a missing node where nothing is. */
    JsonNode get(String url) {
        try {
            return JSON.readTree(http.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .timeout(Duration.ofSeconds(30))
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream())
                    .body());
        } catch (IOException e) {
            return JSON.missingNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Calls back for each object that is there, and each change; from another thread. */
    static <T> Watcher<T> watcher(Consumer<T> seen) {
        return new Watcher<>() {
            @Override
            public void eventReceived(Action action, T object) {
                if (action == Action.ADDED || action == Action.MODIFIED) {
                    seen.accept(object);
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                throw new IllegalStateException(cause);
            }
        };
    }

    /** Returns how many seconds it took until the condition held. */
    static double await(String what, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new IllegalStateException("not within " + LIMIT.toMinutes() + " minutes: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Lets the operator come to rest after a change. */
    static void rest() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
    }

    @Override
    public void close() throws IOException {
        operator.close();
        client.namespaces().withName(namespace).delete();
        client.close();
    }
}
