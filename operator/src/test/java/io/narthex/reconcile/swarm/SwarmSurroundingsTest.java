package io.narthex.reconcile.swarm;

import static io.narthex.docker.DockerJson.objects;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.swarm.SwarmState;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerHost;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.docker.SwarmWatch;
import io.narthex.rollout.swarm.SwarmNames;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
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

    /** A request that is held has it asked ten times a second. */
    @Test
    void networksAreLookedForOnceWhileNothingChanges() throws IOException {
        AtomicInteger looks = new AtomicInteger();
        SwarmSnapshot whole = swarm();
        List<JsonNode> counted = new AbstractList<>() {
            @Override
            public JsonNode get(int index) {
                looks.incrementAndGet();
                return whole.services().get(index);
            }

            @Override
            public int size() {
                return whole.services().size();
            }
        };
        SwarmSnapshot swarm = new SwarmSnapshot(
                counted, whole.tasks(), whole.nodes(), whole.networks(), List.of(), List.of(), Instant.EPOCH);
        try (DockerClient docker = new DockerClient(DockerHost.parse(DockerHost.DEFAULT, Optional.empty()));
                SwarmWatch watch = new SwarmWatch(docker, InstantSource.system(), Duration.ofMinutes(1))) {
            SwarmNames names = new SwarmNames("narthex", new ResourceKey("PrometheusServer", "default", "main"));
            SwarmSurroundings surroundings = new SwarmSurroundings(
                    () -> new View(swarm, Inventory.EMPTY, List.of(), Optional.empty()),
                    watch,
                    new SwarmOperatorSettings(
                            "narthex",
                            "",
                            Optional.empty(),
                            "node-1",
                            9480,
                            Optional.empty(),
                            Duration.ZERO,
                            Path.of("")),
                    new ServerTokens(docker, names, RandomGenerator.getDefault()));
            PrometheusServerSpec server = spec("http://prometheus");
            SwarmState first = surroundings.state(swarm, server);
            int once = looks.get();
            assertThat(once).isPositive();
            for (int i = 0; i < 10; i++) {
                assertThat(surroundings.state(swarm, server)).isSameAs(first);
            }
            assertThat(looks).hasValue(once);
        }
    }
}
