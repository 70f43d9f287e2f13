package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/**
 * How histograms are scraped (Prometheus documentation, "Native Histograms").
 *
 * @param scrape Whether to scrape native histograms. Default: false. From Prometheus 3.8; before that, the server's
 *     feature {@code native-histograms} switches it for all jobs.
 * @param alwaysScrapeClassic Whether to scrape a histogram in its classic form too when it has a native one. Default:
 *     false. From Prometheus 2.45.
 * @param convertClassic Whether to store classic histograms as native ones with custom buckets. Default: false. From
 *     Prometheus 3.0.
 * @param bucketLimit The most buckets of a native histogram; beyond it buckets are merged. 0 means no limit. From
 *     Prometheus 2.45.
 * @param minBucketFactor The smallest growth factor from one bucket to the next; below it buckets are merged. 0 means
 *     no limit. From Prometheus 2.50.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NativeHistograms(
        @Nullable Boolean scrape,
        @Nullable Boolean alwaysScrapeClassic,
        @Nullable Boolean convertClassic,
        @Min(0) @Max(9007199254740991L) @Nullable Long bucketLimit,
        @Min(0) @Nullable Double minBucketFactor) {}
