package io.narthex.source.compose;

import static io.narthex.docker.DockerJson.objects;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.swarm.SwarmNetwork;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.compiler.swarm.SwarmService.Attachment;
import io.narthex.compiler.swarm.SwarmState;
import io.narthex.compiler.swarm.SwarmTask;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Docker's list of containers, in the shapes that a daemon of 20.10 sends. */
class ContainerReaderTest {

    private static String container(String id, int number, long created, String state, String status, String label) {
        return "{'Id': '" + id + "', 'Names': ['/shop-server-" + number + "'], 'Image': 'shop:1', 'Created': " + created
                + ", 'State': '" + state + "', 'Status': '" + status + "', 'Labels': {"
                + "'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'server',"
                + " 'com.docker.compose.oneoff': 'False', 'com.docker.compose.container-number': '" + number + "',"
                + " 'prometheus.io/port': '" + label + "'},"
                + " 'Ports': [{'PrivatePort': 8000, 'Type': 'tcp'}, {'IP': '0.0.0.0', 'PrivatePort': 53,"
                + " 'PublicPort': 5353, 'Type': 'udp'}],"
                + " 'NetworkSettings': {'Networks': {'shop_default': {'NetworkID': 'n1', 'IPAddress': '172.18.0."
                + number
                + "', 'GlobalIPv6Address': ''}, 'shop_back': {'NetworkID': 'n2', 'IPAddress': '172.19.0." + number
                + "'}}}}";
    }

    @Test
    void theContainersOfAComposeServiceAreOneServiceOfTheirProject() throws IOException {
        List<JsonNode> containers = objects(
                container("aaaaaaaaaaaa", 1, 10, "running", "Up 2 hours", "8000"),
                container("bbbbbbbbbbbb", 2, 20, "running", "Up 1 second (healthy)", "9000"),
                container("cccccccccccc", 3, 30, "exited", "Exited (0) 5 seconds ago", "7000"));

        List<SwarmService> services = ContainerReader.services(containers);

        assertThat(services).hasSize(1);
        SwarmService service = services.getFirst();
        assertThat(service.name()).isEqualTo("shop_server");
        assertThat(service.stack()).contains("shop");
        assertThat(service.shortName()).isEqualTo("server");
        // Those of the newest that runs.
        assertThat(service.labels()).containsEntry("prometheus.io/port", "9000");
        assertThat(service.networks())
                .containsExactly(new Attachment("n2", "shop_back"), new Attachment("n1", "shop_default"));
        assertThat(service.exposedPorts()).contains(List.of(8000));
        SwarmState state = ContainerReader.state(containers, "host-1", Set.of("n1"));
        assertThat(state.tasks())
                .filteredOn(SwarmTask::isRunning)
                .extracting(SwarmTask::slot)
                .containsExactlyInAnyOrder(OptionalInt.of(1), OptionalInt.of(2));
        assertThat(state.tasks()).allMatch(task -> task.serviceId().equals(service.id()));
        assertThat(state.nodes().values()).extracting(node -> node.hostname()).containsExactly("host-1");
        assertThat(state.networks().values())
                .extracting(SwarmNetwork::name)
                .containsExactlyInAnyOrder("shop_back", "shop_default");
    }

    @ParameterizedTest
    @CsvSource({
        "running, Up 3 minutes, true",
        "running, Up 3 minutes (healthy), true",
        "running, Up 3 minutes (unhealthy), true",
        "running, Up 3 seconds (health: starting), false",
        "paused, Up 3 minutes (Paused), false",
        "created, Created, false",
        "restarting, Restarting (1) 2 seconds ago, false",
        "removing, Removal In Progress, false",
        "exited, Exited (137) 2 seconds ago, false",
        "dead, Dead, false",
        "a-state-of-tomorrow, ?, false"
    })
    void aContainerIsATargetWhileItRuns(String state, String status, boolean running) throws IOException {
        List<JsonNode> containers = objects(container("aaaaaaaaaaaa", 1, 10, state, status, "8000"));

        assertThat(ContainerReader.state(containers, "host-1", Set.of()).tasks())
                .singleElement()
                .extracting(SwarmTask::isRunning)
                .isEqualTo(running);
    }

    @Test
    void anyOtherContainerIsAServiceByItself() throws IOException {
        List<JsonNode> containers = objects(
                "{'Id': 'dddddddddddd', 'Names': ['/worker'], 'Image': 'w:1', 'State': 'running', 'Status': 'Up',"
                        + " 'Labels': {'com.docker.stack.namespace': 'worker'}, 'Ports': [], 'NetworkSettings': {}}",
                "{'Id': 'eeeeeeeeeeee'}");

        assertThat(ContainerReader.services(containers))
                .extracting(SwarmService::name)
                .containsExactly("eeeeeeeeeeee", "worker");
        assertThat(ContainerReader.services(containers))
                .extracting(SwarmService::stack)
                .containsOnly(Optional.empty());
    }

    @Test
    void whatASwarmRunsAndWhatRanOnceIsLeftOut() throws IOException {
        List<JsonNode> containers = objects(
                "{'Id': 'a', 'Names': ['/x.1'], 'State': 'running', 'Labels': {'com.docker.swarm.task.id': 't'}}",
                "{'Id': 'b', 'Names': ['/shop_run'], 'State': 'running', 'Labels':"
                        + " {'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'server',"
                        + " 'com.docker.compose.oneoff': 'True'}}");

        assertThat(ContainerReader.services(containers)).isEmpty();
        assertThat(ContainerReader.state(containers, "host-1", Set.of()).tasks())
                .isEmpty();
    }

    @Test
    void theServersNetworksAreThoseOfTheContainerThatItsUrlNames() throws IOException {
        List<JsonNode> containers = objects(
                "{'Id': '0123456789abcdef', 'Names': ['/mon-prometheus-1'], 'State': 'running', 'Labels':"
                        + " {'com.docker.compose.service': 'prometheus'}, 'NetworkSettings': {'Networks':"
                        + " {'mon': {'NetworkID': 'n1'}, 'shop': {'NetworkID': 'n2'}}}}",
                "{'Id': 'ffff456789abcdef', 'Names': ['/other-prometheus-1'], 'State': 'running', 'Labels':"
                        + " {'com.docker.compose.service': 'prometheus'}, 'NetworkSettings': {'Networks':"
                        + " {'other': {'NetworkID': 'n3'}}}}");

        assertThat(ContainerReader.networksOf(containers, "0123456789ab", Set.of()))
                .containsExactly("n1", "n2");
        assertThat(ContainerReader.networksOf(containers, "prometheus", Set.of("n1")))
                .containsExactly("n1", "n2");
        assertThat(ContainerReader.networksOf(containers, "mon-prometheus-1", Set.of()))
                .containsExactly("n1", "n2");
        assertThat(ContainerReader.networksOf(containers, "nobody", Set.of())).isEmpty();
        assertThat(ContainerReader.nameOf(containers, "0123456789ab")).contains("mon-prometheus-1");
        assertThat(ContainerReader.nameOf(containers, "01234")).isEmpty();
        assertThat(ContainerReader.allNetworks(containers)).containsExactly("n1", "n2", "n3");
    }

    @Test
    void aServiceThatDidNotChangeIsTheVerySame() throws IOException {
        ContainerInventory inventory = new ContainerInventory();
        List<JsonNode> first = objects(container("aaaaaaaaaaaa", 1, 10, "running", "Up 1 second", "8000"));
        List<JsonNode> other = objects(container("bbbbbbbbbbbb", 1, 20, "running", "Up 2 seconds", "8000"));
        List<JsonNode> two = objects(
                container("bbbbbbbbbbbb", 1, 20, "running", "Up 2 seconds", "8000"),
                "{'Id': 'dddddddddddd', 'Names': ['/worker'], 'Image': 'w:1'}");

        Inventory before = inventory.take(Inventory.EMPTY, Optional.empty(), first);

        assertThat(inventory.take(Inventory.EMPTY, Optional.empty(), other)).isSameAs(before);
        Inventory more = inventory.take(Inventory.EMPTY, Optional.empty(), two);
        assertThat(more.resources().values()).hasSize(2);
        assertThat(more.resources().values().toList())
                .contains(before.resources().values().toList().getFirst());
        assertThat(inventory
                        .take(Inventory.EMPTY, Optional.empty(), List.of())
                        .resources()
                        .values())
                .isEmpty();
    }
}
