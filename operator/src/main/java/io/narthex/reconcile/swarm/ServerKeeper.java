package io.narthex.reconcile.swarm;

import io.narthex.access.Identity;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.discovery.Discovered;
import io.narthex.compiler.discovery.DiscoveryPlan;
import io.narthex.compiler.discovery.SwarmTargets;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiscoveryService;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretValue;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.RegistryLogins;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.docker.SwarmWatch;
import io.narthex.prometheus.ServerAccess;
import io.narthex.reconcile.Complaint;
import io.narthex.reconcile.Keeper;
import io.narthex.reconcile.Latest;
import io.narthex.reconcile.ReconcileLoop;
import io.narthex.reconcile.ServerState;
import io.narthex.reconcile.Snippet;
import io.narthex.reconcile.SteadyCompiler;
import io.narthex.reconcile.SteadyRollout;
import io.narthex.rollout.Delivery;
import io.narthex.rollout.Pace;
import io.narthex.rollout.RolloutEngine;
import io.narthex.rollout.Status;
import io.narthex.rollout.swarm.SecretRef;
import io.narthex.rollout.swarm.ServiceFactory;
import io.narthex.rollout.swarm.Surroundings;
import io.narthex.rollout.swarm.SwarmDeployment;
import io.narthex.rollout.swarm.SwarmNames;
import io.narthex.rollout.swarm.SwarmPrometheus;
import io.narthex.source.swarm.SwarmReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes care of one PrometheusServer of a Swarm: compiles it when something changes that it takes, hands the result to
 * its rollout, finds its targets. One thread compiles, another rolls out; neither waits for the other.
 */
final class ServerKeeper implements Keeper {

    private static final Logger LOG = LoggerFactory.getLogger(ServerKeeper.class);

    private static final Duration RETRY = Duration.ofSeconds(3);

    private final ResourceKey server;
    private final SwarmOperatorSettings settings;
    private final Supplier<View> views;
    private final SwarmWatch watch;
    private final ServiceFactory factory;
    private final ServerTokens tokens;
    private final CredentialSecrets credentials;
    private final ServerNetworks networks;
    private final MountedSecrets mounted;
    private final WebAccess web;
    private final SwarmPrometheus driver;
    private final SteadyRollout rollout;
    private final InstantSource timer;
    private final ReconcileLoop loop;
    private final Latest<Discovered> found = new Latest<>();
    private final Complaint complaint = new Complaint(LOG);

    // Of the keeper's thread; others only read.
    private List<String> joined = List.of();
    private Instant retryAt = Instant.MAX;
    private Optional<SwarmDeployment> desired = Optional.empty();
    private volatile Optional<String> obstacle = Optional.empty();
    private volatile Optional<ServerTokens.Token> token = Optional.empty();
    private volatile Optional<Search> search = Optional.empty();

    /**
     * What targets are to be found.
     *
     * @param plan which
     * @param reachable the IDs of the networks in which the server reaches them
     */
    private record Search(DiscoveryPlan plan, Set<String> reachable) {

        Search {
            reachable = Set.copyOf(reachable);
        }

        Discovered find(SwarmSnapshot swarm) {
            return SwarmTargets.discover(plan, SwarmReader.state(swarm, reachable));
        }
    }

    ServerKeeper(ResourceKey server, OperatorParts parts, Supplier<View> views, Surroundings surroundings) {
        this.server = server;
        this.settings = parts.settings();
        this.views = views;
        this.watch = parts.watch();
        this.timer = parts.timer();
        this.factory = new ServiceFactory(settings.instance(), settings.imageRepository());
        DockerClient docker = parts.docker();
        SwarmNames names = new SwarmNames(settings.instance(), server);
        this.tokens = new ServerTokens(docker, names, parts.random());
        this.credentials = new CredentialSecrets(docker, names, new DigestKey(docker, names, parts.random()));
        this.networks = new ServerNetworks(names, timer);
        this.mounted = new MountedSecrets(settings.secrets());
        this.web = new WebAccess(new IdentityConfig(docker, names, parts.clock()), mounted);
        this.loop = new ReconcileLoop(
                "keep-" + server.namespace() + "/" + server.name(), server.toString(), timer, this::look);
        this.driver = new SwarmPrometheus(docker, watch, names, surroundings);
        this.rollout = new SteadyRollout(
                server,
                parts.compiler(),
                driver,
                driver::readyEndpoint,
                RolloutEngine.withPace(Pace.REMOTE, Delivery.AT_START),
                false,
                timer,
                loop::wake);
    }

    @Override
    public void start() {
        rollout.start();
        loop.start();
    }

    @Override
    public void wake() {
        rollout.wake();
        loop.wake();
    }

    private Instant look() throws InterruptedException {
        retryAt = Instant.MAX;
        try {
            reconcile();
            complaint.forget();
        } catch (DockerException e) {
            obstacle = Optional.of(e.words());
            complaint.say(server + ": " + e.words());
            retry();
        }
        return retryAt;
    }

    private void retry() {
        retryAt = timer.instant().plus(RETRY);
    }

    private void reconcile() throws InterruptedException {
        View view = views.get();
        Optional<Declared<PrometheusServerSpec>> declared = declared(view);
        if (declared.isEmpty()) {
            return;
        }
        PrometheusServerSpec spec = declared.get().spec();
        rollout.pause(spec.paused());
        rollout.look();
        if (!spec.paused()) {
            compile(view, declared.get());
            rollout.look();
        }
    }

    private Optional<Declared<PrometheusServerSpec>> declared(View view) {
        return view.inventory().find(server).flatMap(found -> found.as(PrometheusServerSpec.class));
    }

    private void compile(View view, Declared<PrometheusServerSpec> declared) throws InterruptedException {
        List<String> missing = new ArrayList<>();
        ServerNetworks.declared(view, declared.spec(), missing);
        if (!missing.isEmpty()) {
            obstacle = Optional.of("there is no network " + String.join(", ", missing) + "; docker network create"
                    + " --driver overlay --attachable " + missing.getFirst());
            return;
        }
        if (rollout.isSettled(view.inventory())
                && joined.equals(rollout.step()
                        .map(known -> join(view, known.server().orElse(declared).spec(), known))
                        .orElse(List.of()))) {
            tidy(view);
            return;
        }
        ServerTokens.Token token = tokens.token(view.swarm());
        this.token = Optional.of(token);
        Optional<String> url = settings.urlOf(view.self());
        Optional<Identity> identity = identity(declared.spec());
        SteadyCompiler.Step next = rollout.compile(view.inventory(), spec -> options(spec, identity, url, token));
        // Of a refused version nothing is carried out, neither its configuration nor what else it asks for.
        Declared<PrometheusServerSpec> runs = next.server().orElse(declared);
        RegistryLogins logins;
        ServerAccess access;
        try {
            Optional<String> service = view.self().map(OwnTask::serviceName);
            logins = logins(runs.spec(), service);
            access = web.access(runs, identity, view.inventory(), service);
        } catch (MountedSecrets.Unusable e) {
            obstacle = Optional.of(e.words());
            retry();
            return;
        }
        rollout.adopt(next);
        List<String> networks = join(view, runs.spec(), next);
        joined = networks;
        obstacle = url.isPresent()
                ? Optional.empty()
                : Optional.of("Prometheus can't reach this operator for targets: it is no task of the Swarm;"
                        + " name its address by --advertise");
        search = Optional.of(new Search(next.compilation().discovery(), new HashSet<>(networks)));
        Optional<Bundle> bundle = next.compilation().bundle();
        if (bundle.isEmpty()) {
            rollout.settle();
            return;
        }
        SwarmDeployment deployment =
                factory.make(runs, bundle.get(), networks, secrets(view.swarm(), bundle.get(), token), logins, access);
        if (desired.filter(before -> isSame(before, deployment)).isEmpty()) {
            LOG.info(
                    "{}: generation {} is to run, {} jobs",
                    server,
                    bundle.get().generation(),
                    bundle.get().jobs().size());
            desired = Optional.of(deployment);
            rollout.desire(deployment.release(), () -> driver.desire(deployment));
        }
        if (rollout.settle()) {
            retry();
        }
    }

    /** Removes what only earlier versions took, once the newest is known to run. */
    private void tidy(View view) throws InterruptedException {
        Status status = rollout.status();
        if (desired.isPresent()
                && status.phase() == Status.Phase.READY
                && status.verified().equals(Optional.of(desired.get().bundle().generation()))) {
            credentials.removeOthers(view.swarm(), desired.get().secrets().values());
        }
    }

    /** Returns Narthex's own identity if the newest version of the server asks who comes, or the one before does. */
    private Optional<Identity> identity(PrometheusServerSpec newest) throws InterruptedException {
        Optional<PrometheusServerSpec> before = rollout.taken(server)
                .flatMap(found -> found.as(PrometheusServerSpec.class))
                .map(Declared::spec);
        return newest.asksWho() || before.filter(PrometheusServerSpec::asksWho).isPresent()
                ? Optional.of(web.identity())
                : Optional.empty();
    }

    private static CompileOptions options(
            PrometheusServerSpec spec, Optional<Identity> identity, Optional<String> url, ServerTokens.Token token) {
        CompileOptions open = CompileOptions.inContainers(Platform.SWARM, spec, ServiceFactory.LAYOUT);
        CompileOptions options = identity.filter(one -> spec.asksWho())
                .map(Identity::known)
                .map(open::withOperator)
                .orElse(open);
        return url.isEmpty() ? options : options.withDiscovery(new DiscoveryService(url.get(), token.standIn()));
    }

    private List<String> join(View view, PrometheusServerSpec spec, SteadyCompiler.Step compilation) {
        List<String> own = ServerNetworks.declared(view, spec, new ArrayList<>());
        List<String> all =
                networks.all(view, spec, own, compilation.compilation().discovery());
        networks.next().filter(at -> at.isBefore(retryAt)).ifPresent(at -> retryAt = at);
        return all;
    }

    private static boolean isSame(SwarmDeployment before, SwarmDeployment now) {
        return before.release().equals(now.release())
                && before.template().equals(now.template())
                && before.replicas() == now.replicas()
                && before.volume().equals(now.volume())
                && before.images().equals(now.images())
                && before.access().equals(now.access())
                && before.constraints().equals(now.constraints());
    }

    /** Returns what registries ask for; none where the server names no logins. */
    private RegistryLogins logins(PrometheusServerSpec spec, Optional<String> service) throws MountedSecrets.Unusable {
        return spec.swarm() == null || spec.swarm().imageRegistryAuth() == null
                ? RegistryLogins.NONE
                : mounted.logins(spec.swarm().imageRegistryAuth(), service);
    }

    private SortedMap<String, SecretRef> secrets(SwarmSnapshot swarm, Bundle bundle, ServerTokens.Token own)
            throws InterruptedException {
        TreeMap<String, SecretRef> secrets = new TreeMap<>();
        for (Map.Entry<String, SecretValue> credential : bundle.credentials().entrySet()) {
            SecretValue value = credential.getValue();
            secrets.put(credential.getKey(), value.equals(own.standIn()) ? own.secret() : credentials.of(swarm, value));
        }
        return secrets;
    }

    // What others ask for.

    @Override
    public boolean hasToken(String presented) {
        return token.filter(own -> own.isSame(presented)).isPresent();
    }

    @Override
    public Optional<Discovered> targets() {
        return search.flatMap(one -> watch.fresh().map(swarm -> find(one, swarm)));
    }

    private Discovered find(Search what, SwarmSnapshot swarm) {
        return found.of(List.of(what, swarm.tasks(), swarm.nodes(), swarm.networks()), () -> what.find(swarm));
    }

    @Override
    public Optional<Snippet> snippet() {
        return Optional.empty();
    }

    @Override
    public ServerState state(boolean isDefault) throws InterruptedException {
        List<Diagnostic> diagnostics = new ArrayList<>();
        rollout.step().ifPresent(now -> {
            diagnostics.addAll(now.written().diagnostics());
            diagnostics.addAll(now.refusals());
            diagnostics.addAll(now.written().discovery().diagnostics());
        });
        Optional<Discovered> targets = targets();
        targets.ifPresent(found -> diagnostics.addAll(found.diagnostics()));
        diagnostics.addAll(rollout.blames());
        diagnostics.addAll(driver.diagnostics());
        diagnostics.sort(Diagnostic.ORDER);
        return new ServerState(
                server,
                isDefault,
                rollout.status(),
                obstacle,
                rollout.ready(),
                diagnostics.stream().distinct().toList(),
                targets.map(Discovered::counts).orElse(new TreeMap<>()));
    }

    @Override
    public void close() {
        loop.close();
        rollout.close();
        driver.close();
    }
}
