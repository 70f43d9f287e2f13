package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.PrometheusDuration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Defaults of all scrape jobs, which an endpoint's own settings replace.
 *
 * @param scrapeProtocols The formats to ask for, the most wanted first. From Prometheus 2.49.
 * @param limits Limits of a scrape.
 * @param nativeHistograms How histograms are scraped.
 * @param nameValidation Which names metrics and labels may have. Default: {@code utf8} from
 *     Prometheus 3.0, before that {@code legacy}. From Prometheus 2.55.
 * @param nameEscaping How targets are asked to write names that have other characters. Default: {@code allow-utf-8}.
 *     From Prometheus 3.4.
 * @param extraScrapeMetrics Whether to store also the limits and sizes of each scrape. Default: false. From Prometheus
 *     3.10; before that by the feature {@code extra-scrape-metrics}.
 * @param logFailures Whether failed scrapes are logged in a file of their own, beside the data. Default: false. From
 *     Prometheus 2.55.
 * @param discoveryReloadInterval How soon after a change of the discovered targets they are scraped. Narthex's default:
 *     {@code 1s}, where Prometheus would wait {@code 5s}.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ScrapeDefaults(
        @Size(max = 8) List<ScrapeProtocol> scrapeProtocols,
        @Nullable ScrapeLimits limits,
        @Nullable NativeHistograms nativeHistograms,
        @Nullable NameValidation nameValidation,
        @Nullable NameEscaping nameEscaping,
        @Nullable Boolean extraScrapeMetrics,
        @Nullable Boolean logFailures,
        @PrometheusDuration @Nullable String discoveryReloadInterval) {
    public ScrapeDefaults {
        scrapeProtocols = Immutable.list(scrapeProtocols);
    }
}
