package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** What starts a Prometheus on a state folder of the tests, and talks to it. */
public final class TestPrometheus {

    private TestPrometheus() {}

    /** Returns a port of the loopback address that nobody listens at. */
    public static int freePort() throws IOException {
        while (true) {
            // None that the system gives to others by itself before it is used.
            int port = ThreadLocalRandom.current().nextInt(12_000, 20_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Another has it.
            }
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
