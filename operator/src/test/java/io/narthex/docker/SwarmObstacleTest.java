package io.narthex.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.narthex.docker.DockerException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What daemons that are no managers of a Swarm say (moby, daemon/cluster), and what becomes of it. */
class SwarmObstacleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "This node is not a swarm manager. Use \\\"docker swarm init\\\" or \\\"docker swarm join\\\" to connect this"
                        + " node to swarm and try again."
                        + "| NOT_A_MANAGER | is in no Swarm; docker swarm init makes one; for docker compose without a"
                        + " Swarm, run narthex operator --platform compose",
                "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run"
                        + " this command on a manager node or promote the current node to a manager."
                        + "| NOT_A_MANAGER | is a worker of its Swarm, not a manager; run narthex on a manager, or docker"
                        + " node promote this one",
                "Swarm is encrypted and needs to be unlocked before it can be used. Please use \\\"docker swarm unlock\\\""
                        + " to unlock it."
                        + "| MANAGER_NOT_READY | is a manager of a Swarm that is locked; unlock it on that machine: docker"
                        + " swarm unlock",
                "This node is not a swarm manager. Manager is being prepared or has trouble connecting to the cluster."
                        + "| MANAGER_NOT_READY | is a manager that isn't connected to its Swarm yet; where that lasts, see"
                        + " docker node ls on another manager: more than half of them must run",
                "Swarm certificates have expired. To replace them, leave the swarm and join again."
                        + "| NOT_A_MANAGER | is in a Swarm whose certificates of this node have expired; docker swarm"
                        + " leave, and join again with docker swarm join"
            })
    void whatKeepsADaemonFromBeingAManagerIsSaid(String said, Kind kind, String words) throws Exception {
        try (Daemon daemon = new Daemon("{\"message\":\"" + said + "\"}");
                DockerClient client = new DockerClient(daemon.host())) {
            DockerException refused =
                    catchThrowableOfType(DockerException.class, () -> client.list(Kinds.NODES, Map.of()));

            assertThat(refused.kind()).isEqualTo(kind);
            assertThat(refused.words()).isEqualTo("the Docker daemon at " + daemon.host() + " " + words);
        }
    }

    /** A daemon that tells its version, and refuses everything else with 503 as a real one does. */
    private static final class Daemon implements AutoCloseable {
        private final HttpServer server;

        Daemon(String refusal) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                boolean version = exchange.getRequestURI().getPath().equals("/version");
                byte[] body = (version ? "{\"ApiVersion\":\"1.41\"}" : refusal).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(version ? 200 : 503, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
        }

        DockerHost host() {
            return DockerHost.parse("tcp://127.0.0.1:" + server.getAddress().getPort(), Optional.empty());
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
