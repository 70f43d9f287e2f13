package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusDuration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Targets from files ("file_sd_config" of the Prometheus documentation).
 *
 * @param files globs of files; an asterisk in the last part of the path only
 * @param refreshInterval how often they are read in any case; 5m where not given
 */
public record FileSdConfig(List<String> files, @Nullable PrometheusDuration refreshInterval)
        implements ServiceDiscovery {

    public FileSdConfig {
        files = List.copyOf(files);
    }

    @Override
    public ConfigField list() {
        return ConfigField.SD_FILE_SD_CONFIGS;
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.FILE_SD_FILES, files);
        out.write(ConfigField.FILE_SD_REFRESH_INTERVAL, refreshInterval);
    }
}
