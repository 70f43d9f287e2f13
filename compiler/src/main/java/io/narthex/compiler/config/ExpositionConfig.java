package io.narthex.compiler.config;

import io.narthex.compiler.config.value.NameScheme;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In which form samples are asked for and what becomes of histograms and names (Prometheus documentation,
 * "scrape_config" and "global").
 *
 * @param scrapeProtocols the formats to ask for, the most wanted first; from 2.49 on
 * @param scrapeNativeHistograms whether native histograms are scraped; from 3.8 on
 * @param alwaysScrapeClassicHistograms whether classic histograms are kept beside native ones
 * @param convertClassicHistogramsToNhcb whether classic histograms become native ones with custom buckets
 * @param metricNameValidationScheme which names are valid; from 2.55 on
 * @param metricNameEscapingScheme how targets are asked to escape names; from 3.4 on
 * @param extraScrapeMetrics whether each scrape yields further samples about itself; from 3.10 on
 */
public record ExpositionConfig(
        List<ScrapeProtocol> scrapeProtocols,
        @Nullable Boolean scrapeNativeHistograms,
        @Nullable Boolean alwaysScrapeClassicHistograms,
        @Nullable Boolean convertClassicHistogramsToNhcb,
        @Nullable NameScheme metricNameValidationScheme,
        @Nullable EscapingScheme metricNameEscapingScheme,
        @Nullable Boolean extraScrapeMetrics)
        implements Part {

    public ExpositionConfig {
        scrapeProtocols = List.copyOf(scrapeProtocols);
    }

    /** Nothing set. */
    public static final ExpositionConfig NONE = builder().build();

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        boolean global = out.isGlobal();
        out.write(global ? ConfigField.GLOBAL_SCRAPE_PROTOCOLS : ConfigField.SCRAPE_SCRAPE_PROTOCOLS, scrapeProtocols);
        out.write(
                global ? ConfigField.GLOBAL_SCRAPE_NATIVE_HISTOGRAMS : ConfigField.SCRAPE_SCRAPE_NATIVE_HISTOGRAMS,
                scrapeNativeHistograms);
        out.write(
                global
                        ? ConfigField.GLOBAL_ALWAYS_SCRAPE_CLASSIC_HISTOGRAMS
                        : ConfigField.SCRAPE_ALWAYS_SCRAPE_CLASSIC_HISTOGRAMS,
                alwaysScrapeClassicHistograms);
        out.write(
                global
                        ? ConfigField.GLOBAL_CONVERT_CLASSIC_HISTOGRAMS_TO_NHCB
                        : ConfigField.SCRAPE_CONVERT_CLASSIC_HISTOGRAMS_TO_NHCB,
                convertClassicHistogramsToNhcb);
        out.write(
                global
                        ? ConfigField.GLOBAL_METRIC_NAME_VALIDATION_SCHEME
                        : ConfigField.SCRAPE_METRIC_NAME_VALIDATION_SCHEME,
                metricNameValidationScheme);
        out.write(
                global
                        ? ConfigField.GLOBAL_METRIC_NAME_ESCAPING_SCHEME
                        : ConfigField.SCRAPE_METRIC_NAME_ESCAPING_SCHEME,
                metricNameEscapingScheme);
        out.write(
                global ? ConfigField.GLOBAL_EXTRA_SCRAPE_METRICS : ConfigField.SCRAPE_EXTRA_SCRAPE_METRICS,
                extraScrapeMetrics);
    }

    /** Gathers the components of a {@link ExpositionConfig}. */
    public static final class Builder {

        private List<ScrapeProtocol> scrapeProtocols = List.of();
        private @Nullable Boolean scrapeNativeHistograms;
        private @Nullable Boolean alwaysScrapeClassicHistograms;
        private @Nullable Boolean convertClassicHistogramsToNhcb;
        private @Nullable NameScheme metricNameValidationScheme;
        private @Nullable EscapingScheme metricNameEscapingScheme;
        private @Nullable Boolean extraScrapeMetrics;

        private Builder() {}

        /** Sets the formats to ask for, the most wanted first. */
        public Builder scrapeProtocols(List<ScrapeProtocol> scrapeProtocols) {
            this.scrapeProtocols = scrapeProtocols;
            return this;
        }

        /** Sets whether native histograms are scraped. */
        public Builder scrapeNativeHistograms(@Nullable Boolean scrapeNativeHistograms) {
            this.scrapeNativeHistograms = scrapeNativeHistograms;
            return this;
        }

        /** Sets whether classic histograms are kept beside native ones. */
        public Builder alwaysScrapeClassicHistograms(@Nullable Boolean alwaysScrapeClassicHistograms) {
            this.alwaysScrapeClassicHistograms = alwaysScrapeClassicHistograms;
            return this;
        }

        /** Sets whether classic histograms become native ones with custom buckets. */
        public Builder convertClassicHistogramsToNhcb(@Nullable Boolean convertClassicHistogramsToNhcb) {
            this.convertClassicHistogramsToNhcb = convertClassicHistogramsToNhcb;
            return this;
        }

        /** Sets which names are valid. */
        public Builder metricNameValidationScheme(@Nullable NameScheme metricNameValidationScheme) {
            this.metricNameValidationScheme = metricNameValidationScheme;
            return this;
        }

        /** Sets how targets are asked to escape names. */
        public Builder metricNameEscapingScheme(@Nullable EscapingScheme metricNameEscapingScheme) {
            this.metricNameEscapingScheme = metricNameEscapingScheme;
            return this;
        }

        /** Sets whether each scrape yields further samples about itself. */
        public Builder extraScrapeMetrics(@Nullable Boolean extraScrapeMetrics) {
            this.extraScrapeMetrics = extraScrapeMetrics;
            return this;
        }

        /** Returns the whole. */
        public ExpositionConfig build() {
            return new ExpositionConfig(
                    scrapeProtocols,
                    scrapeNativeHistograms,
                    alwaysScrapeClassicHistograms,
                    convertClassicHistogramsToNhcb,
                    metricNameValidationScheme,
                    metricNameEscapingScheme,
                    extraScrapeMetrics);
        }
    }
}
