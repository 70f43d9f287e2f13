package io.narthex.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.DockerException.Kind;
import io.narthex.docker.DockerHost;
import io.narthex.docker.DockerTransport;
import io.narthex.docker.Kinds;
import io.narthex.docker.TestDocker;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client of Docker's API on a real daemon, directly and through the gate. */
class SocketGateIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OWNER = "narthex-gate-it";
    private static final Optional<String> NO_AUTH = Optional.empty();

    private DockerTransport transport;
    private DockerClient direct;
    private SocketGate gate;
    private DockerClient gated;

    @BeforeEach
    void openTheGate() throws Exception {
        DockerHost docker = TestDocker.host();
        transport = new DockerTransport(docker, Duration.ofSeconds(15));
        direct = new DockerClient(docker);
        gate = new SocketGate(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), OWNER, transport);
        gated = new DockerClient(DockerHost.parse("tcp://127.0.0.1:" + gate.port(), Optional.empty()));
    }

    @AfterEach
    void clean() throws Exception {
        if (direct == null) {
            return;
        }
        for (Kinds kind : List.of(Kinds.SERVICES, Kinds.CONFIGS, Kinds.SECRETS)) {
            for (JsonNode object : direct.list(kind, Map.of())) {
                if (object.at("/Spec/Name").asText().startsWith(OWNER)) {
                    direct.delete(kind, object.path("ID").asText());
                }
            }
        }
        gated.close();
        gate.close();
        direct.close();
        transport.close();
    }

    @Test
    void readsMakesChangesAndDeletesThroughTheGate() throws Exception {
        assertThat(gated.info().at("/Swarm/ControlAvailable").asBoolean()).isTrue();
        assertThat(gated.info().has("KernelVersion")).isFalse();
        assertThat(gated.list(Kinds.NODES, Map.of())).isNotEmpty();

        String id = gated.create(Kinds.CONFIGS, config("a", "one"), NO_AUTH);
        assertThat(gated.inspect(Kinds.CONFIGS, id).at("/Spec/Data").asText()).isEqualTo(base64("one"));
        boolean written = gated.update(
                Kinds.CONFIGS,
                id,
                spec -> {
                    ((ObjectNode) spec.path("Labels")).put("note", "changed");
                    return spec;
                },
                NO_AUTH);
        assertThat(written).isTrue();
        assertThat(direct.inspect(Kinds.CONFIGS, id).at("/Spec/Labels/note").asText())
                .isEqualTo("changed");
        assertThat(gated.update(Kinds.CONFIGS, id, spec -> spec, NO_AUTH)).isFalse();

        assertThatThrownBy(() -> gated.create(Kinds.CONFIGS, config("a", "two"), NO_AUTH))
                .isInstanceOfSatisfying(
                        DockerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NAME_TAKEN));
        gated.delete(Kinds.CONFIGS, id);
        assertThat(gated.find(Kinds.CONFIGS, id)).isEmpty();
        gated.delete(Kinds.CONFIGS, id);
    }

    @Test
    void writesAgainWhereSomebodyElseWroteMeanwhile() throws Exception {
        String id = direct.create(Kinds.CONFIGS, config("b", "one"), NO_AUTH);
        boolean[] first = {true};
        direct.update(
                Kinds.CONFIGS,
                id,
                spec -> {
                    if (first[0]) {
                        first[0] = false;
                        label(id, "theirs");
                    }
                    ((ObjectNode) spec.path("Labels")).put("ours", "yes");
                    return spec;
                },
                NO_AUTH);
        JsonNode labels = direct.inspect(Kinds.CONFIGS, id).at("/Spec/Labels");
        assertThat(labels.path("ours").asText()).isEqualTo("yes");
        assertThat(labels.path("theirs").asText()).isEqualTo("yes");
    }

    private void label(String id, String name) {
        try {
            direct.update(
                    Kinds.CONFIGS,
                    id,
                    spec -> {
                        ((ObjectNode) spec.path("Labels")).put(name, "yes");
                        return spec;
                    },
                    NO_AUTH);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void keepsTheGateShut() throws Exception {
        ObjectNode foreign = config("c", "theirs");
        ((ObjectNode) foreign.path("Labels")).put(GatePolicy.OWNER, "somebody");
        String id = direct.create(Kinds.CONFIGS, foreign, NO_AUTH);

        assertThatThrownBy(() -> gated.delete(Kinds.CONFIGS, id))
                .isInstanceOfSatisfying(
                        DockerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageContaining("isn't the object of this instance");
        assertThat(gated.inspect(Kinds.CONFIGS, id).at("/Spec/Data").isMissingNode())
                .isTrue();
        assertThat(direct.find(Kinds.CONFIGS, id)).isPresent();

        ObjectNode service = (ObjectNode) JSON.readTree("""
                {"Name": "%s-evil", "Labels": {"io.narthex.owner": "%s"},
                 "TaskTemplate": {"ContainerSpec": {"Image": "testbed.local/busybox:1",
                   "Mounts": [{"Type": "bind", "Source": "/", "Target": "/host"}]}},
                 "Mode": {"Replicated": {"Replicas": 0}}}""".formatted(OWNER, OWNER));
        assertThatThrownBy(() -> gated.create(Kinds.SERVICES, service, NO_AUTH))
                .hasMessageContaining("only named volumes");
        assertThat(direct.find(Kinds.SERVICES, OWNER + "-evil")).isEmpty();
    }

    @Test
    void handsOnEventsAsTheyCome() throws Exception {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Queue<Closeable> open = new ConcurrentLinkedQueue<>();
        Thread listener = Thread.ofVirtual().start(() -> {
            try {
                gated.events(
                        Map.of("type", List.of("config")),
                        open::add,
                        event -> seen.add(event.path("Action").asText()));
            } catch (DockerException e) {
                seen.add("ended");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> !open.isEmpty());
        String id = direct.create(Kinds.CONFIGS, config("d", "one"), NO_AUTH);
        await().until(() -> seen.contains("create"));
        direct.delete(Kinds.CONFIGS, id);
        await().until(() -> seen.contains("remove"));
        open.remove().close();
        listener.join(Duration.ofSeconds(10));
        assertThat(listener.isAlive()).isFalse();
    }

    @Test
    void saysWhereNothingAnswers() throws Exception {
        try (DockerClient nobody = new DockerClient(DockerHost.parse("unix:///nowhere.sock", Optional.empty()))) {
            assertThatThrownBy(nobody::info)
                    .isInstanceOfSatisfying(
                            DockerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
                    .hasMessageContaining("unix:///nowhere.sock");
        }
    }

    private static ObjectNode config(String name, String content) {
        ObjectNode spec = JSON.createObjectNode().put("Name", OWNER + "-" + name);
        spec.putObject("Labels").put(GatePolicy.OWNER, OWNER);
        return spec.put("Data", base64(content));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
