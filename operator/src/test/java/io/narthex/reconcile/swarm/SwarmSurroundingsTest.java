package io.narthex.reconcile.swarm;

import static io.narthex.docker.DockerJson.objects;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.docker.SwarmSnapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which networks a server that somebody else runs reaches targets. */
class SwarmSurroundingsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static SwarmSnapshot swarm() throws IOException {
        return new SwarmSnapshot(
                objects(
                        "{'ID': 's1', 'Spec': {'Name': 'mon_prometheus', 'TaskTemplate': {'Networks':"
                                + " [{'Target': 'n1', 'Aliases': ['prometheus']}, {'Target': 'shop'}]}}}",
                        "{'ID': 's2', 'Spec': {'Name': 'other', 'TaskTemplate': {'Networks': [{'Target': 'n3'}]}}}"),
                List.of(),
                List.of(),
                objects(
                        "{'Id': 'n1', 'Name': 'narthex', 'Scope': 'swarm'}",
                        "{'Id': 'n2', 'Name': 'shop', 'Scope': 'swarm'}",
                        "{'Id': 'n3', 'Name': 'others', 'Scope': 'swarm'}",
                        "{'Id': 'n4', 'Name': 'ingress', 'Scope': 'swarm', 'Ingress': true}"),
                List.of(),
                List.of(),
                Instant.EPOCH);
    }

    private static PrometheusServerSpec spec(String url, String... networks) {
        return JSON.convertValue(
                Map.of(
                        "mode",
                        "External",
                        "external",
                        Map.of("url", url),
                        "swarm",
                        Map.of("networks", List.of(networks))),
                PrometheusServerSpec.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://mon_prometheus:9090", "http://tasks.mon_prometheus:9090/p", "http://prometheus"})
    void aServiceOfTheSwarmReachesItsOwnNetworks(String url) throws IOException {
        assertThat(SwarmSurroundings.networks(swarm(), spec(url))).containsExactlyInAnyOrder("n1", "n2");
    }

    @Test
    void othersReachThoseThatTheResourceNames() throws IOException {
        assertThat(SwarmSurroundings.networks(swarm(), spec("http://192.0.2.1:9090")))
                .isEmpty();
        assertThat(SwarmSurroundings.networks(swarm(), spec("http://192.0.2.1:9090", "others", "none", "ingress")))
                .containsExactly("n3");
        assertThat(SwarmSurroundings.networks(swarm(), spec("http://prometheus", "others")))
                .containsExactlyInAnyOrder("n1", "n2", "n3");
    }
}
