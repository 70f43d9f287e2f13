package io.narthex.reconcile.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.api.v1alpha1.ExternalServer;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.swarm.SwarmState;
import io.narthex.docker.DockerException;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.docker.SwarmWatch;
import io.narthex.reconcile.Latest;
import io.narthex.reconcile.external.ServerUrl;
import io.narthex.reconcile.external.Surroundings;
import io.narthex.source.swarm.SwarmReader;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What a Swarm is for a server that somebody else runs, in the Swarm or outside. */
final class SwarmSurroundings implements Surroundings {

    /** Where the bundle has the token, beside the server's {@code prometheus.yml}. */
    private static final String TOKEN = "discovery.token";

    private final Supplier<View> views;
    private final SwarmWatch watch;
    private final SwarmOperatorSettings settings;
    private final ServerTokens tokens;
    private final Latest<SwarmState> states = new Latest<>();
    private volatile Optional<ServerTokens.Token> token = Optional.empty();

    SwarmSurroundings(Supplier<View> views, SwarmWatch watch, SwarmOperatorSettings settings, ServerTokens tokens) {
        this.views = views;
        this.watch = watch;
        this.settings = settings;
        this.tokens = tokens;
    }

    @Override
    public Platform platform() {
        return Platform.SWARM;
    }

    @Override
    public Inventory inventory() {
        return views.get().inventory();
    }

    @Override
    public Optional<SwarmState> state(PrometheusServerSpec spec) {
        return watch.fresh().map(swarm -> state(swarm, spec));
    }

    /** Asked for ten times a second for each request that is held. */
    SwarmState state(SwarmSnapshot swarm, PrometheusServerSpec spec) {
        return states.of(
                List.of(swarm.services(), swarm.tasks(), swarm.nodes(), swarm.networks(), spec),
                () -> SwarmReader.state(swarm, networks(swarm, spec)));
    }

    /**
     * Returns the IDs of the networks in which the server reaches targets: those that the resource names, and where the
     * server is a service of this Swarm, that service's own.
     */
    static Set<String> networks(SwarmSnapshot swarm, PrometheusServerSpec spec) {
        Set<String> ids = new HashSet<>();
        for (String name : named(spec)) {
            network(swarm, name).ifPresent(ids::add);
        }
        ExternalServer external = spec.external();
        if (external != null) {
            String host = ServerUrl.host(external.url()).replaceFirst("^tasks\\.", "");
            for (JsonNode service : swarm.services()) {
                if (answers(service, host)) {
                    attachments(service).forEach(network -> {
                        String target = network.path("Target").asText();
                        ids.add(network(swarm, target).orElse(target));
                    });
                }
            }
        }
        return ids;
    }

    private static List<String> named(PrometheusServerSpec spec) {
        return spec.swarm() == null ? List.of() : spec.swarm().networks();
    }

    private static boolean answers(JsonNode service, String host) {
        if (SwarmSnapshot.name(service).equals(host)) {
            return true;
        }
        for (JsonNode network : attachments(service)) {
            for (JsonNode alias : network.path("Aliases")) {
                if (alias.asText().equals(host)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static JsonNode attachments(JsonNode service) {
        JsonNode declared = service.at("/Spec/TaskTemplate/Networks");
        return declared.isEmpty() ? service.at("/Spec/Networks") : declared;
    }

    private static Optional<String> network(SwarmSnapshot swarm, String name) {
        return swarm.networks().stream()
                .filter(network -> SwarmSnapshot.name(network).equals(name)
                        && !network.path("Ingress").asBoolean())
                .map(SwarmSnapshot::id)
                .findFirst();
    }

    @Override
    public Optional<String> url() {
        return settings.urlOf(views.get().self());
    }

    @Override
    public SecretValue token() throws Unavailable, InterruptedException {
        try {
            ServerTokens.Token own = tokens.token(views.get().swarm());
            token = Optional.of(own);
            return own.standIn();
        } catch (DockerException e) {
            throw new Unavailable(e.words());
        }
    }

    @Override
    public boolean accepts(String presented) {
        return token.filter(own -> own.isSame(presented)).isPresent()
                || tokens.isKnown(views.get().swarm(), presented);
    }

    @Override
    public SortedMap<String, String> secrets() {
        TreeMap<String, String> secrets = new TreeMap<>();
        token.ifPresent(own -> secrets.put(TOKEN, own.secret().name()));
        return secrets;
    }

    @Override
    public Optional<String> obstacle(PrometheusServerSpec spec) {
        SwarmSnapshot swarm = views.get().swarm();
        Set<String> missing = new TreeSet<>(named(spec));
        missing.removeIf(name -> network(swarm, name).isPresent());
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("spec.swarm.networks: there is no network " + String.join(", ", missing));
    }
}
