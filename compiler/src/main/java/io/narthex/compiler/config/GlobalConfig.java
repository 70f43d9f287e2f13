package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusDuration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What holds for all jobs and rules ("global" of the Prometheus documentation).
 *
 * @param scrapeInterval the time between two scrapes; 1m where not given
 * @param scrapeTimeout how long a scrape may take; 10s where not given
 * @param evaluationInterval the time between two evaluations of rules; 1m where not given
 * @param ruleQueryOffset how far into the past rules look; from 2.53 on
 * @param queryLogFile the path of a file that queries are logged to
 * @param queryMaxSeries the most series of a query; needs the feature query-cost; from 3.16 on
 * @param queryMaxSamplesRead the most samples that a query reads; needs the feature query-cost; from 3.16 on
 * @param queryMaxDuration the longest time of a query; needs the feature query-cost; from 3.16 on
 * @param scrapeFailureLogFile the path of a file that failed scrapes are logged to; from 2.55 on
 * @param externalLabels labels of everything that leaves this server: texts, in which a dollar sign stands for itself,
 *     or an {@link EnvironmentVariable}
 * @param exposition formats, histograms and names
 * @param limits bounds
 */
public record GlobalConfig(
        @Nullable PrometheusDuration scrapeInterval,
        @Nullable PrometheusDuration scrapeTimeout,
        @Nullable PrometheusDuration evaluationInterval,
        @Nullable PrometheusDuration ruleQueryOffset,
        @Nullable String queryLogFile,
        @Nullable Long queryMaxSeries,
        @Nullable Long queryMaxSamplesRead,
        @Nullable PrometheusDuration queryMaxDuration,
        @Nullable String scrapeFailureLogFile,
        Map<String, ?> externalLabels,
        ExpositionConfig exposition,
        ScrapeLimits limits)
        implements Part {

    public GlobalConfig {
        externalLabels = Ordered.map(externalLabels);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.GLOBAL_SCRAPE_INTERVAL, scrapeInterval);
        out.write(ConfigField.GLOBAL_SCRAPE_TIMEOUT, scrapeTimeout);
        out.write(ConfigField.GLOBAL_EVALUATION_INTERVAL, evaluationInterval);
        out.write(ConfigField.GLOBAL_RULE_QUERY_OFFSET, ruleQueryOffset);
        out.write(ConfigField.GLOBAL_QUERY_LOG_FILE, queryLogFile);
        out.write(ConfigField.GLOBAL_QUERY_MAX_SERIES, queryMaxSeries);
        out.write(ConfigField.GLOBAL_QUERY_MAX_SAMPLES_READ, queryMaxSamplesRead);
        out.write(ConfigField.GLOBAL_QUERY_MAX_DURATION, queryMaxDuration);
        out.write(ConfigField.GLOBAL_SCRAPE_FAILURE_LOG_FILE, scrapeFailureLogFile);
        out.write(ConfigField.GLOBAL_EXTERNAL_LABELS, externalLabels);
        exposition.writeTo(out);
        limits.writeTo(out);
    }

    /** Gathers the components of a {@link GlobalConfig}. */
    public static final class Builder {

        private @Nullable PrometheusDuration scrapeInterval;
        private @Nullable PrometheusDuration scrapeTimeout;
        private @Nullable PrometheusDuration evaluationInterval;
        private @Nullable PrometheusDuration ruleQueryOffset;
        private @Nullable String queryLogFile;
        private @Nullable Long queryMaxSeries;
        private @Nullable Long queryMaxSamplesRead;
        private @Nullable PrometheusDuration queryMaxDuration;
        private @Nullable String scrapeFailureLogFile;
        private Map<String, ?> externalLabels = Map.of();
        private ExpositionConfig exposition = ExpositionConfig.NONE;
        private ScrapeLimits limits = ScrapeLimits.NONE;

        private Builder() {}

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

        /** Sets the time between two evaluations of rules. */
        public Builder evaluationInterval(@Nullable PrometheusDuration evaluationInterval) {
            this.evaluationInterval = evaluationInterval;
            return this;
        }

        /** Sets how far into the past rules look. */
        public Builder ruleQueryOffset(@Nullable PrometheusDuration ruleQueryOffset) {
            this.ruleQueryOffset = ruleQueryOffset;
            return this;
        }

        /** Sets the path of a file that queries are logged to. */
        public Builder queryLogFile(@Nullable String queryLogFile) {
            this.queryLogFile = queryLogFile;
            return this;
        }

        /** Sets the most series of a query. */
        public Builder queryMaxSeries(@Nullable Long queryMaxSeries) {
            this.queryMaxSeries = queryMaxSeries;
            return this;
        }

        /** Sets the most samples that a query reads. */
        public Builder queryMaxSamplesRead(@Nullable Long queryMaxSamplesRead) {
            this.queryMaxSamplesRead = queryMaxSamplesRead;
            return this;
        }

        /** Sets the longest time of a query. */
        public Builder queryMaxDuration(@Nullable PrometheusDuration queryMaxDuration) {
            this.queryMaxDuration = queryMaxDuration;
            return this;
        }

        /** Sets the path of a file that failed scrapes are logged to. */
        public Builder scrapeFailureLogFile(@Nullable String scrapeFailureLogFile) {
            this.scrapeFailureLogFile = scrapeFailureLogFile;
            return this;
        }

        /** Sets labels of everything that leaves this server. */
        public Builder externalLabels(Map<String, ?> externalLabels) {
            this.externalLabels = externalLabels;
            return this;
        }

        /** Sets formats, histograms and names. */
        public Builder exposition(ExpositionConfig exposition) {
            this.exposition = exposition;
            return this;
        }

        /** Sets bounds. */
        public Builder limits(ScrapeLimits limits) {
            this.limits = limits;
            return this;
        }

        /** Returns the whole. */
        public GlobalConfig build() {
            return new GlobalConfig(
                    scrapeInterval,
                    scrapeTimeout,
                    evaluationInterval,
                    ruleQueryOffset,
                    queryLogFile,
                    queryMaxSeries,
                    queryMaxSamplesRead,
                    queryMaxDuration,
                    scrapeFailureLogFile,
                    externalLabels,
                    exposition,
                    limits);
        }
    }
}
