package io.narthex.reconcile.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.discovery.DiscoveryPlan;
import io.narthex.compiler.discovery.NetworkWish;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.rollout.swarm.SwarmNames;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which networks a server is to be on: Narthex's own, those that the server names and, where it asks for that, one of each
 * labelled service that shares none with it. Since every change restarts Prometheus, what services ask for is carried out
 * once it stayed the same for a while, and not too often.
 *
 * <p>For one thread.
 */
final class ServerNetworks {

    private static final Logger LOG = LoggerFactory.getLogger(ServerNetworks.class);

    /** The network that the installation makes for Prometheus and the services that it scrapes. */
    private static final String USUAL = "narthex";

    /** A wish is carried out once nobody wished otherwise for so long. */
    static final Duration CALM = Duration.ofSeconds(10);
    /** A Swarm in which wishes change all the time is served so late at most. */
    static final Duration LATEST = Duration.ofSeconds(60);
    /** So long after one change another may follow. */
    static final Duration LEAST_APART = Duration.ofSeconds(30);

    private final SwarmNames names;
    private final InstantSource timer;

    /** What services' networks the server is on, beside those that are declared; null before the first look. */
    private @Nullable Set<String> attached;

    private @Nullable Wish wish;
    private Instant changedAt = Instant.MIN;

    /** What is to be carried out, since when it is the same, and since when there is any. */
    private record Wish(Set<String> networks, Instant since, Instant first) {}

    ServerNetworks(SwarmNames names, InstantSource timer) {
        this.names = names;
        this.timer = timer;
    }

    /**
     * Returns the IDs of the networks that need no service to ask for them: Narthex's own first.
     *
     * @param missing is given the names of those that aren't there
     */
    static List<String> declared(View view, PrometheusServerSpec spec, List<String> missing) {
        Set<String> ids = new LinkedHashSet<>();
        view.self().ifPresent(self -> self.networks().stream().findFirst().ifPresent(ids::add));
        network(view.swarm(), USUAL).ifPresent(ids::add);
        List<String> named = spec.swarm() == null ? List.of() : spec.swarm().networks();
        for (String name : named) {
            network(view.swarm(), name).ifPresentOrElse(ids::add, () -> missing.add(name));
        }
        return List.copyOf(ids);
    }

    private static Optional<String> network(SwarmSnapshot swarm, String name) {
        return swarm.networks().stream()
                .filter(network -> SwarmSnapshot.name(network).equals(name)
                        && network.path("Scope").asText().equals("swarm")
                        && !network.path("Ingress").asBoolean())
                .map(SwarmSnapshot::id)
                .findFirst();
    }

    /**
     * Returns the IDs of all networks to be on now.
     *
     * @param declared see {@link #declared}
     * @param plan the services that are to be reached
     */
    List<String> all(View view, PrometheusServerSpec spec, List<String> declared, DiscoveryPlan plan) {
        boolean asked = spec.swarm() != null && spec.swarm().autoAttach();
        Set<String> attachable = asked ? attachable(view.swarm()) : Set.of();
        Optional<JsonNode> service = view.swarm().named(Kinds.SERVICES, names.service(0));
        Set<String> known = attached;
        if (known == null) {
            known = onNow(service, declared);
        }
        known.retainAll(attachable(view.swarm()));
        Set<String> wanted = new TreeSet<>(NetworkWish.of(plan, new LinkedHashSet<>(declared), known, attachable));
        attached = settle(wanted, known, service.isPresent());
        List<String> ids = new ArrayList<>(declared);
        attached.stream().filter(id -> !declared.contains(id)).forEach(ids::add);
        return ids;
    }

    /** Returns when to look again though nothing changed; empty for never. */
    Optional<Instant> next() {
        return Optional.ofNullable(wish).map(this::due);
    }

    /** An operator that was restarted goes on with what its predecessor joined. */
    private static Set<String> onNow(Optional<JsonNode> service, List<String> declared) {
        Set<String> networks = new TreeSet<>();
        service.ifPresent(there -> there.at("/Spec/TaskTemplate/Networks")
                .forEach(network -> networks.add(network.path("Target").asText())));
        declared.forEach(networks::remove);
        return networks;
    }

    private Set<String> settle(Set<String> wanted, Set<String> known, boolean runs) {
        if (wanted.equals(known)) {
            wish = null;
            return known;
        }
        Instant now = timer.instant();
        Wish before = wish;
        Wish current = before == null
                ? new Wish(wanted, now, now)
                : before.networks().equals(wanted) ? before : new Wish(wanted, now, before.first());
        wish = current;
        // What doesn't run yet isn't restarted.
        if (runs && now.isBefore(due(current))) {
            return known;
        }
        wish = null;
        changedAt = now;
        LOG.info("{}: it joins {} of the networks of services from now on", names.server(), wanted.size());
        return wanted;
    }

    private Instant due(Wish current) {
        Instant calm = current.since().plus(CALM);
        Instant latest = current.first().plus(LATEST);
        Instant soonest = changedAt.equals(Instant.MIN) ? Instant.MIN : changedAt.plus(LEAST_APART);
        Instant wished = calm.isBefore(latest) ? calm : latest;
        return wished.isAfter(soonest) ? wished : soonest;
    }

    private static Set<String> attachable(SwarmSnapshot swarm) {
        Set<String> ids = new TreeSet<>();
        for (JsonNode network : swarm.networks()) {
            boolean usable = network.path("Driver").asText().equals("overlay")
                    && network.path("Scope").asText().equals("swarm")
                    && !network.path("Ingress").asBoolean()
                    && SwarmSnapshot.label(network, OwnTask.NETWORK_USE).isEmpty();
            if (usable) {
                ids.add(SwarmSnapshot.id(network));
            }
        }
        return ids;
    }
}
