package io.narthex.rollout.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Retention;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.rollout.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which configs go, in the order in which a roll has them come and become needless. */
class GenerationsTest {

    private static final SwarmNames NAMES =
            new SwarmNames("narthex", new ResourceKey("PrometheusServer", "default", "main"));

    private final List<JsonNode> configs = new ArrayList<>();

    /** One of which only the content of files changes, whose paths stay. */
    private static Release release(String content) {
        return new Release(
                content,
                content,
                content,
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                content,
                content,
                new Retention(Optional.empty(), OptionalLong.empty(), OptionalDouble.empty(), false));
    }

    private void publish(Release release) {
        Generations.configs(NAMES, release).forEach(name -> configs.add(config(NAMES, "file", name)));
    }

    private static JsonNode config(SwarmNames owner, String role, String name) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        ObjectNode spec = config.putObject("Spec").put("Name", name);
        ObjectNode labels = spec.putObject("Labels");
        owner.labels(role).forEach(labels::put);
        return config;
    }

    private List<String> spare(Release desired, Optional<Release> lastGood, Optional<Release> previous) {
        SwarmSnapshot swarm =
                new SwarmSnapshot(List.of(), List.of(), List.of(), List.of(), configs, List.of(), Instant.EPOCH);
        Set<String> before =
                previous.map(release -> Generations.configs(NAMES, release)).orElse(Set.of());
        return Generations.spare(swarm, NAMES, Optional.of(desired), lastGood, before).stream()
                .map(SwarmSnapshot::name)
                .toList();
    }

    @Test
    void keepsTheLastTwoGenerationsAndWhatOughtToRun() {
        Release first = release("1");
        Release second = release("2");
        Release third = release("3");
        Release fourth = release("4");
        configs.add(config(NAMES, "state", NAMES.state()));
        configs.add(config(
                new SwarmNames("staging", new ResourceKey("PrometheusServer", "default", "main")), "file", "other"));
        publish(first);
        assertThat(spare(first, Optional.empty(), Optional.empty())).isEmpty();
        assertThat(spare(first, Optional.of(first), Optional.empty())).isEmpty();
        publish(second);
        assertThat(spare(second, Optional.of(first), Optional.empty())).isEmpty();
        assertThat(spare(second, Optional.of(second), Optional.of(first))).isEmpty();
        publish(third);
        // Published, and not yet known to be good: the first may have to come back.
        assertThat(spare(third, Optional.of(second), Optional.of(first))).isEmpty();
        assertThat(spare(third, Optional.of(third), Optional.of(second)))
                .containsExactlyElementsOf(Generations.configs(NAMES, first));
        publish(fourth);
        // Refused, and wanted all the same.
        assertThat(spare(fourth, Optional.of(third), Optional.of(second)))
                .containsExactlyElementsOf(Generations.configs(NAMES, first));
    }
}
