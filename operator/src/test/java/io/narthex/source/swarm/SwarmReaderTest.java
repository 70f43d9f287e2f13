package io.narthex.source.swarm;

import static io.narthex.docker.DockerJson.objects;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.swarm.SwarmNode;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.compiler.swarm.SwarmState;
import io.narthex.compiler.swarm.SwarmTask;
import io.narthex.docker.SwarmSnapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Docker's JSON, in the shapes that a daemon of 20.10 sent. */
class SwarmReaderTest {

    private static SwarmSnapshot swarm() throws IOException {
        return new SwarmSnapshot(
                objects(
                        "{'ID': 's1', 'Spec': {'Name': 'shop_server', 'Labels': {'com.docker.stack.namespace': 'shop'},"
                                + " 'TaskTemplate': {'ContainerSpec': {'Image': 'shop:1', 'Labels': {'a': 'b'}},"
                                + " 'Networks': [{'Target': 'n2', 'Aliases': ['server']}, {'Target': 'n1'}]},"
                                + " 'Mode': {'Replicated': {'Replicas': 3}}, 'EndpointSpec': {'Mode': 'dnsrr', 'Ports':"
                                + " [{'Protocol': 'tcp', 'TargetPort': 8000, 'PublishMode': 'host'}]}}}",
                        "{'ID': 's2', 'Spec': {'Name': 'old', 'Labels': {}, 'TaskTemplate': {'ContainerSpec':"
                                + " {'Image': 'old:1'}}, 'Networks': [{'Target': 'narthex'}], 'Mode': {'Global': {}},"
                                + " 'EndpointSpec': {'Ports': [{'Protocol': 'udp', 'TargetPort': 53,"
                                + " 'PublishedPort': 5353, 'PublishMode': 'ingress'}]}}}"),
                objects(
                        "{'ID': 't1', 'ServiceID': 's1', 'Slot': 2, 'NodeID': 'm1', 'DesiredState': 'running', 'Status':"
                                + " {'State': 'running', 'PortStatus': {'Ports': [{'TargetPort': 8000,"
                                + " 'PublishedPort': 30001, 'PublishMode': 'host'}]}}, 'NetworksAttachments':"
                                + " [{'Network': {'ID': 'n1'}, 'Addresses': ['10.11.0.5/24', 'fd00::5/64']}]}",
                        "{'ID': 't2', 'ServiceID': 's2', 'NodeID': 'm1', 'DesiredState': 'shutdown',"
                                + " 'Status': {'State': 'a-state-of-tomorrow', 'PortStatus': {}}}"),
                objects("{'ID': 'm1', 'Spec': {'Role': 'manager', 'Availability': 'drain', 'Labels': {'disk': 'ssd'}},"
                        + " 'Description': {'Hostname': 'one'}, 'Status': {'State': 'ready', 'Addr': '0.0.0.0'},"
                        + " 'ManagerStatus': {'Addr': '192.0.2.7:2377'}}"),
                objects(
                        "{'Id': 'n1', 'Name': 'narthex', 'Scope': 'swarm', 'Driver': 'overlay', 'Attachable': true}",
                        "{'Id': 'n2', 'Name': 'ingress', 'Scope': 'swarm', 'Driver': 'overlay', 'Ingress': true}"),
                List.of(),
                objects("{'ID': 'x1', 'Spec': {'Name': 'token', 'Labels': {'io.narthex.expose-to': 'shop'}}}"),
                Instant.EPOCH);
    }

    @Test
    void readsServices() throws IOException {
        List<SwarmService> services = SwarmReader.services(swarm());
        SwarmService server = services.getFirst();
        assertThat(server.name()).isEqualTo("shop_server");
        assertThat(server.stack()).hasValue("shop");
        assertThat(server.containerLabels()).containsEntry("a", "b");
        assertThat(server.mode()).isEqualTo(SwarmService.Mode.REPLICATED);
        assertThat(server.endpointMode()).isEqualTo(SwarmService.EndpointMode.DNSRR);
        // Nobody joins the routing mesh's network by its own wish.
        assertThat(server.networks()).containsExactly(new SwarmService.Attachment("n1", "narthex"));
        assertThat(server.ports())
                .containsExactly(new SwarmService.Port(8000, Optional.empty(), "tcp", SwarmService.PublishMode.HOST));

        SwarmService old = services.get(1);
        assertThat(old.mode()).isEqualTo(SwarmService.Mode.GLOBAL);
        assertThat(old.endpointMode()).isEqualTo(SwarmService.EndpointMode.VIP);
        // Where older clients wrote it, and by name.
        assertThat(old.networks()).containsExactly(new SwarmService.Attachment("n1", "narthex"));
        assertThat(old.ports())
                .containsExactly(new SwarmService.Port(53, Optional.of(5353), "udp", SwarmService.PublishMode.INGRESS));
    }

    @Test
    void readsTasksAndNodes() throws IOException {
        SwarmState state = SwarmReader.state(swarm(), Set.of("n1"));
        SwarmTask running = state.tasks().getFirst();
        assertThat(running.isRunning()).isTrue();
        assertThat(running.slot()).hasValue(2);
        assertThat(running.addresses()).containsEntry("n1", List.of("10.11.0.5", "fd00::5"));
        assertThat(running.hostPorts()).containsEntry(8000, 30001);
        SwarmTask strange = state.tasks().get(1);
        assertThat(strange.state()).isEqualTo(SwarmTask.State.UNKNOWN);
        assertThat(strange.isRunning()).isFalse();
        assertThat(strange.slot()).isEmpty();

        SwarmNode node = state.nodes().get("m1");
        assertThat(node).isNotNull();
        assertThat(node.hostname()).isEqualTo("one");
        assertThat(node.role()).isEqualTo(SwarmNode.Role.MANAGER);
        assertThat(node.availability()).isEqualTo(SwarmNode.Availability.DRAIN);
        assertThat(node.address()).isEqualTo("192.0.2.7");
        assertThat(state.reachable()).containsExactly("n1");
    }

    @Test
    void readsSecretsWithoutTheirContent() throws IOException {
        assertThat(SwarmReader.secrets(swarm())).singleElement().satisfies(secret -> {
            assertThat(secret.id()).isEqualTo("x1");
            assertThat(secret.name()).isEqualTo("token");
            assertThat(secret.labels()).containsEntry("io.narthex.expose-to", "shop");
        });
    }
}
