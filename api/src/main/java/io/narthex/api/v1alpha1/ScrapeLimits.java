package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.narthex.api.schema.ByteSize;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a scrape. What exceeds one fails the scrape as a whole, except for {@code keptDroppedTargets}. In all of
 * them 0 means no limit, or for a Monitor the server's.
 *
 * @param samples The most samples of a scrape, after relabeling.
 * @param targets The most targets of a job, after relabeling; beyond it none is scraped.
 * @param labels The most labels of a sample.
 * @param labelNameLength The longest name of a label, in bytes.
 * @param labelValueLength The longest value of a label, in bytes.
 * @param bodySize The largest answer, uncompressed.
 * @param keptDroppedTargets How many targets that relabeling dropped are kept to be shown. From Prometheus 2.47.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ScrapeLimits(
        @Min(0) @Max(9007199254740991L) @Nullable Long samples,
        @Min(0) @Max(9007199254740991L) @Nullable Long targets,
        @Min(0) @Max(9007199254740991L) @Nullable Long labels,
        @Min(0) @Max(9007199254740991L) @Nullable Long labelNameLength,
        @Min(0) @Max(9007199254740991L) @Nullable Long labelValueLength,
        @ByteSize @Nullable String bodySize,
        @Min(0) @Max(9007199254740991L) @Nullable Long keptDroppedTargets) {}
