package io.narthex.reconcile.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.swarm.SwarmState;
import io.narthex.docker.ContainerWatch;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerHost;
import io.narthex.docker.DockerJson;
import java.net.URI;
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
import org.junit.jupiter.api.io.TempDir;

/** What the server beside the containers of one daemon reaches. */
class ComposeSurroundingsTest {

    /** A request that is held has it asked ten times a second. */
    @Test
    void networksAreLookedForOnceWhileNothingChanges(@TempDir Path folder) throws Exception {
        List<JsonNode> containers = DockerJson.objects(
                "{'Id': 'c1', 'Names': ['/prometheus'], 'State': 'running', 'NetworkSettings': {'Networks': {'n':"
                        + " {'NetworkID': 'n1'}}}}");
        AtomicInteger looks = new AtomicInteger();
        List<JsonNode> counted = new AbstractList<>() {
            @Override
            public JsonNode get(int index) {
                looks.incrementAndGet();
                return containers.get(index);
            }

            @Override
            public int size() {
                return containers.size();
            }
        };
        ContainerWatch.Seen seen = new ContainerWatch.Seen(counted, "machine", Instant.EPOCH);
        PrometheusServerSpec spec = new ObjectMapper()
                .convertValue(
                        Map.of("mode", "External", "external", Map.of("url", "http://prometheus:9090")),
                        PrometheusServerSpec.class);
        try (DockerClient docker = new DockerClient(DockerHost.parse(DockerHost.DEFAULT, Optional.empty()));
                ContainerWatch watch = new ContainerWatch(docker, InstantSource.system(), Duration.ofMinutes(1))) {
            ComposeSurroundings surroundings = new ComposeSurroundings(
                    () -> Inventory.EMPTY,
                    watch,
                    new ComposeSettings(
                            folder,
                            URI.create("http://prometheus:9090"),
                            "machine",
                            9480,
                            Optional.empty(),
                            Duration.ZERO),
                    TokenFile.open(folder.resolve("token"), RandomGenerator.getDefault()),
                    Optional.empty());
            SwarmState first = surroundings.state(seen, spec);
            assertThat(first.reachable()).containsExactly("n1");
            int once = looks.get();
            assertThat(once).isPositive();
            for (int i = 0; i < 10; i++) {
                assertThat(surroundings.state(seen, spec)).isSameAs(first);
            }
            assertThat(looks).hasValue(once);
        }
    }
}
