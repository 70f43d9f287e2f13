package io.narthex.reconcile.external;

import io.narthex.api.v1alpha1.ExternalServer;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.discovery.Discovered;
import io.narthex.compiler.discovery.DiscoveryPlan;
import io.narthex.compiler.discovery.SwarmTargets;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiscoveryService;
import io.narthex.compiler.model.Expression;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.prometheus.BuildInfo;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.reconcile.Complaint;
import io.narthex.reconcile.Keeper;
import io.narthex.reconcile.Latest;
import io.narthex.reconcile.QueryParser;
import io.narthex.reconcile.ReconcileLoop;
import io.narthex.reconcile.ServerParser;
import io.narthex.reconcile.ServerState;
import io.narthex.reconcile.Snippet;
import io.narthex.reconcile.SteadyCompiler;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes care of one PrometheusServer of the mode {@code External}: compiles what it takes whenever that changes, hands it
 * over, looks every few seconds at what the server really runs, and finds its targets.
 *
 * <p>Any thread may call any method.
 */
public final class ExternalKeeper implements Keeper {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalKeeper.class);

    /** Nobody tells when somebody pasted something. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final Duration PARSE_LIMIT = Duration.ofSeconds(2);
    /** Where the server's own folders are is its owner's affair; only names of log files would need them. */
    private static final Layout LAYOUT = new Layout("/etc/prometheus", "/prometheus");

    private static final Status NOTHING =
            new Status(Status.Phase.WAITING, Reason.NOTHING_DESIRED, "", Optional.empty(), Optional.empty(), List.of());

    private final ResourceKey server;
    private final Surroundings surroundings;
    private final Handover handover;
    private final SteadyCompiler steady;
    private final InstantSource timer;
    private final ReconcileLoop loop;
    private final Latest<Discovered> found = new Latest<>();

    // Of the keeper's thread; others only read.
    private volatile SteadyCompiler.@Nullable Step step;
    private volatile Optional<PrometheusServerSpec> spec = Optional.empty();
    private volatile Optional<PrometheusEndpoint> endpoint = Optional.empty();
    private volatile Optional<String> obstacle = Optional.empty();
    private volatile Status status = NOTHING;
    private volatile Optional<Snippet> snippet = Optional.empty();
    private SteadyCompiler.@Nullable Step loaded;
    private final Complaint complaint = new Complaint(LOG);
    private Inventory compiled = Inventory.EMPTY;
    private Optional<CompileOptions> options = Optional.empty();
    private Optional<PrometheusEndpoint> offered = Optional.empty();
    private Optional<PrometheusVersion> running = Optional.empty();
    private boolean stale = true;

    /**
     * Makes a keeper that does nothing before {@link #start}.
     *
     * @param server the server
     * @param surroundings what surrounds it
     * @param handover how what is compiled comes to it; closed here
     * @param compiler compiles
     * @param timer tells how time passes, whatever becomes of the machine's clock
     */
    public ExternalKeeper(
            ResourceKey server, Surroundings surroundings, Handover handover, Compiler compiler, InstantSource timer) {
        this.server = server;
        this.surroundings = surroundings;
        this.handover = handover;
        this.timer = timer;
        this.steady = new SteadyCompiler(compiler, this::parse, timer);
        this.loop = new ReconcileLoop(
                "keep-" + server.namespace() + "/" + server.name(), server.toString(), timer, this::look);
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void wake() {
        loop.wake();
    }

    private Instant look() throws InterruptedException {
        Instant next = timer.instant().plus(LOOK);
        try {
            reconcile();
            complaint.forget();
        } catch (Surroundings.Unavailable e) {
            obstacle = Optional.of(String.valueOf(e.getMessage()));
            complaint.say(server + ": " + e.getMessage());
        }
        return next;
    }

    private void reconcile() throws Surroundings.Unavailable, InterruptedException {
        Inventory inventory = surroundings.inventory();
        Optional<PrometheusServerSpec> declared = inventory
                .find(server)
                .flatMap(found -> found.as(PrometheusServerSpec.class))
                .map(found -> found.spec());
        ExternalServer external = declared.map(PrometheusServerSpec::external).orElse(null);
        if (declared.isEmpty() || external == null) {
            return;
        }
        spec = declared;
        Optional<String> problem = surroundings.obstacle(declared.get());
        Optional<PrometheusEndpoint> where = Optional.empty();
        try {
            where = Optional.of(new ExternalEndpoint(inventory, server.namespace()).of(external));
        } catch (ExternalEndpoint.Unusable e) {
            // What belongs into its configuration is told all the same: it may not be there before it has that.
            problem = Optional.of(e.words());
        }
        endpoint = where;
        where.ifPresent(this::askVersion);
        if (!declared.get().paused()) {
            compile(inventory, declared.get(), where);
        }
        obstacle = problem.isPresent()
                ? problem
                : surroundings.url().isEmpty()
                        ? Optional.of(
                                "the server can't reach this operator for targets: name its address by --advertise")
                        : Optional.empty();
        if (where.isPresent() && bundle().isPresent()) {
            take(handover.look());
        }
    }

    private void askVersion(PrometheusEndpoint where) {
        try (PrometheusClient client = new PrometheusClient(where, ServerParser.LIMITS)) {
            client.buildInfo().toOptional().map(BuildInfo::version).ifPresent(version -> {
                if (!running.equals(Optional.of(version))) {
                    LOG.info("{}: the server at {} is Prometheus {}", server, where.base(), version);
                }
                running = Optional.of(version);
            });
        }
    }

    private void compile(Inventory inventory, PrometheusServerSpec declared, Optional<PrometheusEndpoint> where)
            throws Surroundings.Unavailable, InterruptedException {
        PrometheusVersion version = running.or(
                        () -> Optional.ofNullable(declared.version()).flatMap(PrometheusVersion::parse))
                .orElse(PrometheusVersion.NEWEST_KNOWN);
        Optional<String> url = surroundings.url();
        CompileOptions open = CompileOptions.of(surroundings.platform(), version, LAYOUT);
        CompileOptions now =
                url.isEmpty() ? open : open.withDiscovery(new DiscoveryService(url.get(), surroundings.token()));
        if (!stale
                && !steady.isDue()
                && compiled.equals(inventory)
                && options.equals(Optional.of(now))
                && offered.equals(where)) {
            return;
        }
        SteadyCompiler.Step next = steady.take(inventory, server, now, Optional.empty());
        Optional<String> before = bundle().map(Bundle::generation);
        step = next;
        compiled = inventory;
        options = Optional.of(now);
        offered = where;
        stale = steady.isWaiting();
        bundle().map(whole -> atFirst(next, now).orElse(whole)).ifPresent(bundle -> {
            if (!before.equals(Optional.of(bundle.generation()))) {
                LOG.info(
                        "{}: generation {} is to be loaded, {} jobs",
                        server,
                        bundle.generation(),
                        bundle.jobs().size());
            }
            snippet = handover.isByHand() ? Optional.of(Snippet.of(bundle, surroundings.secrets())) : Optional.empty();
            where.ifPresent(at -> handover.offer(bundle, at, why -> next.culprits(why.message())));
        });
    }

    /**
     * Returns what a server is to start with the first time, while nobody can be asked about expressions: all but what
     * holds some, since a wrong one would keep it from starting. Empty at any other time.
     */
    private Optional<Bundle> atFirst(SteadyCompiler.Step next, CompileOptions now) {
        if (!stale || !handover.isFirst()) {
            return Optional.empty();
        }
        Set<ResourceKey> open = next.compilation().expressions().stream()
                .map(Expression::resource)
                .collect(Collectors.toSet());
        return steady.without(next, open, now);
    }

    private Optional<Bundle> bundle() {
        SteadyCompiler.Step now = step;
        return now == null ? Optional.empty() : now.compilation().bundle();
    }

    @SuppressWarnings("ReferenceEquality") // One instance is one step.
    private void take(Status now) {
        if (!status.equals(now) && !now.detail().isEmpty()) {
            LOG.info("{}: {}", server, now.detail());
        }
        SteadyCompiler.Step about = step;
        boolean isNew = now.phase() == Status.Phase.READY && !now.verified().equals(status.verified());
        status = now;
        if (about == null) {
            return;
        }
        if (now.phase() == Status.Phase.READY
                && now.verified().equals(bundle().map(Bundle::generation))
                && loaded != about) {
            loaded = about;
            steady.loaded(about);
        }
        if (isNew) {
            LOG.info("{}: generation {} is verified", server, now.verified().orElse(""));
        }
        if (!now.culprits().isEmpty() && steady.blame(about, now.culprits())) {
            LOG.warn("{}: Prometheus refuses what {} became", server, now.culprits());
            stale = true;
            loop.wake();
        }
    }

    /** Has the server say what it makes of expressions, before they reach it; without it, its reload tells. */
    private Map<String, QueryVerdict> parse(Set<String> texts, Set<String> trees, QueryParser.Server about)
            throws InterruptedException {
        Optional<PrometheusEndpoint> where = endpoint.filter(known -> running.isPresent());
        return where.isEmpty()
                ? Map.of()
                : new ServerParser(where.get(), PARSE_LIMIT, timer).parse(texts, trees, about);
    }

    // What others ask for.

    @Override
    public boolean hasToken(String presented) {
        return surroundings.accepts(presented);
    }

    @Override
    public Optional<Discovered> targets() {
        SteadyCompiler.Step now = step;
        if (now == null) {
            return Optional.empty();
        }
        DiscoveryPlan plan = now.compilation().discovery();
        return spec.flatMap(surroundings::state)
                .map(state -> found.of(List.of(plan, state), () -> SwarmTargets.discover(plan, state)));
    }

    @Override
    public Optional<Snippet> snippet() {
        return snippet;
    }

    @Override
    public ServerState state(boolean isDefault) {
        List<Diagnostic> diagnostics = new ArrayList<>();
        SteadyCompiler.Step now = step;
        if (now != null) {
            diagnostics.addAll(now.written().diagnostics());
            diagnostics.addAll(now.written().discovery().diagnostics());
        }
        Optional<Discovered> targets = targets();
        targets.ifPresent(found -> diagnostics.addAll(found.diagnostics()));
        diagnostics.addAll(steady.blames());
        diagnostics.sort(Diagnostic.ORDER);
        return new ServerState(
                server,
                isDefault,
                status,
                obstacle,
                endpoint,
                diagnostics.stream().distinct().toList(),
                targets.map(Discovered::counts).orElse(new TreeMap<>()));
    }

    @Override
    public void close() {
        loop.close();
        handover.close();
        steady.forget(server);
    }
}
