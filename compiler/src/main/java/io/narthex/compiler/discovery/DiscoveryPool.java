package io.narthex.compiler.discovery;

import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.ResourceKey;
import java.util.List;
import java.util.OptionalLong;

/**
 * The targets of one scrape job, as Narthex serves them.
 *
 * @param job Prometheus's {@code job_name}: {@link #shared} for all endpoints that need no configuration of their own,
 *     or else {@code swarm/STACK/SERVICE/ENDPOINT} or {@code monitor/NAMESPACE/NAME/ENDPOINT}
 * @param endpoints what belongs to it, ordered by id and service
 * @param limit how many targets each endpoint may have, from 1; one with more has none. Empty where there is no limit, or
 *     Prometheus holds the job to it
 */
public record DiscoveryPool(String job, List<DiscoveryEndpoint> endpoints, OptionalLong limit) {

    /**
     * The scrape job of all endpoints of a Swarm that are declared by labels and need no configuration of their own;
     * also what the names of the others begin with.
     */
    public static final String SHARED = "swarm";

    /** The same for the containers of docker compose. */
    public static final String SHARED_BY_CONTAINERS = "compose";

    /** What all paths begin with. */
    public static final String PATH_PREFIX = "/sd/v1/";

    public DiscoveryPool {
        endpoints = List.copyOf(endpoints);
    }

    /** Returns one whose endpoints have as many targets as there are tasks. */
    public DiscoveryPool(String job, List<DiscoveryEndpoint> endpoints) {
        this(job, endpoints, OptionalLong.empty());
    }

    /** Returns the name of the scrape job of all endpoints that labels declare there. */
    public static String shared(Platform platform) {
        return platform == Platform.COMPOSE ? SHARED_BY_CONTAINERS : SHARED;
    }

    /** Returns whether the targets of the scrape job {@code job} are those of many endpoints, as Narthex serves them. */
    public static boolean isShared(String job) {
        return job.equals(SHARED) || job.equals(SHARED_BY_CONTAINERS);
    }

    /**
     * Returns the path at which {@code server} asks for the targets of {@code job}, such as {@code
     * /sd/v1/default/main/swarm/shop/server/metrics}. Nothing in it needs to be escaped.
     */
    public static String path(ResourceKey server, String job) {
        return PATH_PREFIX + server.namespace() + "/" + server.name() + "/" + job;
    }
}
