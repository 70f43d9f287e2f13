package io.narthex.compiler.config;

import java.util.List;

/**
 * Where alerts go ("alerting" of the Prometheus documentation).
 *
 * @param alertRelabelConfigs relabeling of all alerts
 * @param alertmanagers who receives them
 */
public record AlertingConfig(List<RelabelConfig> alertRelabelConfigs, List<AlertmanagerConfig> alertmanagers)
        implements Part {

    public AlertingConfig {
        alertRelabelConfigs = List.copyOf(alertRelabelConfigs);
        alertmanagers = List.copyOf(alertmanagers);
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.ALERTING_ALERT_RELABEL_CONFIGS, alertRelabelConfigs);
        out.write(ConfigField.ALERTING_ALERTMANAGERS, alertmanagers);
    }
}
