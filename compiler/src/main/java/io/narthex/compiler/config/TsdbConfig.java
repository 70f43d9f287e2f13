package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusDuration;
import org.jspecify.annotations.Nullable;

/**
 * The time series database ("tsdb" of the Prometheus documentation).
 *
 * @param outOfOrderTimeWindow how far back samples may come late
 * @param staleSeriesCompactionThreshold the part of stale series, 0 to 1, that starts a compaction; from 3.10 on
 * @param chunkEncoding how chunks are encoded; from 3.13 on
 * @param retention what is kept; from 3.11 on
 */
public record TsdbConfig(
        @Nullable PrometheusDuration outOfOrderTimeWindow,
        @Nullable Double staleSeriesCompactionThreshold,
        @Nullable ChunkEncodingConfig chunkEncoding,
        @Nullable RetentionConfig retention)
        implements Part {

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.TSDB_OUT_OF_ORDER_TIME_WINDOW, outOfOrderTimeWindow);
        out.write(ConfigField.TSDB_STALE_SERIES_COMPACTION_THRESHOLD, staleSeriesCompactionThreshold);
        out.write(ConfigField.TSDB_CHUNK_ENCODING, chunkEncoding);
        out.write(ConfigField.TSDB_RETENTION, retention);
    }
}
