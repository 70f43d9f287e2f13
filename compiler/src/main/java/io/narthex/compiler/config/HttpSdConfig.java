package io.narthex.compiler.config;

import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.config.value.PrometheusDuration;
import org.jspecify.annotations.Nullable;

/**
 * Targets from an HTTP endpoint ("http_sd_config" of the Prometheus documentation).
 *
 * @param url the endpoint
 * @param refreshInterval how often; 1m where not given
 * @param http how it is requested
 */
public record HttpSdConfig(HttpUrl url, @Nullable PrometheusDuration refreshInterval, HttpClientConfig http)
        implements ServiceDiscovery {

    @Override
    public ConfigField list() {
        return ConfigField.SD_HTTP_SD_CONFIGS;
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.HTTP_SD_URL, url);
        out.write(ConfigField.HTTP_SD_REFRESH_INTERVAL, refreshInterval);
        http.writeTo(out);
    }
}
