package io.narthex.rollout.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerHost;
import io.narthex.docker.DockerJson;
import io.narthex.docker.SwarmSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On which node a server's samples are, with a daemon that keeps one config: a Swarm of several nodes can't lose a thing here. */
class VolumesTest {

    private static final DataVolume LOCAL =
            new DataVolume(Optional.empty(), "local", Map.of(), Optional.empty(), false, false);

    private final ObjectMapper json = new ObjectMapper();
    private final SwarmNames names = new SwarmNames("narthex", new ResourceKey("PrometheusServer", "default", "main"));

    private HttpServer daemon;
    private DockerClient docker;

    /** What the daemon keeps; null for no config. */
    private volatile JsonNode kept;

    @BeforeEach
    void start() throws IOException {
        daemon = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        daemon.createContext("/", this::answer);
        daemon.start();
        docker = new DockerClient(
                DockerHost.parse("tcp://127.0.0.1:" + daemon.getAddress().getPort(), Optional.empty()));
    }

    @AfterEach
    void stop() throws IOException {
        docker.close();
        daemon.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        JsonNode answer = null;
        if (path.equals("/version")) {
            answer = json.readTree("{\"ApiVersion\":\"1.41\"}");
        } else if (path.endsWith("/create") || path.endsWith("/update")) {
            long version = kept == null ? 1 : kept.at("/Version/Index").asLong() + 1;
            ObjectNode config = json.createObjectNode().put("ID", "config");
            config.putObject("Version").put("Index", version);
            config.set("Spec", json.readTree(exchange.getRequestBody()));
            kept = config;
            answer = config;
        } else if (path.contains("/configs/")) {
            answer = kept;
        }
        byte[] body = (answer == null ? "{\"message\": \"config not found\"}" : answer.toString())
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void remember(String state) throws IOException {
        ObjectNode config = json.createObjectNode().put("ID", "config");
        config.putObject("Version").put("Index", 7);
        ObjectNode spec = config.putObject("Spec").put("Name", names.state());
        ObjectNode labels = spec.putObject("Labels").put("io.narthex.state", state.replace('\'', '"'));
        names.labels("state").forEach(labels::put);
        kept = config;
    }

    /** Two nodes that are ready, and the services. */
    private SwarmSnapshot swarm(String... services) throws IOException {
        return new SwarmSnapshot(
                DockerJson.objects(services),
                List.of(),
                DockerJson.objects(node("n1", "alpha"), node("n2", "beta")),
                List.of(),
                List.of(),
                List.of(),
                Instant.EPOCH);
    }

    private static String node(String id, String host) {
        return "{'ID': '%s', 'Description': {'Hostname': '%s'}, 'Status': {'State': 'ready'}, 'Spec': {'Availability': 'active'}}"
                .formatted(id, host);
    }

    private String serviceOn(String node) {
        StringBuilder labels = new StringBuilder();
        names.labels("server").forEach((name, value) -> labels.append("'%s': '%s',".formatted(name, value)));
        labels.setLength(labels.length() - 1);
        return "{'Spec': {'Name': 'narthex-main', 'Labels': {%s}, 'TaskTemplate': {'Placement': {'Constraints': ['node.id==%s']}}}}"
                .formatted(labels, node);
    }

    private Optional<String> pin(DataVolume volume, SwarmSnapshot swarm) throws Exception {
        KeptState memory = new KeptState(docker, names);
        memory.refresh(swarm);
        Optional<String> node = new Volumes(docker, names, memory).pin(swarm, 0, volume, List.of());
        assertThat(memory.node(0)).isEqualTo(node);
        return node;
    }

    @Test
    void theNodeIsChosenOnceAndRemembered() throws Exception {
        assertThat(pin(LOCAL, swarm())).contains("n1");
        remember("{'nodes': {'0': 'n2'}}");
        assertThat(pin(LOCAL, swarm())).contains("n2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n2", " n2", "n2 "})
    void aLostMemoryDoesNotMoveTheSamples(String written) throws Exception {
        assertThat(pin(LOCAL, swarm(serviceOn(written)))).contains("n2");
    }

    @Test
    void aLastGoodVersionOfAnotherReleaseTakesNothingElseAlong() throws Exception {
        remember("{'nodes': {'0': 'n2'}, 'good': {'template': 'of another form'}}");

        assertThat(pin(LOCAL, swarm())).contains("n2");
    }

    @Test
    void anotherNodeIsRefusedThoughTheMemoryIsLost() throws Exception {
        DataVolume elsewhere = new DataVolume(Optional.empty(), "local", Map.of(), Optional.of("alpha"), false, false);

        assertThat(catchThrowable(() -> pin(elsewhere, swarm(serviceOn("n2")))))
                .isInstanceOf(NotDone.class)
                .hasMessageContaining("storage.allowDataLoss");
        DataVolume allowed = new DataVolume(Optional.empty(), "local", Map.of(), Optional.of("alpha"), false, true);
        assertThat(pin(allowed, swarm(serviceOn("n2")))).contains("n1");
    }

    @Test
    void theServiceOfAnotherInstanceTellsNothing() throws Exception {
        String foreign = serviceOn("n2").replace("'narthex'", "'other'");

        assertThat(pin(LOCAL, swarm(foreign))).contains("n1");
    }
}
