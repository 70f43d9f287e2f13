package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * Settings of the storage that a reload can change ("storage" of the Prometheus documentation).
 *
 * @param tsdb the time series database
 * @param exemplars exemplars
 */
public record StorageConfig(
        @Nullable TsdbConfig tsdb, @Nullable ExemplarsConfig exemplars) implements Part {

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.STORAGE_TSDB, tsdb);
        out.write(ConfigField.STORAGE_EXEMPLARS, exemplars);
    }
}
