package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The real Prometheus that tests run, and what starts one on a state folder of theirs. */
public final class TestPrometheus {

    private TestPrometheus() {}

    /** Returns the program; with CI=true a missing one is a failure, else the test is skipped. */
    public static Path program() {
        Map<String, String> environment = System.getenv();
        Path testbed = Path.of(
                environment.getOrDefault("TESTBED_HOME", System.getProperty("user.home") + "/.cache/narthex-testbed"));
        Optional<Path> found = Stream.of(
                        Stream.of(environment.getOrDefault("PROMETHEUS", "")),
                        Stream.of(testbed.resolve("bin/prometheus").toString()),
                        Stream.of(environment.getOrDefault("PATH", "").split(":", -1))
                                .map(folder -> folder + "/prometheus"))
                .flatMap(s -> s)
                .filter(text -> !text.isEmpty())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if ("true".equals(environment.get("CI"))) {
            assertThat(found).as("a Prometheus for the tests").isPresent();
        }
        assumeTrue(found.isPresent(), "no Prometheus: set $PROMETHEUS, or build the testbed's");
        return found.get().toAbsolutePath();
    }

    /** Returns a port of the loopback address that nobody listens at. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns what runs the configuration of the state folder at the port. */
    public static Launch launch(Path program, StateFolder state, int port, String... more) {
        return new Launch(
                program,
                Stream.concat(
                                Stream.of(
                                        "--config.file=" + state.config().resolve("prometheus.yml"),
                                        "--storage.tsdb.path=" + state.data(),
                                        "--web.listen-address=127.0.0.1:" + port),
                                Stream.of(more))
                        .toList(),
                Map.of("restartKey", "k1"));
    }

    /** Writes the configuration. */
    public static void configure(StateFolder state, String yaml) throws IOException {
        Files.writeString(state.config().resolve("prometheus.yml"), yaml);
    }

    /** Returns a client of what listens at the port. */
    public static PrometheusClient client(int port) {
        return new PrometheusClient(
                PrometheusEndpoint.of(URI.create("http://127.0.0.1:" + port)), ClientLimits.DEFAULT);
    }

    /** Opens the folder, which must succeed. */
    public static StateFolder open(Path folder) {
        Outcome<StateFolder> outcome = StateFolder.open(folder);
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<StateFolder>) outcome).value();
    }

    /** Returns the command that runs a main class of the tests in a JVM of its own. */
    public static List<String> java(Class<?> main, String... arguments) {
        return Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()),
                        Stream.of(arguments))
                .toList();
    }
}
