package io.narthex.reconcile.swarm;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.DefaultServer;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.yaml.ResourceReader;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.docker.SwarmWatch;
import io.narthex.reconcile.Complaint;
import io.narthex.reconcile.DeclaredDiagnostics;
import io.narthex.reconcile.FoundTargets;
import io.narthex.reconcile.Keeper;
import io.narthex.reconcile.MadeUpServer;
import io.narthex.reconcile.OperatorView;
import io.narthex.reconcile.ReconcileLoop;
import io.narthex.reconcile.ResourceFolder;
import io.narthex.reconcile.ServerState;
import io.narthex.reconcile.Snippet;
import io.narthex.reconcile.external.ExternalKeeper;
import io.narthex.reconcile.external.Paste;
import io.narthex.rollout.MonotonicClock;
import io.narthex.rollout.swarm.Surroundings;
import io.narthex.rollout.swarm.SwarmNames;
import io.narthex.source.directory.FolderSource;
import io.narthex.source.swarm.SwarmInventory;
import io.narthex.web.TargetsPage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes care of all PrometheusServers of a Swarm: one {@link ServerKeeper} for each, which comes and goes with its
 * resource. Of several operators of an instance one works, and the others wait.
 *
 * <p>Any thread may call any method.
 */
public final class SwarmOperator implements AutoCloseable, OperatorView, TargetsPage.Lists {

    private static final Logger LOG = LoggerFactory.getLogger(SwarmOperator.class);

    /** How soon a folder's change, and who else works, is looked at. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final Duration RETRY = Duration.ofSeconds(2);

    private final SwarmOperatorSettings settings;
    private final DockerClient docker;
    private final SwarmWatch watch;
    private final InstantSource timer;
    private final OperatorParts parts;
    private final OwnTaskSearch self;
    private final Tenure tenure;
    private final SwarmInventory inventories;
    private final Optional<ResourceFolder> folder;
    private final Map<ResourceKey, Keeper> keepers = new ConcurrentHashMap<>();
    private final ReconcileLoop loop;
    private final DeclaredDiagnostics problems;
    private final MadeUpServer madeUp = new MadeUpServer();
    private final Complaint complaint = new Complaint(LOG);

    private volatile View view = new View(SwarmSnapshot.EMPTY, Inventory.EMPTY, List.of(), Optional.empty());
    private volatile Optional<String> waitsFor = Optional.empty();
    private volatile boolean works;

    // Of the operator's thread.
    private Optional<OwnTask> known = Optional.empty();
    private Instant tenureAt = Instant.MIN;

    /**
     * Makes an operator that does nothing before {@link #start}.
     *
     * @param docker asks a manager of the Swarm; not closed here
     * @param settings how it works
     * @param compiler compiles all servers
     * @param clock tells the time of day; nothing waits by it
     * @param random makes tokens; must not be guessable
     */
    public SwarmOperator(
            DockerClient docker,
            SwarmOperatorSettings settings,
            Compiler compiler,
            InstantSource clock,
            RandomGenerator random) {
        this.settings = settings;
        this.docker = docker;
        this.problems = new DeclaredDiagnostics(compiler);
        this.timer = MonotonicClock.startingAt(clock.instant());
        this.watch = new SwarmWatch(docker, timer, settings.poll());
        this.parts = new OperatorParts(docker, settings, watch, compiler, clock, timer, random);
        this.self = new OwnTaskSearch(settings.host(), timer);
        String process = settings.host() + "/" + ProcessHandle.current().pid();
        this.tenure = new Tenure(docker, settings.instance(), process, clock, timer);
        ResourceReader reader = new ResourceReader();
        this.inventories = new SwarmInventory(settings.instance(), reader);
        this.folder = settings.resources().map(path -> new ResourceFolder(new FolderSource(path, reader, clock)));
        this.loop = new ReconcileLoop("swarm-operator", "The Swarm", timer, this::look);
    }

    /** Begins. */
    public void start() {
        watch.onChange(loop::wake);
        watch.start();
        loop.start();
    }

    private Instant look() throws InterruptedException {
        Instant next = timer.instant().plus(LOOK);
        try {
            Optional<SwarmSnapshot> swarm = watch.snapshot();
            if (swarm.isPresent()) {
                reconcile(swarm.get());
                complaint.forget();
            }
        } catch (DockerException e) {
            complaint.say(e.words());
            next = timer.instant().plus(RETRY);
        }
        return next;
    }

    private void reconcile(SwarmSnapshot swarm) throws InterruptedException {
        if (!self.isSettled(swarm)) {
            watch.expectChange(Set.of(Kinds.TASKS));
            return;
        }
        Optional<OwnTask> task = self.found();
        if (!task.equals(known)) {
            known = task;
            task.ifPresent(found -> LOG.info("This is the task {} of the service {}", found.id(), found.serviceName()));
        }
        if (!holds(swarm, task)) {
            return;
        }
        ResourceFolder.Content declared = folder.map(ResourceFolder::read).orElse(ResourceFolder.Content.NONE);
        Inventory inventory = inventories.take(swarm, declared.inventory(), declared.diagnostics());
        List<Diagnostic> diagnostics = inventories.diagnostics();
        if (madeUp.decide(inventory, diagnostics)) {
            LOG.info("No PrometheusServer is declared: {} is run with defaults", DefaultServer.KEY);
        }
        view = new View(swarm, madeUp.isUsed() ? DefaultServer.addTo(inventory) : inventory, diagnostics, task);
        follow();
        works = true;
    }

    /** Returns whether this operator is the one that works. */
    private boolean holds(SwarmSnapshot swarm, Optional<OwnTask> task) throws InterruptedException {
        if (works && timer.instant().isBefore(tenureAt)) {
            return true;
        }
        Optional<String> other = tenure.other(swarm, task);
        tenureAt = timer.instant().plus(LOOK);
        if (other.isPresent() && !other.equals(waitsFor)) {
            LOG.info("{} works for the instance {}; this one waits", other.get(), settings.instance());
        }
        waitsFor = other;
        if (other.isPresent()) {
            works = false;
            madeUp.forget();
            keepers.values().forEach(Keeper::close);
            keepers.clear();
        }
        return other.isEmpty();
    }

    private void follow() {
        Set<ResourceKey> wanted = view.inventory().servers().map(Declared::key).collect(Collectors.toSet());
        for (ResourceKey key : Set.copyOf(keepers.keySet())) {
            Keeper keeper = keepers.get(key);
            boolean isOther = keeper != null && isExternal(key) != keeper instanceof ExternalKeeper;
            if ((!wanted.contains(key) || isOther) && keeper != null) {
                LOG.info(
                        "{} {}; what runs goes on until narthex uninstall",
                        key,
                        isOther ? "has another mode now" : "is no longer declared");
                keepers.remove(key);
                keeper.close();
            }
        }
        for (ResourceKey key : wanted) {
            if (!keepers.containsKey(key)) {
                LOG.info("{} is taken care of", key);
                Keeper keeper =
                        isExternal(key) ? external(key) : new ServerKeeper(key, parts, () -> view, surroundings());
                keepers.put(key, keeper);
                keeper.start();
            }
        }
        keepers.values().forEach(Keeper::wake);
    }

    private boolean isExternal(ResourceKey key) {
        return view.inventory()
                .find(key)
                .flatMap(found -> found.as(PrometheusServerSpec.class))
                .filter(found -> found.spec().runsElsewhere())
                .isPresent();
    }

    private Keeper external(ResourceKey key) {
        ServerTokens tokens = new ServerTokens(docker, new SwarmNames(settings.instance(), key), parts.random());
        return new ExternalKeeper(
                key, new SwarmSurroundings(() -> view, watch, settings, tokens), new Paste(), parts.compiler(), timer);
    }

    private Surroundings surroundings() {
        return new Surroundings() {
            @Override
            public List<String> networks() {
                return view.self().map(OwnTask::networks).orElse(List.of());
            }

            @Override
            public void demandPresence() throws InterruptedException {
                Optional<OwnTask> self = view.self();
                if (self.isPresent()
                        && docker.find(Kinds.SERVICES, self.get().serviceId()).isEmpty()) {
                    throw new DockerException(
                            DockerException.Kind.REFUSED,
                            "the operator's own service " + self.get().serviceName()
                                    + " is being removed, so nothing is made any more");
                }
            }
        };
    }

    // What others ask for.

    @Override
    public String platform() {
        return "swarm";
    }

    @Override
    public Optional<String> instance() {
        return Optional.of(settings.instance());
    }

    @Override
    public boolean isReady() {
        return works || waitsFor.isPresent();
    }

    @Override
    public boolean isWorking() {
        return works;
    }

    @Override
    public Optional<String> waitsFor() {
        return waitsFor;
    }

    @Override
    public Optional<String> problem() {
        return watch.problem();
    }

    @Override
    public Map<String, Long> resources() {
        return view.inventory().countsByKind();
    }

    @Override
    public List<Diagnostic> diagnostics() {
        View now = view;
        return problems.of(now.inventory(), now.diagnostics());
    }

    @Override
    public List<Snippet> snippets() {
        return new TreeMap<>(keepers)
                .values().stream().flatMap(keeper -> keeper.snippet().stream()).toList();
    }

    @Override
    public List<ServerState> servers() throws InterruptedException {
        // All at once: each may wait some seconds for a rollout that is busy.
        List<Callable<ServerState>> questions = new ArrayList<>();
        new TreeMap<>(keepers)
                .forEach((key, keeper) ->
                        questions.add(() -> keeper.state(madeUp.isUsed() && key.equals(DefaultServer.KEY))));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<ServerState> states = new ArrayList<>();
            for (Future<ServerState> answer : threads.invokeAll(questions)) {
                states.add(answer.get());
            }
            return states;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public TargetsPage.Found find(String namespace, String server, String job, String token) {
        ResourceKey key = ResourceKey.ofServer(namespace, server);
        return FoundTargets.of(Optional.ofNullable(keepers.get(key)), works, watch.problem(), job, token);
    }

    /** Ends; the servers go on running. */
    @Override
    public void close() {
        loop.close();
        keepers.values().forEach(Keeper::close);
        keepers.clear();
        watch.close();
        giveBack();
    }

    private void giveBack() {
        try {
            if (works) {
                tenure.giveBack();
            }
        } catch (DockerException e) {
            LOG.debug("The next operator waits a while: {}", e.words());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
