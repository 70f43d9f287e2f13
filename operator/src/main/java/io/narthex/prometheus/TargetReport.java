package io.narthex.prometheus;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The active targets, counted by scrape pool. A pool without any target isn't in it.
 *
 * @param pools the pools by name
 */
public record TargetReport(SortedMap<String, PoolTargets> pools) {

    public TargetReport {
        pools = Collections.unmodifiableSortedMap(new TreeMap<>(pools));
    }

    /** Returns how many are up. */
    public int up() {
        return pools.values().stream().mapToInt(PoolTargets::up).sum();
    }

    /** Returns how many there are. */
    public int total() {
        return pools.values().stream().mapToInt(PoolTargets::total).sum();
    }
}
