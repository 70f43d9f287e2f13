package io.narthex.source.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.yaml.ResourceReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Resources in Docker configs. */
class ConfigResourcesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceKey MAIN = new ResourceKey("PrometheusServer", "default", "main");

    private final ConfigResources configs = new ConfigResources("narthex", new ResourceReader());

    private static ObjectNode config(String name, String createdAt, String retention) {
        ObjectNode config = JSON.createObjectNode().put("ID", "id-" + name).put("CreatedAt", createdAt);
        ObjectNode spec = config.putObject("Spec").put("Name", name);
        spec.putObject("Labels").put("io.narthex.resource", "true");
        String yaml = """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: PrometheusServer
                metadata: {name: main}
                spec: {retention: {time: %s}}
                """.formatted(retention);
        spec.put("Data", Base64.getEncoder().encodeToString(yaml.getBytes(StandardCharsets.UTF_8)));
        return config;
    }

    private static String retention(ConfigResources.Result result) {
        return result.resources()
                .get(MAIN)
                .as(PrometheusServerSpec.class)
                .orElseThrow()
                .spec()
                .retention()
                .time();
    }

    @Test
    void theNewestOfSeveralCounts() {
        List<JsonNode> all = List.of(
                config("a", "2026-01-02T00:00:00Z", "10d"),
                config("b", "2026-01-03T00:00:00Z", "20d"),
                config("c", "2026-01-01T00:00:00Z", "30d"));
        ConfigResources.Result result = configs.read(all);
        assertThat(retention(result)).isEqualTo("20d");
        assertThat(result.diagnostics()).hasSize(2).allSatisfy(diagnostic -> {
            assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.DUPLICATE_RESOURCE);
            assertThat(diagnostic.severity()).isEqualTo(Severity.WARNING);
            assertThat(diagnostic.message()).contains("the newer Docker config b");
        });
        assertThat(result.diagnostics())
                .extracting(diagnostic -> diagnostic.remedy())
                .containsExactlyInAnyOrder("docker config rm a", "docker config rm c");
    }

    @Test
    void aWrongNewestOneLeavesTheOlder() {
        ConfigResources.Result result = configs.read(
                List.of(config("good", "2026-01-01T00:00:00Z", "10d"), config("bad", "2026-01-02T00:00:00Z", "200hh")));
        assertThat(retention(result)).isEqualTo("10d");
        assertThat(result.diagnostics()).anySatisfy(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.ERROR);
            assertThat(diagnostic.message()).contains("200hh");
            assertThat(diagnostic.position().orElseThrow().file()).isEqualTo("bad");
        });
    }

    @Test
    void otherConfigsAreNobodysResources() {
        ObjectNode unlabelled = config("a", "2026-01-01T00:00:00Z", "10d");
        ((ObjectNode) unlabelled.at("/Spec/Labels")).remove("io.narthex.resource");
        ObjectNode others = config("b", "2026-01-01T00:00:00Z", "10d");
        ((ObjectNode) others.at("/Spec/Labels")).put("io.narthex.instance", "staging");
        ObjectNode ours = config("c", "2026-01-01T00:00:00Z", "30d");
        ((ObjectNode) ours.at("/Spec/Labels")).put("io.narthex.instance", "narthex");
        assertThat(configs.read(List.of(unlabelled, others)).resources()).isEmpty();
        assertThat(retention(configs.read(List.of(unlabelled, others, ours)))).isEqualTo("30d");
    }

    @Test
    void theSameConfigIsTheSameResource() {
        List<JsonNode> all = List.of(config("a", "2026-01-01T00:00:00Z", "10d"));
        assertThat(configs.read(all).resources().get(MAIN))
                .isSameAs(configs.read(all).resources().get(MAIN));
    }
}
