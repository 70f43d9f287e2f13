package io.narthex.reconcile.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.docker.SwarmSnapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How an operator finds itself among a Swarm's tasks. */
class OwnTaskTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTAINER = "3f84ed6507c8a1b2c3d4e5f60718293a4b5c6d7e8f901122334455667788aabb";

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private static SwarmSnapshot swarm() throws IOException {
        return new SwarmSnapshot(
                List.of(json("{'ID': 's1', 'Spec': {'Name': 'narthex_operator'}}")),
                List.of(json(
                        "{'ID': 't1', 'ServiceID': 's1', 'Status': {'ContainerStatus': {'ContainerID': '" + CONTAINER
                                + "'}}, 'NetworksAttachments': [{'Network': {'ID': 'ingress'}}, {'Network': {'ID': 'gate'}},"
                                + " {'Network': {'ID': 'other'}}, {'Network': {'ID': 'control'}}]}")),
                List.of(),
                List.of(
                        json("{'Id': 'ingress', 'Name': 'ingress', 'Ingress': true}"),
                        json("{'Id': 'gate', 'Name': 'narthex_gate', 'Labels': {'io.narthex.network': 'gate'}}"),
                        json("{'Id': 'other', 'Name': 'a', 'Labels': null}"),
                        json("{'Id': 'control', 'Name': 'narthex_control',"
                                + " 'Labels': {'io.narthex.network': 'control'}}")),
                List.of(),
                List.of(),
                Instant.EPOCH);
    }

    @Test
    void itsHostNameIsTheBeginningOfItsContainersId() throws IOException {
        OwnTask self = OwnTask.find(swarm(), "3f84ed6507c8").orElseThrow();
        assertThat(self.id()).isEqualTo("t1");
        assertThat(self.serviceName()).isEqualTo("narthex_operator");
        // Its own network first; never that of the gate, which Prometheus must not join.
        assertThat(self.networks()).containsExactly("control", "other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3f84", "node-1", "ffffffffffff", "3f84ed6507c8x"})
    void anotherHostIsNoTask(String host) throws IOException {
        assertThat(OwnTask.find(swarm(), host)).isEmpty();
    }
}
