package io.narthex.reconcile.compose;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.api.v1alpha1.ExternalServer;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.swarm.SwarmState;
import io.narthex.docker.ContainerWatch;
import io.narthex.reconcile.Latest;
import io.narthex.reconcile.external.ServerUrl;
import io.narthex.reconcile.external.Surroundings;
import io.narthex.source.compose.ContainerReader;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What the containers of one daemon are for the server beside them. */
final class ComposeSurroundings implements Surroundings {

    private final Supplier<Inventory> inventory;
    private final ContainerWatch watch;
    private final ComposeSettings settings;
    private final TokenFile token;
    private final Optional<String> obstacle;
    private final Latest<SwarmState> states = new Latest<>();

    ComposeSurroundings(
            Supplier<Inventory> inventory,
            ContainerWatch watch,
            ComposeSettings settings,
            TokenFile token,
            Optional<String> obstacle) {
        this.inventory = inventory;
        this.watch = watch;
        this.settings = settings;
        this.token = token;
        this.obstacle = obstacle;
    }

    @Override
    public Platform platform() {
        return Platform.COMPOSE;
    }

    @Override
    public Inventory inventory() {
        return inventory.get();
    }

    @Override
    public Optional<SwarmState> state(PrometheusServerSpec spec) {
        return watch.fresh().map(seen -> state(seen, spec));
    }

    /** Asked for ten times a second for each request that is held. */
    SwarmState state(ContainerWatch.Seen seen, PrometheusServerSpec spec) {
        return states.of(
                List.of(seen.containers(), spec),
                () -> ContainerReader.state(seen.containers(), seen.host(), networks(seen.containers(), spec)));
    }

    /**
     * Returns the IDs of the networks in which Prometheus reaches containers: those of the container that its URL names;
     * else those that Narthex itself is in; else all, since who is on the machine itself reaches all of its bridges.
     */
    private Set<String> networks(List<JsonNode> containers, PrometheusServerSpec spec) {
        Set<String> own = ContainerReader.networksOf(containers, settings.host(), Set.of());
        ExternalServer external = spec.external();
        Set<String> servers = external == null
                ? Set.of()
                : ContainerReader.networksOf(containers, ServerUrl.host(external.url()), own);
        if (!servers.isEmpty()) {
            return servers;
        }
        return own.isEmpty() ? ContainerReader.allNetworks(containers) : own;
    }

    @Override
    public Optional<String> url() {
        return Optional.of(
                settings.advertised().map(URI::toString).orElseGet(() -> "http://" + name() + ":" + settings.port()));
    }

    private String name() {
        return watch.seen()
                .flatMap(seen -> ContainerReader.nameOf(seen.containers(), settings.host()))
                .orElse(settings.host());
    }

    @Override
    public SecretValue token() {
        return token.value();
    }

    @Override
    public boolean accepts(String presented) {
        return token.isSame(presented);
    }

    @Override
    public SortedMap<String, String> secrets() {
        return new TreeMap<>();
    }

    @Override
    public Optional<String> obstacle(PrometheusServerSpec spec) {
        return obstacle;
    }
}
