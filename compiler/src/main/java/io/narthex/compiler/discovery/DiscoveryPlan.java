package io.narthex.compiler.discovery;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.ResourceKey;
import java.util.List;
import java.util.Optional;

/**
 * What Narthex discovers for one Prometheus server: the part of a scrape job that isn't in its configuration. It comes
 * with the {@code Bundle} of the same compilation, and changes more often than that.
 *
 * @param server the PrometheusServer that it is for
 * @param pools the scrape jobs whose targets Narthex serves, ordered by name
 * @param diagnostics what is wrong between services and Monitors, in {@link Diagnostic#ORDER}
 */
public record DiscoveryPlan(ResourceKey server, List<DiscoveryPool> pools, List<Diagnostic> diagnostics) {

    public DiscoveryPlan {
        pools = List.copyOf(pools);
        diagnostics = List.copyOf(diagnostics);
    }

    /** Returns the plan of a server for which nothing is discovered. */
    public static DiscoveryPlan none(ResourceKey server) {
        return new DiscoveryPlan(server, List.of(), List.of());
    }

    /** Returns the pool of the scrape job {@code job}; empty where there is none, which a request must be told. */
    public Optional<DiscoveryPool> pool(String job) {
        return pools.stream().filter(pool -> pool.job().equals(job)).findFirst();
    }
}
