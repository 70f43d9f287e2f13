package io.narthex.rollout.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.Retention;
import io.narthex.docker.DockerJson;
import io.narthex.rollout.Release;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of a version that runs. */
class VersionTest {

    private static final Retention NONE =
            new Retention(Optional.empty(), OptionalLong.empty(), OptionalDouble.empty(), false);

    private static ObjectNode json(String text) throws IOException {
        return (ObjectNode) DockerJson.objects(text).getFirst();
    }

    private static Version version(String image) throws IOException {
        return new Version(
                new Release("1", "m", "i", new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), "k", "k", NONE),
                json("{'TaskTemplate': {'ContainerSpec': {'Image': '%s', 'ReadOnly': true}}}".formatted(image)),
                new TreeMap<>());
    }

    @ParameterizedTest
    @CsvSource({
        "prom/prometheus:v3,            prom/prometheus:v3@sha256:1234, prom/prometheus:v3@sha256:1234",
        "prom/prometheus:v3,            prom/prometheus:v3,             prom/prometheus:v3",
        "prom/prometheus:v3,            prom/prometheus:v2@sha256:1234, prom/prometheus:v3",
        "prom/prometheus:v3@sha256:abc, prom/prometheus:v3@sha256:1234, prom/prometheus:v3@sha256:abc",
    })
    void theImageIsKeptWithTheDigestThatRuns(String declared, String runs, String kept) throws IOException {
        JsonNode service = json("{'Spec': {'TaskTemplate': {'ContainerSpec': {'Image': '%s'}}}}".formatted(runs));

        Version version = version(declared).asRunBy(service);

        assertThat(version.template().at("/TaskTemplate/ContainerSpec/Image").asText())
                .isEqualTo(kept);
        assertThat(version.template().at("/TaskTemplate/ContainerSpec/ReadOnly").asBoolean())
                .isTrue();
    }

    @Test
    void whatIsDeclaredStaysAsItIs() throws IOException {
        Version declared = version("prom/prometheus:v3");

        declared.asRunBy(
                json("{'Spec': {'TaskTemplate': {'ContainerSpec': {'Image': 'prom/prometheus:v3@sha256:1'}}}}"));

        assertThat(declared).isEqualTo(version("prom/prometheus:v3"));
    }
}
