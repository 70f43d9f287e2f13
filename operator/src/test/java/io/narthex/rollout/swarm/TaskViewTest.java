package io.narthex.rollout.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.docker.DockerJson;
import io.narthex.docker.SwarmSnapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks as the driver reads them. */
class TaskViewTest {

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
