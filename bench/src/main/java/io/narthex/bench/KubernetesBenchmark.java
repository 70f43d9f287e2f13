package io.narthex.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.rollout.kubernetes.QuietWrites;
import io.narthex.source.kubernetes.ClusterSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The operator on a real cluster: an API server, a kubelet, a Prometheus in a pod; the operator is a process of this
 * machine, with the options of the image. One line a figure. The first argument says what is measured:
 *
 * <ul>
 *   <li>{@code cost CHANGES MONITORS…} (10 100 1000 5000; the default): for each number of Monitors what the operator uses
 *       while nothing changes; one change's time until its part of the configuration stands in a Secret, and until
 *       Prometheus runs it; the CPU time that it costs beyond what an idle operator uses, both between the operator's looks
 *       at all targets; the operator's memory; a restart.
 *   <li>{@code burst MONITORS} (1000): so many created at once: how long creating them takes, until Prometheus runs all of
 *       them and each says so, and how many writes that takes.
 *   <li>{@code latency TIMES SECONDS MONITORS} (20 10 0): from the API server's answer to a new Monitor to its first
 *       scrape, at an interval of 1 s, so many seconds apart, beside so many others; and how long Prometheus's own reload
 *       took meanwhile.
 *   <li>{@code handover TIMES MONITORS} (3 1000): how long after the end of the operator that leads a change that is
 *       declared then runs, by the replica that waited; where it was killed, and where it was asked to end.
 * </ul>
 *
 * <p>Run it from the checkout, which is built, with {@code KUBECONFIG} and the custom resource definitions installed;
 * {@code make bench-kubernetes} does all that.
 */
public final class KubernetesBenchmark implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int TARGETS = 4;
    private static final Duration BETWEEN_CHANGES = Duration.ofSeconds(6);
    /** The operator looks at all targets each thirty seconds, and what it does besides comes once a minute. */
    private static final int LOOKS_AT_ONCE = 2;

    private static final int CHANGES_BETWEEN_LOOKS = 4;
    /** After the last of them there is time for what it takes before the next look. */
    private static final Duration TIME_FOR_CHANGES = Duration.ofSeconds(21);
    /** Observation is quiet again so long after a change. */
    private static final Duration QUIET = Duration.ofSeconds(70);

    private static final String API = "/apis/monitoring.narthex.io/v1alpha1/namespaces/";

    /** What Prometheus logs when it has loaded its configuration. */
    private static final Pattern RELOAD =
            Pattern.compile("(?m)Completed loading of configuration file.*totalDuration=([0-9.]+)(µs|ms|s)$");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path kubeconfig = Path.of(System.getenv("KUBECONFIG"));
    private final KubernetesClient client;
    private final QuietWrites quiet;
    private final String namespace = "bench-" + Long.toString(System.nanoTime(), 36);
    private final Path log;
    private OperatorProcess operator;

    private KubernetesBenchmark() throws IOException, InterruptedException {
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
        operator = OperatorProcess.start(kubeconfig, log);
        apply("""
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: PrometheusServer
                metadata: {name: main}
                spec: {scrapeInterval: 60s}
                """);
        await("the server is ready", () -> isTrue(status(ApiKinds.SERVER, "main"), "Ready"));
    }

    // What is asked.

    private void apply(String yaml) {
        for (HasMetadata object : client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()) {
            object.getMetadata().setNamespace(namespace);
            client.resource(object).fieldManager("bench").forceConflicts().serverSideApply();
        }
    }

    private void applyMonitor(String name, String yaml) {
        try {
            quiet.apply(API + namespace + "/monitors/" + name, "bench", yaml);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private JsonNode status(String kind, String name) {
        GenericKubernetesResource object = client.genericKubernetesResources(ClusterSource.context(kind))
                .inNamespace(namespace)
                .withName(name)
                .get();
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

    private static boolean isLoaded(JsonNode status) {
        return isTrue(status.path("servers").path(0), "Loaded");
    }

    private String prometheus() {
        Pod pod = client.pods()
                .inNamespace(namespace)
                .withName("prometheus-main-0")
                .get();
        return "http://" + pod.getStatus().getPodIP() + ":9090";
    }

    private JsonNode get(String url) {
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

    private static double await(String what, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new IllegalStateException("not within " + LIMIT.toMinutes() + " minutes: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    // What is declared.

    /**
     * One whose target answers. Not the Prometheus itself: what that says of itself grows with its jobs, to 17 MB and
     * 150,000 series beside 5,000, more than it can take of itself each second.
     */
    private static String live(int number) {
        return """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: live-%d}
                spec:
                  source: {service: {selector: {matchLabels: {app: live}}}}
                  endpoints: [{port: web, path: /metrics.txt, interval: 1s}]
                """.formatted(number);
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

    private void createTargets() throws InterruptedException {
        createPods("target", TARGETS, 1, "sleep infinity");
    }

    private void createLiveTarget() throws InterruptedException {
        createPods(
                "live",
                1,
                8080,
                "mkdir /tmp/www; echo alive 1 >/tmp/www/metrics.txt; exec httpd -f -p 8080 -h /tmp/www");
    }

    private void createPods(String name, int count, int port, String command) throws InterruptedException {
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
            return ready != null && ready == count;
        });
    }

    private void create(int from, int to) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Void>> calls = new ArrayList<>();
            IntStream.range(from, to)
                    .forEach(number -> calls.add(() -> {
                        applyMonitor("many-" + number, many(number, 0));
                        return null;
                    }));
            for (var done : threads.invokeAll(calls)) {
                if (done.state() == java.util.concurrent.Future.State.FAILED) {
                    throw new IllegalStateException(done.exceptionNow());
                }
            }
        }
    }

    // What is measured.

    private void firstScrapes(int times, Duration distance, int others) throws InterruptedException {
        createLiveTarget();
        if (others > 0) {
            createTargets();
            create(0, others);
            awaitAll(others);
            TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
        }
        List<Double> seconds = new ArrayList<>();
        List<Double> reloads = new ArrayList<>();
        List<Double> rest = new ArrayList<>();
        String url = prometheus() + "/api/v1/query?query=";
        // The first is not counted: it makes the code warm, and Prometheus begin to discover.
        for (int i = -1; i < times; i++) {
            String query = url + URLEncoder.encode("up{job=\"live-" + (i + 1) + "\"} == 1", StandardCharsets.UTF_8);
            applyMonitor("live-" + (i + 1), live(i + 1));
            double took = await(
                    "the first scrape", () -> !get(query).at("/data/result").isEmpty());
            if (i >= 0) {
                seconds.add(took);
                double reload = lastReload();
                reloads.add(reload);
                rest.add(took - reload);
            }
            TimeUnit.MILLISECONDS.sleep(Math.max(0, distance.toMillis() - (long) (took * 1_000)));
        }
        String beside = others == 0 ? "" : String.format(Locale.ROOT, " beside %,d Monitors", others);
        Figures.print("apply to first scrape" + beside, seconds);
        Figures.print("of that, Prometheus's own reload" + beside, reloads);
        Figures.print("of that, all else" + beside, rest);
    }

    /** Returns how many seconds Prometheus's log says that its last reload took. */
    private double lastReload() {
        String lines = client.pods()
                .inNamespace(namespace)
                .withName("prometheus-main-0")
                .inContainer("prometheus")
                .tailingLines(50)
                .getLog();
        Matcher reload = RELOAD.matcher(lines);
        double seconds = Double.NaN;
        while (reload.find()) {
            double unit = switch (reload.group(2)) {
                case "µs" -> 1e-6;
                case "ms" -> 1e-3;
                default -> 1;
            };
            seconds = Double.parseDouble(reload.group(1)) * unit;
        }
        return seconds;
    }

    private void createdAtOnce(int count) throws IOException, InterruptedException {
        AtomicInteger secretWrites = new AtomicInteger();
        AtomicInteger statusWrites = new AtomicInteger();
        Set<String> loaded = ConcurrentHashMap.newKeySet();
        try (Watch _ = client.secrets()
                        .inNamespace(namespace)
                        .watch(watcher(secret -> secretWrites.incrementAndGet()));
                Watch _ = client.genericKubernetesResources(ClusterSource.context(ApiKinds.MONITOR))
                        .inNamespace(namespace)
                        .watch(watcher(monitor -> {
                            Object status = monitor.getAdditionalProperties().get("status");
                            if (status != null) {
                                statusWrites.incrementAndGet();
                                if (isLoaded(JSON.valueToTree(status))) {
                                    loaded.add(monitor.getMetadata().getName());
                                }
                            }
                        }))) {
            String what = String.format(Locale.ROOT, "%,d created at once, ", count);
            double cpu = operator.cpuSeconds();
            long start = System.nanoTime();
            create(0, count);
            double created = (System.nanoTime() - start) / 1e9;
            await("all are loaded", () -> loaded.size() == count);
            double settled = (System.nanoTime() - start) / 1e9;
            Figures.print(what + "creating them", String.format(Locale.ROOT, "%.1f s", created));
            Figures.print(
                    what + "all loaded and told",
                    String.format(
                            Locale.ROOT, "%.1f s after the first, %.1f s after the last", settled, settled - created));
            Figures.print(
                    what + "until then",
                    String.format(
                            Locale.ROOT,
                            "%d writes of Secrets, %d of statuses, %.1f CPU-seconds of the operator",
                            secretWrites.get(),
                            statusWrites.get(),
                            operator.cpuSeconds() - cpu));
            TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
            Figures.print(
                    what + "a minute later",
                    String.format(
                            Locale.ROOT,
                            "%d writes of Secrets, %d of statuses, %.1f CPU-seconds, %.0f MiB",
                            secretWrites.get(),
                            statusWrites.get(),
                            operator.cpuSeconds() - cpu,
                            operator.residentMebibytes()));
        }
    }

    private void awaitAll(int monitors) throws InterruptedException {
        while (!allLoaded()) {
            TimeUnit.SECONDS.sleep(5);
        }
        await("all are observed", () -> {
            JsonNode targets = status(ApiKinds.SERVER, "main").path("targets");
            return targets.path("total").asInt() >= monitors * TARGETS;
        });
    }

    private interface Seen<T> {
        void take(T object);
    }

    private static <T> Watcher<T> watcher(Seen<T> seen) {
        return new Watcher<>() {
            @Override
            public void eventReceived(Action action, T object) {
                if (action == Action.ADDED || action == Action.MODIFIED) {
                    seen.take(object);
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                throw new IllegalStateException(cause);
            }
        };
    }

    private boolean allLoaded() {
        return client
                .genericKubernetesResources(ClusterSource.context(ApiKinds.MONITOR))
                .inNamespace(namespace)
                .list()
                .getItems()
                .stream()
                .allMatch(monitor -> isLoaded(
                        JSON.valueToTree(monitor.getAdditionalProperties().getOrDefault("status", Map.of()))));
    }

    private void among(int monitors, int existing, int changes) throws IOException, InterruptedException {
        String many = String.format(Locale.ROOT, " among %,d", monitors);
        create(existing, monitors);
        awaitAll(monitors);
        TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
        Changes made = new Changes(monitors);
        try (Looks looks = new Looks(operator, monitors * TARGETS);
                Watch _ = client.secrets().inNamespace(namespace).watch(watcher(made::seen))) {
            looks.awaitEnd();
            long start = System.nanoTime();
            double idleCpu = operator.cpuSeconds();
            for (int look = 0; look < LOOKS_AT_ONCE; look++) {
                looks.awaitEnd();
            }
            long end = System.nanoTime();
            Figures.print(
                    "idle" + many,
                    String.format(
                            Locale.ROOT,
                            "%.4f cores, %.0f MiB",
                            (operator.cpuSeconds() - idleCpu) / ((end - start) / 1e9),
                            operator.residentMebibytes()));
            List<Looks.Calm> idle = looks.between(start, end);
            double idleRate = idle.stream().mapToDouble(Looks.Calm::cpu).sum()
                    / idle.stream().mapToDouble(Looks.Calm::seconds).sum();
            Figures.print(
                    "of that, between the looks at all targets" + many,
                    String.format(
                            Locale.ROOT,
                            "%.4f cores (%s s)",
                            idleRate,
                            list(idle.stream().map(Looks.Calm::cpu).toList())));

            // Not counted: from now on, what follows a change later falls into the time of the next ones.
            made.oneAfterAnother(CHANGES_BETWEEN_LOOKS);
            made.forget();
            looks.awaitEnd();
            start = System.nanoTime();
            while (made.at.size() < changes) {
                for (int look = 0; look < LOOKS_AT_ONCE; look++) {
                    int left = (changes - made.at.size() + LOOKS_AT_ONCE - 1 - look) / (LOOKS_AT_ONCE - look);
                    made.oneAfterAnother(Math.min(CHANGES_BETWEEN_LOOKS, left));
                    looks.awaitEnd();
                }
            }
            made.tell(many, looks.between(start, System.nanoTime()), idleRate);
        }
        Figures.print(
                "resident memory" + many,
                String.format(Locale.ROOT, "%.0f MiB, %d threads", operator.residentMebibytes(), operator.threads()));
    }

    /** Changes of Monitors and what became of them; for one thread, but for {@link #seen}. */
    private final class Changes {

        final List<Long> at = new ArrayList<>();
        private final int monitors;
        private final String url = prometheus();
        private final List<Double> inSecret = new ArrayList<>();
        private final List<Double> running = new ArrayList<>();
        /** What the operator had used when a change stood in its Secret, and when Prometheus ran it. */
        private final List<Double> cpuToSecret = new ArrayList<>();

        private final List<Double> cpuToRunning = new ArrayList<>();
        private final AtomicReference<Optional<Written>> written = new AtomicReference<>(Optional.empty());
        private int made;

        /**
         * A Secret that was written.
         *
         * @param at by {@link System#nanoTime}
         * @param cpu the seconds of CPU that the operator had used by then
         */
        private record Written(long at, double cpu) {}

        Changes(int monitors) {
            this.monitors = monitors;
        }

        void seen(Secret secret) {
            if (secret.getMetadata().getName().contains("-part-")
                    && written.get().isEmpty()) {
                written.set(Optional.of(new Written(System.nanoTime(), cpuSeconds())));
            }
        }

        void forget() {
            at.clear();
            inSecret.clear();
            running.clear();
            cpuToSecret.clear();
            cpuToRunning.clear();
        }

        /** Makes so many, as long as there is time before the operator looks at all targets. */
        void oneAfterAnother(int count) throws InterruptedException {
            long start = System.nanoTime();
            for (int i = 0; i < count && System.nanoTime() - start < TIME_FOR_CHANGES.toNanos(); i++) {
                one();
                long next = start + (i + 1) * BETWEEN_CHANGES.toNanos();
                TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
            }
        }

        private double cpuSeconds() {
            try {
                return operator.cpuSeconds();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void one() throws InterruptedException {
            // A prime, so that what changes lies anywhere.
            int number = made * 7919 % monitors;
            String earlier = generation(url);
            double cpu = cpuSeconds();
            written.set(Optional.empty());
            applyMonitor("many-" + number, many(number, monitors + made));
            long applied = System.nanoTime();
            made++;
            at.add(applied);
            await("it stands in a Secret", () -> written.get().isPresent());
            Written stood = written.get().orElseThrow();
            inSecret.add(Math.max(0, stood.at() - applied) / 1e9);
            cpuToSecret.add(stood.cpu() - cpu);
            await("Prometheus runs it", () -> !generation(url).equals(earlier));
            running.add((System.nanoTime() - applied) / 1e9);
            cpuToRunning.add(cpuSeconds() - cpu);
        }

        void tell(String many, List<Looks.Calm> times, double idleRate) {
            List<Double> each = new ArrayList<>();
            double sum = 0;
            long all = 0;
            for (Looks.Calm time : times) {
                long count = at.stream().filter(time::holds).count();
                double cpu = time.cpu() - idleRate * time.seconds();
                if (count > 0) {
                    each.add(cpu / count);
                    sum += cpu;
                    all += count;
                }
            }
            Figures.print("one change" + many + ", in the Secret", inSecret);
            Figures.print("one change" + many + ", in Prometheus", running);
            // In steps of a hundredth: their mean tells.
            Figures.print("one change" + many + ", the operator's CPU until it is in the Secret", mean(cpuToSecret));
            Figures.print("one change" + many + ", the operator's CPU until it is in Prometheus", mean(cpuToRunning));
            Figures.print(
                    "one change" + many + ", the operator's CPU and what follows",
                    String.format(
                            Locale.ROOT,
                            "mean %.3f s (n=%d; between two looks each: %s s)",
                            sum / all,
                            all,
                            list(each)));
        }
    }

    private static String mean(List<Double> seconds) {
        return String.format(
                Locale.ROOT,
                "mean %.3f s (n=%d)",
                seconds.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN),
                seconds.size());
    }

    private static String list(List<Double> seconds) {
        return seconds.stream()
                .map(value -> String.format(Locale.ROOT, "%.3f", value))
                .collect(Collectors.joining(", "));
    }

    /** Returns the marker of the generation that Prometheus shows. */
    private String generation(String url) {
        String config = get(url + "/api/v1/status/config").at("/data/yaml").asText();
        return config.lines()
                .filter(line -> line.contains("generation-"))
                .findFirst()
                .orElse("");
    }

    private void restart(int monitors) throws IOException, InterruptedException {
        operator.close();
        operator = OperatorProcess.start(kubeconfig, log);
        Figures.print(
                String.format(Locale.ROOT, "restart among %,d, until ready", monitors),
                String.format(
                        Locale.ROOT,
                        "%.1f s, %.1f CPU-seconds, %.0f MiB",
                        operator.readyAfter(),
                        operator.cpuSeconds(),
                        operator.residentMebibytes()));
    }

    private void handOver(int times, int monitors) throws IOException, InterruptedException {
        createTargets();
        create(0, monitors);
        awaitAll(monitors);
        operator.close();
        operator = OperatorProcess.start(kubeconfig, log, "--lease-namespace", namespace);
        String url = prometheus();
        int version = 0;
        for (boolean killed : new boolean[] {true, false}) {
            List<Double> seconds = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                OperatorProcess next = OperatorProcess.start(kubeconfig, log, "--lease-namespace", namespace);
                // The one that leads is settled, and the other has seen who that is.
                TimeUnit.SECONDS.sleep(10);
                String earlier = generation(url);
                long start = System.nanoTime();
                if (killed) {
                    operator.kill();
                } else {
                    operator.close();
                }
                operator = next;
                applyMonitor("many-0", many(0, ++version));
                await(
                        "another operator has Prometheus run the change",
                        () -> !generation(url).equals(earlier));
                seconds.add((System.nanoTime() - start) / 1e9);
            }
            Figures.print(
                    String.format(
                            Locale.ROOT,
                            "%s of the leader among %,d, until a change runs",
                            killed ? "kill" : "end",
                            monitors),
                    seconds);
        }
    }

    @Override
    public void close() throws IOException {
        operator.close();
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    /** Measures, and prints one line a figure. */
    public static void main(String[] args) throws IOException, InterruptedException {
        String what = args.length > 0 ? args[0] : "cost";
        int[] numbers = Arrays.stream(args).skip(1).mapToInt(Integer::parseInt).toArray();
        load();
        try (KubernetesBenchmark bench = new KubernetesBenchmark()) {
            switch (what) {
                case "cost" -> {
                    int changes = number(numbers, 0, 10);
                    int[] sizes = numbers.length > 1
                            ? Arrays.copyOfRange(numbers, 1, numbers.length)
                            : new int[] {100, 1_000, 5_000};
                    Figures.print(
                            "resident memory without Monitors",
                            String.format(Locale.ROOT, "%.0f MiB", bench.operator.residentMebibytes()));
                    bench.createTargets();
                    int existing = 0;
                    for (int size : sizes) {
                        bench.among(size, existing, changes);
                        bench.restart(size);
                        existing = size;
                    }
                }
                case "burst" -> {
                    bench.createTargets();
                    bench.createdAtOnce(number(numbers, 0, 1_000));
                }
                case "handover" -> bench.handOver(number(numbers, 0, 3), number(numbers, 1, 1_000));
                case "latency" ->
                    bench.firstScrapes(
                            number(numbers, 0, 20), Duration.ofSeconds(number(numbers, 1, 10)), number(numbers, 2, 0));
                default -> throw new IllegalArgumentException("cost, burst, latency or handover, not " + what);
            }
        }
        load();
    }

    private static int number(int[] numbers, int index, int otherwise) {
        return index < numbers.length ? numbers[index] : otherwise;
    }

    private static void load() throws IOException {
        Figures.print(
                "load of the machine",
                Files.readString(Path.of("/proc/loadavg")).strip());
    }
}
