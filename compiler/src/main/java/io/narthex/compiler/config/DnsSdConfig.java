package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusDuration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Targets from DNS ("dns_sd_config" of the Prometheus documentation).
 *
 * @param names the names to ask for
 * @param type the type of records; SRV where not given
 * @param port the port of the targets; needed unless SRV
 * @param refreshInterval how often; 30s where not given
 */
public record DnsSdConfig(
        List<String> names,
        @Nullable DnsRecordType type,
        @Nullable Long port,
        @Nullable PrometheusDuration refreshInterval)
        implements ServiceDiscovery {

    public DnsSdConfig {
        names = List.copyOf(names);
    }

    @Override
    public ConfigField list() {
        return ConfigField.SD_DNS_SD_CONFIGS;
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.DNS_SD_NAMES, names);
        out.write(ConfigField.DNS_SD_TYPE, type);
        out.write(ConfigField.DNS_SD_PORT, port);
        out.write(ConfigField.DNS_SD_REFRESH_INTERVAL, refreshInterval);
    }
}
