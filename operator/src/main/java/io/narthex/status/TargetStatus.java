package io.narthex.status;

import io.narthex.prometheus.TargetHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One target.
 *
 * @param instance its label {@code instance}, else its URL
 * @param url what is scraped
 * @param health how the last scrape went
 * @param error why it failed; empty where it didn't
 * @param lastScrape when it began; empty for never
 * @param lastDuration how long it took
 */
public record TargetStatus(
        String instance,
        String url,
        TargetHealth health,
        Optional<ScrapeError> error,
        Optional<Instant> lastScrape,
        Duration lastDuration) {}
