package io.narthex.rollout.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.ResourceKey;
import io.narthex.docker.DockerJson;
import io.narthex.docker.SwarmSnapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names, nodes, images and tasks, as the driver of a Swarm's services reads and makes them. */
class SwarmPartsTest {

    private static SwarmSnapshot swarm(List<String> nodes, List<String> tasks) throws IOException {
        return new SwarmSnapshot(
                List.of(),
                DockerJson.objects(tasks.toArray(String[]::new)),
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
        assertThat(NodeChoice.choose(swarm(nodes, List.of()), constraints)).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void findsANodeByNameOrId() throws IOException {
        assertThat(NodeChoice.named(swarm(nodes, List.of()), "alpha")).hasValue("n2");
        assertThat(NodeChoice.named(swarm(nodes, List.of()), "n2")).hasValue("n2");
        assertThat(NodeChoice.named(swarm(nodes, List.of()), "gamma")).isEmpty();
    }

    @Test
    void namesStayShortAndApart() {
        SwarmNames main = new SwarmNames("narthex", new ResourceKey("PrometheusServer", "default", "main"));
        assertThat(main.service(0)).isEqualTo("narthex-main");
        assertThat(main.service(2)).isEqualTo("narthex-main-2");
        assertThat(main.volume(0)).isEqualTo("narthex-main-data");
        SwarmNames other = new SwarmNames("narthex", new ResourceKey("PrometheusServer", "shop", "main"));
        assertThat(other.service(0)).matches("narthex-shop-main-[0-9a-f]{8}");
        String longest = "a".repeat(63);
        SwarmNames longer = new SwarmNames("narthex", new ResourceKey("PrometheusServer", "default", longest + "b"));
        SwarmNames alike = new SwarmNames("narthex", new ResourceKey("PrometheusServer", "default", longest + "c"));
        assertThat(longer.base()).hasSizeLessThanOrEqualTo(40).isNotEqualTo(alike.base());
        // Docker takes at most 64 characters for a config.
        assertThat(longer.config("prometheus.yml", "0123")).hasSizeLessThanOrEqualTo(64);
        assertThat(main.config("a", "0123")).isNotEqualTo(main.config("b", "0123"));
    }

    @Test
    void readsTheNewestTaskFirst() throws IOException {
        SwarmSnapshot swarm = swarm(
                List.of("{'ID': 'n1', 'Status': {'Addr': '192.0.2.7'}}"),
                List.of(
                        "{'ID': 't1', 'ServiceID': 's', 'CreatedAt': '2026-01-01T00:00:00Z', 'DesiredState': 'shutdown',"
                                + " 'Status': {'State': 'failed', 'Err': 'task: non-zero exit (2)'}}",
                        "{'ID': 't2', 'ServiceID': 's', 'CreatedAt': '2026-01-01T00:00:09Z', 'DesiredState': 'running',"
                                + " 'NodeID': 'n1', 'Status': {'State': 'running', 'PortStatus': {'Ports':"
                                + " [{'TargetPort': 9090, 'PublishedPort': 9099, 'PublishMode': 'host'}]}},"
                                + " 'NetworksAttachments': [{'Network': {'ID': 'net'}, 'Addresses': ['10.11.0.5/24']}]}",
                        "{'ID': 't3', 'ServiceID': 'another', 'CreatedAt': '2026-01-01T00:00:10Z'}"));
        List<TaskView> tasks = TaskView.of(swarm, "s");
        assertThat(tasks).extracting(TaskView::id).containsExactly("t2", "t1");
        TaskView newest = tasks.getFirst();
        assertThat(newest.isRunning()).isTrue();
        assertThat(newest.address("net")).hasValue("10.11.0.5");
        assertThat(newest.address("other")).isEmpty();
        assertThat(newest.published(swarm, 9090)).hasValue("192.0.2.7:9099");
        assertThat(newest.published(swarm, 9091)).isEmpty();
        assertThat(tasks.get(1).wentWrong()).isTrue();
        assertThat(tasks.get(1).error()).hasValue("task: non-zero exit (2)");
    }
}
