package io.narthex.prometheus;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One active target ({@code /api/v1/targets}).
 *
 * @param pool the scrape pool, that is the {@code job_name}
 * @param url what is scraped
 * @param labels the target's labels, {@code job} and {@code instance} among them
 * @param health how the last scrape went
 * @param lastError Prometheus's words for what went wrong; empty for nothing
 * @param lastScrape when the last scrape began; empty for never
 * @param lastDuration how long it took
 */
public record ScrapeTarget(
        String pool,
        String url,
        Map<String, String> labels,
        TargetHealth health,
        String lastError,
        Optional<Instant> lastScrape,
        Duration lastDuration) {

    /** Down before unknown before up, then by URL: the order in which the worst comes first, always the same. */
    public static final Comparator<ScrapeTarget> WORST_FIRST = Comparator.comparing(
                    (ScrapeTarget t) -> switch (t.health()) {
                        case DOWN -> 0;
                        case UNKNOWN -> 1;
                        case UP -> 2;
                    })
            .thenComparing(ScrapeTarget::url)
            .thenComparing(t -> t.labels().toString());

    public ScrapeTarget {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
