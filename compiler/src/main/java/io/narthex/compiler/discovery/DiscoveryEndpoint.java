package io.narthex.compiler.discovery;

import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.swarm.SwarmService;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One endpoint of one service: each running task of the service becomes a target.
 *
 * @param id names the endpoint to users: {@code swarm/STACK/SERVICE/ENDPOINT} where labels declare it, {@code
 *     monitor/NAMESPACE/NAME/ENDPOINT} where a Monitor does. Targets carry it as {@value #LABEL}
 * @param resource what declares it
 * @param service the service
 * @param port the port in the container
 * @param network the name of the network from which addresses are to come; empty to choose among those that are shared
 * @param path the path of its metrics; empty text where a prober stands in between. For telling what is declared twice
 * @param labels the labels of all targets that are known beforehand: {@code job}, {@code __scheme__}, {@code
 *     __metrics_path__}, {@code __param_NAME}, {@code __scrape_interval__}, {@code __scrape_timeout__} and the user's
 * @param meta whether targets carry what is known of them as {@code __meta_dockerswarm_*}, for relabeling
 */
public record DiscoveryEndpoint(
        String id,
        ResourceKey resource,
        SwarmService service,
        int port,
        Optional<String> network,
        String path,
        SortedMap<String, String> labels,
        boolean meta) {

    /** The label by which a target is found again: Prometheus shows it among the discovered labels. */
    public static final String LABEL = "__meta_narthex_endpoint";

    public DiscoveryEndpoint {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }
}
