package io.narthex.rollout.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.ResourceKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whether a service answers at its virtual address; loopback stands for one. */
class RoutingMeshTest {

    private static final List<String> NETWORKS = List.of("n1");

    private final RoutingMesh mesh = new RoutingMesh(new ResourceKey("PrometheusServer", "default", "main"));

    private static JsonNode service(String network) throws IOException {
        return new ObjectMapper()
                .readTree("{\"Spec\": {\"Name\": \"narthex-main\"}, \"Endpoint\": {\"VirtualIPs\":"
                        + " [{\"NetworkID\": \"ingress\", \"Addr\": \"10.0.0.9/24\"},"
                        + " {\"NetworkID\": \"%s\", \"Addr\": \"127.0.0.1/8\"}]}}".formatted(network));
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = listening()) {
            return socket.getLocalPort();
        }
    }

    @Test
    void nothingIsSaidOfOneThatAnswers() throws IOException {
        try (ServerSocket socket = listening()) {
            for (int i = 0; i < 5; i++) {
                assertThat(mesh.problem(service("n1"), "t1", NETWORKS, socket.getLocalPort()))
                        .isEmpty();
            }
        }
    }

    @Test
    void oneThatDoesNotAnswerIsNamedAfterSomeTries() throws IOException {
        int port = closedPort();
        assertThat(mesh.problem(service("n1"), "t1", NETWORKS, port)).isEmpty();
        assertThat(mesh.problem(service("n1"), "t1", NETWORKS, port)).isEmpty();
        Diagnostic found = mesh.problem(service("n1"), "t1", NETWORKS, port).orElseThrow();
        assertThat(found.code()).isEqualTo(DiagnosticCode.ROUTING_MESH_DEAD);
        assertThat(found.message()).contains("narthex-main", "127.0.0.1:" + port, "IPVS");
        assertThat(found.remedy()).contains("modprobe ip_vs", "swarm.publish: Host");
        // Another task is tried anew.
        assertThat(mesh.problem(service("n1"), "t2", NETWORKS, port)).isEmpty();
    }

    @Test
    void nothingIsSaidWhereThereIsNoAddressToTry() throws IOException {
        int port = closedPort();
        for (int i = 0; i < 5; i++) {
            assertThat(mesh.problem(service("elsewhere"), "t1", NETWORKS, port)).isEmpty();
            assertThat(mesh.problem(new ObjectMapper().createObjectNode(), "t1", NETWORKS, port))
                    .isEqualTo(Optional.empty());
        }
    }

    @Test
    void nothingIsRememberedOfTasksThatAreGone() throws IOException {
        int port;
        try (ServerSocket socket = listening()) {
            port = socket.getLocalPort();
            assertThat(mesh.problem(service("n1"), "works", NETWORKS, port)).isEmpty();
        }
        for (int i = 0; i < 2; i++) {
            assertThat(mesh.problem(service("n1"), "fails", NETWORKS, port)).isEmpty();
        }
        mesh.retain(Set.of("another"));
        for (String task : List.of("works", "fails")) {
            assertThat(mesh.problem(service("n1"), task, NETWORKS, port)).isEmpty();
            assertThat(mesh.problem(service("n1"), task, NETWORKS, port)).isEmpty();
            assertThat(mesh.problem(service("n1"), task, NETWORKS, port)).isPresent();
        }
    }
}
