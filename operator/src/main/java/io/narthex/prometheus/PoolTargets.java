package io.narthex.prometheus;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The active targets of one scrape pool, counted.
 *
 * @param pool the pool, that is the {@code job_name}; of targets that Narthex discovers, their endpoint
 * @param up how many are up
 * @param down how many are down
 * @param unknown how many were not scraped yet
 * @param lastScrape when the latest scrape of any of them began; empty for never
 * @param samples some of them, the worst first, by {@link ScrapeTarget#WORST_FIRST}: as many as were asked for
 */
public record PoolTargets(
        String pool, int up, int down, int unknown, Optional<Instant> lastScrape, List<ScrapeTarget> samples) {

    public PoolTargets {
        samples = List.copyOf(samples);
    }

    /** Returns how many there are. */
    public int total() {
        return up + down + unknown;
    }
}
