package io.narthex.compiler.discovery;

import io.narthex.compiler.swarm.SwarmService;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which networks Prometheus would have to join to reach the services of a plan, beside those that it is on anyway: one for
 * each service that it can't reach otherwise, and as few as possible. Services count, not their tasks: one that is scaled
 * to nothing comes back, and its network can't be removed before it is.
 */
public final class NetworkWish {

    private static final String HOST_NETWORK = "host";

    private NetworkWish() {}

    /**
     * Returns the IDs of the networks to join. The same arguments give the same result.
     *
     * @param plan whose endpoints are to be reached
     * @param declared the IDs of the networks that Prometheus is on anyway
     * @param attached the IDs of those that it joined for an earlier plan, which are kept rather than exchanged
     * @param attachable the IDs of the networks that may be joined
     */
    public static SortedSet<String> of(
            DiscoveryPlan plan, Set<String> declared, Set<String> attached, Set<String> attachable) {
        List<DiscoveryEndpoint> endpoints = plan.pools().stream()
                .flatMap(pool -> pool.endpoints().stream())
                .sorted(Comparator.comparing(DiscoveryEndpoint::id)
                        .thenComparing(endpoint -> endpoint.service().id()))
                .toList();
        TreeSet<String> wish = new TreeSet<>();
        for (DiscoveryEndpoint endpoint : endpoints) {
            List<String> candidates = candidates(endpoint, declared, attachable);
            Optional<String> chosen = candidates.stream()
                    .filter(wish::contains)
                    .findFirst()
                    .or(() -> candidates.stream().filter(attached::contains).findFirst())
                    .or(() -> candidates.stream().findFirst());
            chosen.ifPresent(wish::add);
        }
        return Collections.unmodifiableSortedSet(wish);
    }

    /** Returns the networks by which an endpoint could be reached; none where it needs none. */
    private static List<String> candidates(DiscoveryEndpoint endpoint, Set<String> declared, Set<String> attachable) {
        SwarmService service = endpoint.service();
        List<SwarmService.Attachment> usable = service.networks().stream()
                .filter(network ->
                        endpoint.network().map(network.name()::equals).orElse(true))
                .toList();
        boolean reached = usable.stream().anyMatch(network -> declared.contains(network.id()))
                || (endpoint.network().isEmpty() && isReachedByNodes(service, endpoint.port()));
        return reached
                ? List.of()
                : usable.stream()
                        .map(SwarmService.Attachment::id)
                        .filter(attachable::contains)
                        .toList();
    }

    private static boolean isReachedByNodes(SwarmService service, int port) {
        return service.networks().stream().anyMatch(network -> network.name().equals(HOST_NETWORK))
                || service.ports().stream().anyMatch(published -> published.isOnItsNode(port));
    }
}
