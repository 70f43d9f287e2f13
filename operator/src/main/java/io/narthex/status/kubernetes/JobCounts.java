package io.narthex.status.kubernetes;

import io.narthex.status.ScrapeError;
import java.util.Optional;

/**
 * The targets of one scrape job.
 *
 * @param total all of them
 * @param up those whose last scrape succeeded
 * @param unknown those that were not scraped yet
 * @param lastError the last error of one of them, with the remedy where one is known; empty for none
 */
public record JobCounts(int total, int up, int unknown, Optional<String> lastError) {

    /** No target at all. */
    public static final JobCounts NONE = new JobCounts(0, 0, 0, Optional.empty());

    /** Whatever targets it has, Prometheus scrapes none. */
    public static final JobCounts WITHOUT_POOL =
            new JobCounts(0, 0, 0, Optional.of(ScrapeError.withoutPool().words()));
}
