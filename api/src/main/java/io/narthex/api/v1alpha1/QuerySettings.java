package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.narthex.api.schema.PrometheusDuration;
import org.jspecify.annotations.Nullable;

/**
 * Limits of queries.
 *
 * @param timeout How long a query may take. Default: {@code 2m}.
 * @param maxConcurrency How many queries run at a time. Default: 20.
 * @param maxSamples How many samples a query may load. Default: 50000000.
 * @param lookbackDelta How far back from a moment the last sample is looked for. Default: {@code 5m}.
 * @param log Whether all queries are logged in a file, beside the data. Default: false.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record QuerySettings(
        @PrometheusDuration @Nullable String timeout,
        @Min(1) @Max(100000) @Nullable Integer maxConcurrency,
        @Min(1) @Max(9007199254740991L) @Nullable Long maxSamples,
        @PrometheusDuration @Nullable String lookbackDelta,
        boolean log) {}
