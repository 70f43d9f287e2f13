package io.narthex.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/** The testbed's control plane: used where it runs, otherwise started, and then stopped again. */
final class ControlPlane {
    private final Path testbed;
    private final boolean started;
    private final Path home;

    private ControlPlane(Path testbed, Path home, boolean started) {
        this.testbed = testbed;
        this.home = home;
        this.started = started;
    }

    /** Makes sure that it runs; where its programs aren't built, skips the test, or fails it with CI=true. */
    static ControlPlane up(Path repository) throws IOException, InterruptedException {
        String named = System.getenv("TESTBED_HOME");
        Path home = named != null ? Path.of(named) : Path.of(System.getProperty("user.home"), ".cache/narthex-testbed");
        for (String program :
                List.of("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")) {
            if (!Files.isExecutable(home.resolve("bin").resolve(program))) {
                String reason = "the testbed has no " + program + "; run: testbed/testbed build control-plane";
                if ("true".equals(System.getenv("CI"))) {
                    fail(reason);
                }
                Assumptions.abort(reason);
            }
        }
        Path testbed = repository.resolve("testbed/testbed");
        boolean running = run(List.of(testbed.toString(), "status")).text().contains("kubernetes: up");
        if (!running) {
            Result up = run(List.of(testbed.toString(), "up", "kubernetes", "--control-plane-only"));
            assertThat(up.code()).as(up.text()).isZero();
        }
        return new ControlPlane(testbed, home, !running);
    }

    /** What a command printed, both streams, and its exit code. */
    record Result(int code, String text) {}

    /** Runs kubectl as the administrator. */
    Result kubectl(String... arguments) throws IOException, InterruptedException {
        return run(kubectlCommand(arguments));
    }

    /** A plain way to the API, for as long as it isn't closed. */
    Proxy proxy() throws IOException {
        Process process = new ProcessBuilder(kubectlCommand("proxy", "--port=0"))
                .redirectErrorStream(true)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = Objects.requireNonNullElse(output.readLine(), "");
        String address = line.substring(line.lastIndexOf(' ') + 1);
        if (!address.matches("127\\.0\\.0\\.1:[0-9]+")) {
            process.destroy();
            throw new IOException("kubectl proxy: " + line);
        }
        return new Proxy(process, URI.create("http://" + address));
    }

    /** A running {@code kubectl proxy}, and where it listens. */
    record Proxy(Process process, URI uri) implements AutoCloseable {
        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }

    private List<String> kubectlCommand(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/kubectl").toString());
        command.add("--kubeconfig=" + home.resolve("run/kubernetes/admin.kubeconfig"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Result run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("narthex", ".out");
        try {
            // Into a file: what is started here goes on running, and would keep a pipe open.
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            int code = process.waitFor();
            try (InputStream input = Files.newInputStream(output)) {
                return new Result(code, new String(input.readAllBytes(), StandardCharsets.UTF_8));
            }
        } finally {
            Files.delete(output);
        }
    }

    /** Stops it, if it was started here. */
    void down() throws IOException, InterruptedException {
        if (started) {
            run(List.of(testbed.toString(), "down", "kubernetes"));
        }
    }
}
