package io.narthex.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long a saved file takes to be what Prometheus runs: a process {@code narthex run} on a folder with one file for each
 * Monitor, a real Prometheus, and an editor that saves one file a second as editors do, by a rename.
 *
 * <p>The clock starts when the rename returns. Two moments are measured: when Prometheus itself shows the new
 * configuration, and when it has finished its reload, by the time that it gives for its last successful one. What lies
 * between the two is Prometheus's own work on its jobs. Then Narthex must report the very generation that Prometheus
 * shows.
 *
 * <p>Arguments: how many saves are measured (50), then the numbers of Monitors (10 1000). Run it from the checkout, which
 * is built. {@code PROMETHEUS} names the program; else it is the testbed's, else the one in {@code PATH}.
 */
public final class LocalRunBenchmark implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(2);
    private static final int WARM_UP = 5;
    private static final Pattern RELOADED =
            Pattern.compile("(?m)^prometheus_config_last_reload_success_timestamp_seconds (\\S+)$");

    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
    private final Path folder;
    private final Path outside;
    private final String url;
    private final Process narthex;

    private LocalRunBenchmark(int monitors) throws IOException {
        folder = Files.createTempDirectory("narthex-bench-");
        outside = Files.createTempDirectory("narthex-bench-state-");
        int port = freePort();
        url = "http://127.0.0.1:" + port;
        Files.writeString(folder.resolve("server.yaml"), """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: PrometheusServer
                metadata: {name: main}
                spec:
                  listen: {address: 127.0.0.1, port: %d}
                """.formatted(port));
        for (int i = 0; i < monitors; i++) {
            Files.writeString(file(i), monitor(i, 0));
        }
        List<String> command = new ArrayList<>(List.of(
                "bin/narthex", "run", folder.toString(), "-o", "json", "--state", outside.resolve("state") + ""));
        prometheus().ifPresent(program -> command.addAll(List.of("--prometheus", program.toString())));
        narthex = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread.ofVirtual().start(this::readEvents);
    }

    private static Optional<Path> prometheus() {
        String home = System.getenv().getOrDefault("TESTBED_HOME", "");
        Path testbed =
                home.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache", "narthex-testbed") : Path.of(home);
        return Stream.of(System.getenv().getOrDefault("PROMETHEUS", ""), testbed.resolve("bin/prometheus") + "")
                .filter(text -> !text.isEmpty())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Path file(int number) {
        return folder.resolve("monitor-" + number + ".yaml");
    }

    /** Nobody listens at port 1: a scrape is refused at once and costs next to nothing. */
    private static String monitor(int number, int version) {
        return """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: monitor-%d}
                spec:
                  source: {static: {targets: ["127.0.0.1:1"]}}
                  labels: {version: "%d"}
                  endpoints:
                    - interval: 60s
                      metricRelabelings:
                        - {action: drop, sourceLabels: [__name__], regex: "go_gc_.*"}
                """.formatted(number, version);
    }

    private void readEvents() {
        try (BufferedReader lines = narthex.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                events.add(JSON.readTree(line));
            }
        } catch (IOException e) {
            // It was stopped; whoever waits for an event gives up by itself.
        }
    }

    private JsonNode await(String name) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            JsonNode event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new IllegalStateException("no event " + name + " within " + LIMIT.toSeconds() + " s");
            }
            if (event.path("event").asText().equals(name)) {
                return event;
            }
        }
    }

    private String get(String path) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(URI.create(url + path))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private String config() throws IOException, InterruptedException {
        return JSON.readTree(get("/api/v1/status/config")).at("/data/yaml").asText();
    }

    private String reloadedAt() throws IOException, InterruptedException {
        Matcher matcher = RELOADED.matcher(get("/metrics"));
        return matcher.find() ? matcher.group(1) : "";
    }

    /**
     * What one save took, in nanoseconds from the rename.
     *
     * @param shown until Prometheus showed the new configuration
     * @param finished until its reload was over
     */
    private record Save(long shown, long finished) {}

    private Save save(int number, int version) throws IOException, InterruptedException {
        String configBefore = config();
        String reloadBefore = reloadedAt();
        Path fresh = Files.writeString(outside.resolve("fresh"), monitor(number, version));
        events.clear();

        Files.move(fresh, file(number), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        long start = System.nanoTime();
        String config = config();
        while (config.equals(configBefore)) {
            pause(start);
            config = config();
        }
        long shown = System.nanoTime() - start;
        while (reloadedAt().equals(reloadBefore)) {
            pause(start);
        }
        long finished = System.nanoTime() - start;

        String generation = await("loaded").path("generation").asText();
        if (!config.contains("generation-" + generation)) {
            throw new IllegalStateException("Prometheus shows another generation than " + generation);
        }
        return new Save(shown, finished);
    }

    private static void pause(long start) throws InterruptedException {
        if (System.nanoTime() - start > LIMIT.toNanos()) {
            throw new IllegalStateException("not loaded within " + LIMIT.toSeconds() + " s");
        }
        TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    }

    @Override
    public void close() throws IOException {
        narthex.destroy();
        try {
            if (!narthex.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                narthex.destroyForcibly();
            }
        } catch (InterruptedException e) {
            narthex.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        for (Path root : List.of(folder, outside)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void measure(int monitors, int saves) throws IOException, InterruptedException {
        List<Save> measured = new ArrayList<>();
        try (LocalRunBenchmark run = new LocalRunBenchmark(monitors)) {
            run.await("ready");
            for (int i = 0; i < WARM_UP + saves; i++) {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                // A prime, so that the files that change lie anywhere.
                Save save = run.save(i * 7919 % monitors, i + 1);
                if (i >= WARM_UP) {
                    measured.add(save);
                }
            }
        }
        String many = ", %d monitors".formatted(monitors);
        Figures.print(
                "saved file to loaded config" + many,
                measured.stream().map(save -> save.shown() / 1e9).toList());
        Figures.print(
                "saved file to finished reload" + many,
                measured.stream().map(save -> save.finished() / 1e9).toList());
    }

    /** Measures, and prints one line a figure. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int saves = args.length > 0 ? Integer.parseInt(args[0]) : 50;
        List<Integer> monitors =
                args.length > 1 ? Stream.of(args).skip(1).map(Integer::valueOf).toList() : List.of(10, 1000);
        for (int count : monitors) {
            measure(count, saves);
        }
    }
}
