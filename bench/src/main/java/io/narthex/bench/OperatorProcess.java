package io.narthex.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The operator as a process of this machine: started with the options and the start-up cache that the image has, on a
 * machine of as much memory as the chart's limit gives a pod. Linux only, since it is measured by {@code /proc}.
 */
final class OperatorProcess implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** Made by {@code bin/lib/bench-kubernetes}. */
    private static final Path OPTIONS = Path.of("operator/target/bench/java.options");
    /** Of {@code helm/narthex/values.yaml}. */
    private static final String MEMORY = "-XX:MaxRAM=512m";
    /** USER_HZ, in which Linux tells of CPU time, is 100 on every architecture that Java runs on (man 5 proc). */
    private static final double TICKS_PER_SECOND = 100;

    /** Of the generations of the serial collector. */
    private static final Pattern HEAP_USED = Pattern.compile("(?m)^(?:DefNew|Tenured)\\s+total \\d+K, used (\\d+)K");

    private static final Pattern SPACES = Pattern.compile("\\s+");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final String url;
    private final double readyAfter;

    private OperatorProcess(Process process, String url, Path log) throws IOException, InterruptedException {
        this.process = process;
        this.url = url;
        // Else one whose benchmark is interrupted would work on in every later cluster.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        long start = System.nanoTime();
        while (!isReady()) {
            if (!process.isAlive() || System.nanoTime() - start > LIMIT.toNanos()) {
                process.destroyForcibly();
                throw new IllegalStateException("the operator isn't ready; its log is " + log);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        readyAfter = (System.nanoTime() - start) / 1e9;
    }

    /**
     * Starts one, and returns when it is ready.
     *
     * @param kubeconfig how it comes to the API server
     * @param log where its log goes
     * @param options more of the command's options
     */
    static OperatorProcess start(Path kubeconfig, Path log, String... options)
            throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        List<String> command = new ArrayList<>(
                List.of(ProcessHandle.current().info().command().orElse("java"), "@" + OPTIONS, MEMORY));
        String more = System.getenv().getOrDefault("NARTHEX_JAVA_OPTS", "");
        if (!more.isBlank()) {
            command.addAll(SPACES.splitAsStream(more.strip()).toList());
        }
        command.addAll(List.of("io.narthex.cli.Main", "operator", "--listen", "127.0.0.1:" + port));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().remove("POD_NAMESPACE");
        return new OperatorProcess(builder.start(), "http://127.0.0.1:" + port, log);
    }

    private boolean isReady() throws InterruptedException {
        try {
            return http.send(
                                    HttpRequest.newBuilder(URI.create(url + "/readyz"))
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns how many seconds it took from its start until it had read everything. */
    double readyAfter() {
        return readyAfter;
    }

    /** Returns the CPU time that it took so far, in seconds. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", process.pid() + "", "stat"));
        // The name of the program stands in brackets and may hold spaces; utime and stime are fields 14 and 15.
        List<String> fields =
                SPACES.splitAsStream(stat.substring(stat.lastIndexOf(')') + 2)).toList();
        return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS_PER_SECOND;
    }

    /** Returns how many bytes it has read so far, from files and connections. */
    long bytesRead() throws IOException {
        return number("io", "rchar:\\s+(\\d+)");
    }

    /** Returns its resident memory in MiB. */
    double residentMebibytes() throws IOException {
        return number("status", "VmRSS:\\s+(\\d+) kB") / 1024.0;
    }

    private long number(String file, String line) throws IOException {
        Path path = Path.of("/proc", process.pid() + "", file);
        Matcher found = Pattern.compile("(?m)^" + line + "$").matcher(Files.readString(path));
        if (!found.find()) {
            throw new IOException("no " + line + " in " + path);
        }
        return Long.parseLong(found.group(1));
    }

    /** Collects all garbage; returns what of Java's heap is in use after that, in MiB. */
    double collectGarbage() throws IOException, InterruptedException {
        ask("GC.run");
        double kibibytes = HEAP_USED
                .matcher(ask("GC.heap_info"))
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
        if (kibibytes == 0) {
            throw new IOException("jcmd's GC.heap_info doesn't tell what is used");
        }
        return kibibytes / 1024;
    }

    private String ask(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), process.pid() + "", command)
                .redirectErrorStream(true)
                .start();
        String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + answer);
        }
        return answer;
    }

    /** Returns the number of its threads that the kernel knows. */
    int threads() throws IOException {
        try (var tasks = Files.list(Path.of("/proc", process.pid() + "", "task"))) {
            return (int) tasks.count();
        }
    }

    /** Ends it as a machine that loses power would. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (InputStream _ = process.getInputStream()) {
            // Nothing is read from it.
        }
    }
}
