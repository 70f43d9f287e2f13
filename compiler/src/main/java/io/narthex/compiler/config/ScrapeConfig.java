package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusDuration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One scrape job ("scrape_config" of the Prometheus documentation). Nothing is written that is not set here.
 *
 * @param jobName the unique name
 * @param scrapeInterval the time between two scrapes; the global one where not given
 * @param scrapeTimeout how long a scrape may take; at most the interval
 * @param metricsPath the path; {@code /metrics} where not given
 * @param scheme the scheme of the URL, with or without TLS; without where not given
 * @param params parameters of the URL
 * @param honorLabels whether labels of the samples win over the target's
 * @param honorTimestamps whether timestamps of the samples count; true where not given
 * @param trackTimestampsStaleness whether series with timestamps of their own become stale at once; from 2.48 on
 * @param enableCompression whether compressed responses are asked for; true where not given; from 2.49 on
 * @param scrapeFailureLogFile the path of a file that failed scrapes are logged to; from 2.55 on
 * @param exposition formats, histograms and names
 * @param fallbackScrapeProtocol the format of a response that names none; from 3.0 on
 * @param nativeHistogramBucketLimit the most buckets of a native histogram; from 2.45 on
 * @param nativeHistogramMinBucketFactor the smallest growth from bucket to bucket; from 2.50 on
 * @param limits bounds
 * @param http how targets are requested
 * @param discovery where targets come from
 * @param relabelConfigs relabeling of targets
 * @param metricRelabelConfigs relabeling of samples
 */
public record ScrapeConfig(
        String jobName,
        @Nullable PrometheusDuration scrapeInterval,
        @Nullable PrometheusDuration scrapeTimeout,
        @Nullable String metricsPath,
        @Nullable String scheme,
        Map<String, List<String>> params,
        @Nullable Boolean honorLabels,
        @Nullable Boolean honorTimestamps,
        @Nullable Boolean trackTimestampsStaleness,
        @Nullable Boolean enableCompression,
        @Nullable String scrapeFailureLogFile,
        ExpositionConfig exposition,
        @Nullable ScrapeProtocol fallbackScrapeProtocol,
        @Nullable Long nativeHistogramBucketLimit,
        @Nullable Double nativeHistogramMinBucketFactor,
        ScrapeLimits limits,
        HttpClientConfig http,
        List<ServiceDiscovery> discovery,
        List<RelabelConfig> relabelConfigs,
        List<RelabelConfig> metricRelabelConfigs)
        implements Part {

    public ScrapeConfig {
        params = Ordered.lists(params);
        discovery = List.copyOf(discovery);
        relabelConfigs = List.copyOf(relabelConfigs);
        metricRelabelConfigs = List.copyOf(metricRelabelConfigs);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.SCRAPE_JOB_NAME, jobName);
        out.write(ConfigField.SCRAPE_SCRAPE_INTERVAL, scrapeInterval);
        out.write(ConfigField.SCRAPE_SCRAPE_TIMEOUT, scrapeTimeout);
        out.write(ConfigField.SCRAPE_METRICS_PATH, metricsPath);
        out.write(ConfigField.SCRAPE_SCHEME, scheme);
        out.write(ConfigField.SCRAPE_PARAMS, params);
        out.write(ConfigField.SCRAPE_HONOR_LABELS, honorLabels);
        out.write(ConfigField.SCRAPE_HONOR_TIMESTAMPS, honorTimestamps);
        out.write(ConfigField.SCRAPE_TRACK_TIMESTAMPS_STALENESS, trackTimestampsStaleness);
        out.write(ConfigField.SCRAPE_ENABLE_COMPRESSION, enableCompression);
        out.write(ConfigField.SCRAPE_SCRAPE_FAILURE_LOG_FILE, scrapeFailureLogFile);
        exposition.writeTo(out);
        out.write(ConfigField.SCRAPE_FALLBACK_SCRAPE_PROTOCOL, fallbackScrapeProtocol);
        out.write(ConfigField.SCRAPE_NATIVE_HISTOGRAM_BUCKET_LIMIT, nativeHistogramBucketLimit);
        out.write(ConfigField.SCRAPE_NATIVE_HISTOGRAM_MIN_BUCKET_FACTOR, nativeHistogramMinBucketFactor);
        limits.writeTo(out);
        http.writeTo(out);
        ServiceDiscovery.writeTo(out, discovery);
        out.write(ConfigField.SCRAPE_RELABEL_CONFIGS, relabelConfigs);
        out.write(ConfigField.SCRAPE_METRIC_RELABEL_CONFIGS, metricRelabelConfigs);
    }

    /** Gathers the components of a {@link ScrapeConfig}. */
    public static final class Builder {

        private @Nullable String jobName;
        private @Nullable PrometheusDuration scrapeInterval;
        private @Nullable PrometheusDuration scrapeTimeout;
        private @Nullable String metricsPath;
        private @Nullable String scheme;
        private Map<String, List<String>> params = Map.of();
        private @Nullable Boolean honorLabels;
        private @Nullable Boolean honorTimestamps;
        private @Nullable Boolean trackTimestampsStaleness;
        private @Nullable Boolean enableCompression;
        private @Nullable String scrapeFailureLogFile;
        private ExpositionConfig exposition = ExpositionConfig.NONE;
        private @Nullable ScrapeProtocol fallbackScrapeProtocol;
        private @Nullable Long nativeHistogramBucketLimit;
        private @Nullable Double nativeHistogramMinBucketFactor;
        private ScrapeLimits limits = ScrapeLimits.NONE;
        private HttpClientConfig http = HttpClientConfig.NONE;
        private List<ServiceDiscovery> discovery = List.of();
        private List<RelabelConfig> relabelConfigs = List.of();
        private List<RelabelConfig> metricRelabelConfigs = List.of();

        private Builder() {}

        /** Sets the unique name. */
        public Builder jobName(String jobName) {
            this.jobName = jobName;
            return this;
        }

        /** Sets the time between two scrapes. */
        public Builder scrapeInterval(@Nullable PrometheusDuration scrapeInterval) {
            this.scrapeInterval = scrapeInterval;
            return this;
        }

        /** Sets how long a scrape may take. */
        public Builder scrapeTimeout(@Nullable PrometheusDuration scrapeTimeout) {
            this.scrapeTimeout = scrapeTimeout;
            return this;
        }

        /** Sets the path. */
        public Builder metricsPath(@Nullable String metricsPath) {
            this.metricsPath = metricsPath;
            return this;
        }

        /** Sets the scheme of the URL, with or without TLS. */
        public Builder scheme(@Nullable String scheme) {
            this.scheme = scheme;
            return this;
        }

        /** Sets parameters of the URL. */
        public Builder params(Map<String, List<String>> params) {
            this.params = params;
            return this;
        }

        /** Sets whether labels of the samples win over the target's. */
        public Builder honorLabels(@Nullable Boolean honorLabels) {
            this.honorLabels = honorLabels;
            return this;
        }

        /** Sets whether timestamps of the samples count. */
        public Builder honorTimestamps(@Nullable Boolean honorTimestamps) {
            this.honorTimestamps = honorTimestamps;
            return this;
        }

        /** Sets whether series with timestamps of their own become stale at once. */
        public Builder trackTimestampsStaleness(@Nullable Boolean trackTimestampsStaleness) {
            this.trackTimestampsStaleness = trackTimestampsStaleness;
            return this;
        }

        /** Sets whether compressed responses are asked for. */
        public Builder enableCompression(@Nullable Boolean enableCompression) {
            this.enableCompression = enableCompression;
            return this;
        }

        /** Sets the path of a file that failed scrapes are logged to. */
        public Builder scrapeFailureLogFile(@Nullable String scrapeFailureLogFile) {
            this.scrapeFailureLogFile = scrapeFailureLogFile;
            return this;
        }

        /** Sets formats, histograms and names. */
        public Builder exposition(ExpositionConfig exposition) {
            this.exposition = exposition;
            return this;
        }

        /** Sets the format of a response that names none. */
        public Builder fallbackScrapeProtocol(@Nullable ScrapeProtocol fallbackScrapeProtocol) {
            this.fallbackScrapeProtocol = fallbackScrapeProtocol;
            return this;
        }

        /** Sets the most buckets of a native histogram. */
        public Builder nativeHistogramBucketLimit(@Nullable Long nativeHistogramBucketLimit) {
            this.nativeHistogramBucketLimit = nativeHistogramBucketLimit;
            return this;
        }

        /** Sets the smallest growth from bucket to bucket. */
        public Builder nativeHistogramMinBucketFactor(@Nullable Double nativeHistogramMinBucketFactor) {
            this.nativeHistogramMinBucketFactor = nativeHistogramMinBucketFactor;
            return this;
        }

        /** Sets bounds. */
        public Builder limits(ScrapeLimits limits) {
            this.limits = limits;
            return this;
        }

        /** Sets how targets are requested. */
        public Builder http(HttpClientConfig http) {
            this.http = http;
            return this;
        }

        /** Sets where targets come from. */
        public Builder discovery(List<ServiceDiscovery> discovery) {
            this.discovery = discovery;
            return this;
        }

        /** Sets relabeling of targets. */
        public Builder relabelConfigs(List<RelabelConfig> relabelConfigs) {
            this.relabelConfigs = relabelConfigs;
            return this;
        }

        /** Sets relabeling of samples. */
        public Builder metricRelabelConfigs(List<RelabelConfig> metricRelabelConfigs) {
            this.metricRelabelConfigs = metricRelabelConfigs;
            return this;
        }

        /** Returns the whole. */
        public ScrapeConfig build() {
            return new ScrapeConfig(
                    Objects.requireNonNull(jobName, "jobName"),
                    scrapeInterval,
                    scrapeTimeout,
                    metricsPath,
                    scheme,
                    params,
                    honorLabels,
                    honorTimestamps,
                    trackTimestampsStaleness,
                    enableCompression,
                    scrapeFailureLogFile,
                    exposition,
                    fallbackScrapeProtocol,
                    nativeHistogramBucketLimit,
                    nativeHistogramMinBucketFactor,
                    limits,
                    http,
                    discovery,
                    relabelConfigs,
                    metricRelabelConfigs);
        }
    }
}
