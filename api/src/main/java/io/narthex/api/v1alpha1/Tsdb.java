package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.narthex.api.schema.PrometheusDuration;
import org.jspecify.annotations.Nullable;

/**
 * The database of samples.
 *
 * @param outOfOrderWindow How old a sample may be that arrives after newer ones. Default: {@code 0s}, none.
 * @param walCompression How the write-ahead log is compressed. Default: {@code snappy}. {@code zstd} from Prometheus
 *     2.44.
 * @param exemplars The most exemplars that are kept, in memory; 0 for none. It switches on the feature {@code
 *     exemplar-storage}. Default: none.
 * @param headChunkEncoding How numbers are encoded. Default: {@code xor}. From Prometheus 3.13.
 * @param staleSeriesCompactionThreshold Beyond which part of stale series, from 0 to 1, memory is compacted early.
 *     Default: 0, never. From Prometheus 3.10.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Tsdb(
        @PrometheusDuration @Nullable String outOfOrderWindow,
        @Nullable WalCompression walCompression,
        @Min(0) @Max(1000000000) @Nullable Integer exemplars,
        @Nullable ChunkEncoding headChunkEncoding,
        @Min(0) @Max(1) @Nullable Double staleSeriesCompactionThreshold) {}
