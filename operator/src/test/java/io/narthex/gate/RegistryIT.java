package io.narthex.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.DockerHost;
import io.narthex.docker.DockerTransport;
import io.narthex.docker.ImageName;
import io.narthex.docker.Kinds;
import io.narthex.docker.RegistryLogins;
import io.narthex.docker.TestDocker;
import io.narthex.docker.TestRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image of a registry that asks for a login, through the gate, on a real daemon. */
class RegistryIT {

    private static final String OWNER = "narthex-registry-it";

    @TempDir
    private Path folder;

    private TestRegistry registry;
    private DockerTransport transport;
    private DockerClient direct;
    private SocketGate gate;
    private DockerClient gated;

    @BeforeEach
    void begin() throws Exception {
        DockerHost docker = TestDocker.host();
        registry = TestRegistry.start(folder);
        transport = new DockerTransport(docker, Duration.ofSeconds(15));
        direct = new DockerClient(docker);
        gate = new SocketGate(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), OWNER, transport);
        gated = new DockerClient(DockerHost.parse("tcp://127.0.0.1:" + gate.port(), Optional.empty()));
    }

    @AfterEach
    void end() throws Exception {
        if (gated != null) {
            direct.delete(Kinds.SERVICES, OWNER);
            gated.close();
            gate.close();
            direct.close();
            transport.close();
        }
        if (registry != null) {
            registry.close();
        }
    }

    private Optional<String> header(String image, String password) throws Exception {
        return RegistryLogins.parse(registry.configJson(password)).header(new ImageName(image));
    }

    private static ObjectNode service(String image) throws Exception {
        return (ObjectNode) new ObjectMapper().readTree("""
                {"Name": "%s", "Labels": {"io.narthex.owner": "%s"},
                 "TaskTemplate": {"ContainerSpec": {"Image": "%s", "Args": ["sleep", "600"], "StopGracePeriod": 100000000}},
                 "Mode": {"Replicated": {"Replicas": 1}}}""".formatted(OWNER, OWNER, image));
    }

    private boolean isTask(String service, String state, String error) throws InterruptedException {
        List<JsonNode> tasks = direct.list(Kinds.TASKS, Map.of("service", List.of(service)));
        return tasks.stream()
                .anyMatch(task -> task.at("/Status/State").asText().equals(state)
                        && task.at("/Status/Err").asText().contains(error));
    }

    @Test
    void anImageIsHadWithItsLoginAlone() throws Exception {
        String image = registry.pushed("testbed.local/busybox:1", "mon/busybox:1");
        Optional<String> login = header(image, TestRegistry.PASSWORD);

        String digest = gated.digest(new ImageName(image), login);
        assertThat(digest).startsWith("sha256:");
        assertThatThrownBy(() -> gated.digest(new ImageName(image), Optional.empty()))
                .isInstanceOf(DockerException.class)
                .hasMessageContaining("no basic auth credentials");
        assertThatThrownBy(() -> gated.digest(new ImageName(image), header(image, "wrong-4711")))
                .isInstanceOf(DockerException.class)
                .hasMessageContaining("unauthorized")
                .hasMessageNotContaining("wrong-4711");

        String without = gated.create(Kinds.SERVICES, service(image), Optional.empty());
        await().atMost(Duration.ofSeconds(40)).until(() -> isTask(without, "rejected", "No such image"));
        gated.update(
                Kinds.SERVICES,
                without,
                spec -> {
                    ((ObjectNode) spec.at("/TaskTemplate/ContainerSpec")).put("Image", image + "@" + digest);
                    return spec;
                },
                login);
        await().atMost(Duration.ofSeconds(40)).until(() -> isTask(without, "running", ""));
        // Nobody is told what the login is.
        assertThat(direct.inspect(Kinds.SERVICES, without).toString()).doesNotContain(login.orElseThrow());
    }
}
