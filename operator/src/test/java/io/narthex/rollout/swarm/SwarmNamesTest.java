package io.narthex.rollout.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.ResourceKey;
import org.junit.jupiter.api.Test;

/** {@code SwarmNamesPropertiesTest} has that no two are the same. */
class SwarmNamesTest {

    @Test
    void namesStayShortAndApart() {
        SwarmNames main = new SwarmNames("narthex", new ResourceKey("PrometheusServer", "default", "main"));
        assertThat(main.service(0)).isEqualTo("narthex-main");
        assertThat(main.service(2)).isEqualTo("narthex-main-2");
        assertThat(main.volume(0)).isEqualTo("narthex-main-data");
        SwarmNames other = new SwarmNames("narthex", new ResourceKey("PrometheusServer", "shop", "main"));
        assertThat(other.service(0)).matches("narthex-shop-main-[0-9a-f]{8}");
        String longest = "a".repeat(63);
        SwarmNames longer = new SwarmNames("narthex", new ResourceKey("PrometheusServer", "default", longest + "b"));
        SwarmNames alike = new SwarmNames("narthex", new ResourceKey("PrometheusServer", "default", longest + "c"));
        assertThat(longer.base()).hasSizeLessThanOrEqualTo(40).isNotEqualTo(alike.base());
        // Docker takes at most 64 characters for a config.
        assertThat(longer.config("prometheus.yml", "0123")).hasSizeLessThanOrEqualTo(64);
        assertThat(main.config("a", "0123")).isNotEqualTo(main.config("b", "0123"));
    }
}
