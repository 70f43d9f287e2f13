package io.narthex.compiler.discovery;

import io.narthex.compiler.model.ResourceKey;
import java.util.List;

/**
 * The targets of one scrape job, as Narthex serves them.
 *
 * @param job Prometheus's {@code job_name}: {@value #SHARED} for all endpoints that need no configuration of their own,
 *     or else {@code swarm/STACK/SERVICE/ENDPOINT} or {@code monitor/NAMESPACE/NAME/ENDPOINT}
 * @param endpoints what belongs to it, ordered by id and service
 */
public record DiscoveryPool(String job, List<DiscoveryEndpoint> endpoints) {

    /** The scrape job of all endpoints that are declared by labels and need no configuration of their own. */
    public static final String SHARED = "swarm";

    /** What all paths begin with. */
    public static final String PATH_PREFIX = "/sd/v1/";

    public DiscoveryPool {
        endpoints = List.copyOf(endpoints);
    }

    /**
     * Returns the path at which {@code server} asks for the targets of {@code job}, such as {@code
     * /sd/v1/default/main/swarm/shop/server/metrics}. Nothing in it needs to be escaped.
     */
    public static String path(ResourceKey server, String job) {
        return PATH_PREFIX + server.namespace() + "/" + server.name() + "/" + job;
    }
}
