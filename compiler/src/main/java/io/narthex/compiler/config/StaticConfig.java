package io.narthex.compiler.config;

import java.util.List;
import java.util.Map;

/**
 * Targets given by name ("static_config" of the Prometheus documentation).
 *
 * @param targets the targets
 * @param labels labels of all of them
 */
public record StaticConfig(List<String> targets, Map<String, String> labels) implements ServiceDiscovery {

    public StaticConfig {
        targets = List.copyOf(targets);
        labels = Ordered.map(labels);
    }

    @Override
    public ConfigField list() {
        return ConfigField.SD_STATIC_CONFIGS;
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.STATIC_TARGETS, targets);
        out.write(ConfigField.STATIC_LABELS, labels);
    }
}
