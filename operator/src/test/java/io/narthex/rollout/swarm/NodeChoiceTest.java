package io.narthex.rollout.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.docker.DockerJson;
import io.narthex.docker.SwarmSnapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On which node a server is, by its constraints or by name. */
class NodeChoiceTest {

    private static SwarmSnapshot swarm(List<String> nodes) throws IOException {
        return new SwarmSnapshot(
                List.of(),
                List.of(),
                DockerJson.objects(nodes.toArray(String[]::new)),
                List.of(),
                List.of(),
                List.of(),
                Instant.EPOCH);
    }

    private static String node(String id, String host, String state, String availability, String role, String disk) {
        return ("{'ID': '%s', 'Description': {'Hostname': '%s'}, 'Status': {'State': '%s'},"
                        + " 'Spec': {'Availability': '%s', 'Role': '%s', 'Labels': {'disk': '%s'}}}")
                .formatted(id, host, state, availability, role, disk);
    }

    private final List<String> nodes = List.of(
            node("n1", "beta", "ready", "active", "manager", "hdd"),
            node("n2", "alpha", "ready", "active", "worker", "ssd"),
            node("n3", "aaa", "down", "active", "worker", "ssd"),
            node("n4", "aab", "ready", "drain", "worker", "ssd"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                            | n2",
                "node.role == manager        | n1",
                "node.role!=manager          | n2",
                "node.labels.disk==hdd       | n1",
                "node.hostname==beta         | n1",
                "node.id==n1                 | n1",
                "node.labels.disk==nvme      | ",
                "node.hostname==aab          | ",
            })
    void choosesANodeThatTakesTasks(String constraint, String expected) throws IOException {
        List<String> constraints = constraint == null ? List.of() : List.of(constraint);
        assertThat(NodeChoice.choose(swarm(nodes), constraints)).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void findsANodeByNameOrId() throws IOException {
        assertThat(NodeChoice.named(swarm(nodes), "alpha")).hasValue("n2");
        assertThat(NodeChoice.named(swarm(nodes), "n2")).hasValue("n2");
        assertThat(NodeChoice.named(swarm(nodes), "gamma")).isEmpty();
    }
}
