package io.narthex.prometheus;

import java.util.Optional;

/**
 * Which targets to tell of.
 *
 * @param pool the only scrape pool to look at; empty for all
 * @param unhealthyPerPool at most so many of a pool that are down or unknown are told of one by one
 * @param healthyPerPool at most so many of a pool that are up are told of one by one
 * @param inAll at most so many are told of one by one in all pools together
 */
public record TargetQuery(Optional<String> pool, int unhealthyPerPool, int healthyPerPool, int inAll) {

    /** Counts of all pools, the first unhealthy targets of each, and a healthy one: what a table of jobs needs. */
    public static final TargetQuery OVERVIEW = new TargetQuery(Optional.empty(), 10, 1, 20_000);

    /** Returns the query for one pool's targets, healthy ones too. */
    public static TargetQuery of(String pool) {
        return new TargetQuery(Optional.of(pool), 1_000, 1_000, 1_000);
    }
}
