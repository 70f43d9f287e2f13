package io.narthex.reconcile.compose;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.DefaultServer;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.yaml.ResourceReader;
import io.narthex.docker.ContainerWatch;
import io.narthex.docker.DockerClient;
import io.narthex.process.StateFolder;
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
import io.narthex.rollout.MonotonicClock;
import io.narthex.source.compose.ContainerInventory;
import io.narthex.source.directory.FolderSource;
import io.narthex.web.TargetsPage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes care of the one Prometheus of a compose file: containers' labels and a folder's resources become files in a folder
 * that it reads, and targets that it asks for.
 *
 * <p>Any thread may call any method.
 */
public final class ComposeOperator implements AutoCloseable, OperatorView, TargetsPage.Lists {

    private static final Logger LOG = LoggerFactory.getLogger(ComposeOperator.class);

    /** How soon a changed file is noticed. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final String TOKEN = "token";

    private final ComposeSettings settings;
    private final ContainerWatch watch;
    private final Compiler compiler;
    private final InstantSource timer;
    private final StateFolder state;
    private final TokenFile token;
    private final ResourceFolder folder;
    private final ContainerInventory services = new ContainerInventory();
    private final Declared<PrometheusServerSpec> byDefault;
    private final ReconcileLoop loop;
    private final DeclaredDiagnostics problems;
    private final MadeUpServer madeUp = new MadeUpServer();

    private volatile Inventory inventory = Inventory.EMPTY;
    private volatile List<Diagnostic> diagnostics = List.of();
    private volatile Optional<Kept> kept = Optional.empty();
    private volatile boolean works;

    /** The one server. */
    private record Kept(ResourceKey key, Keeper keeper) {}

    /**
     * Makes an operator that does nothing before {@link #start}.
     *
     * @param docker asks the daemon; not closed here
     * @param settings how it works
     * @param state its part {@code config} is what Prometheus reads; not closed here
     * @param compiler compiles
     * @param clock tells the time of day; nothing waits by it
     * @param random makes the token; must not be guessable
     * @throws IOException where the token can't be kept
     */
    public ComposeOperator(
            DockerClient docker,
            ComposeSettings settings,
            StateFolder state,
            Compiler compiler,
            InstantSource clock,
            RandomGenerator random)
            throws IOException {
        this.settings = settings;
        this.state = state;
        this.compiler = compiler;
        this.problems = new DeclaredDiagnostics(compiler);
        this.timer = MonotonicClock.startingAt(clock.instant());
        Path file = state.root().resolve(TOKEN);
        this.token = TokenFile.open(file, random);
        this.watch = new ContainerWatch(docker, timer, settings.poll());
        this.folder = new ResourceFolder(new FolderSource(settings.resources(), new ResourceReader(), clock));
        this.byDefault = DefaultServer.external(settings.server().toString());
        this.loop = new ReconcileLoop("compose-operator", "What runs in containers", timer, this::look);
    }

    /** Begins. */
    public void start() {
        watch.onChange(loop::wake);
        watch.start();
        loop.start();
    }

    private Instant look() {
        watch.seen().ifPresent(this::reconcile);
        return timer.instant().plus(LOOK);
    }

    private void reconcile(ContainerWatch.Seen seen) {
        ResourceFolder.Content content = folder.read();
        Inventory declared = content.inventory();
        diagnostics = content.diagnostics();
        if (madeUp.decide(declared, diagnostics)) {
            LOG.info("No PrometheusServer is declared: {} is taken to be at {}", DefaultServer.KEY, settings.server());
        }
        Inventory next =
                services.take(declared, madeUp.isUsed() ? Optional.of(byDefault) : Optional.empty(), seen.containers());
        boolean isNew = !next.equals(inventory);
        inventory = next;
        follow();
        works = true;
        if (isNew) {
            kept.ifPresent(one -> one.keeper().wake());
        }
    }

    /** There is one folder, so there is one server: the first. */
    private void follow() {
        List<ResourceKey> declared =
                inventory.servers().map(Declared::key).sorted().toList();
        Optional<ResourceKey> wanted = declared.stream().findFirst();
        if (kept.map(Kept::key).equals(wanted)) {
            return;
        }
        kept.ifPresent(one -> one.keeper().close());
        kept = Optional.empty();
        if (wanted.isEmpty()) {
            return;
        }
        ResourceKey key = wanted.get();
        LOG.info("{} is taken care of, by files in {}", key, state.config());
        Optional<String> obstacle = declared.size() == 1
                ? Optional.empty()
                : Optional.of("of several PrometheusServers the first is taken; start another operator, with a folder"
                        + " of its own, for " + declared.get(1));
        ComposeSurroundings surroundings = new ComposeSurroundings(() -> inventory, watch, settings, token, obstacle);
        SharedFolder handover = new SharedFolder(key.namespace() + "/" + key.name(), state, timer, this::wakeKeeper);
        Keeper keeper = new ExternalKeeper(key, surroundings, handover, compiler, timer);
        kept = Optional.of(new Kept(key, keeper));
        keeper.start();
    }

    private void wakeKeeper() {
        kept.ifPresent(one -> one.keeper().wake());
    }

    // What others ask for.

    @Override
    public String platform() {
        return "compose";
    }

    @Override
    public boolean isReady() {
        return works;
    }

    @Override
    public boolean isWorking() {
        return works;
    }

    @Override
    public Optional<String> waitsFor() {
        return Optional.empty();
    }

    @Override
    public Optional<String> problem() {
        return watch.problem();
    }

    @Override
    public Map<String, Long> resources() {
        return inventory.countsByKind();
    }

    @Override
    public List<Diagnostic> diagnostics() {
        return problems.of(inventory, diagnostics);
    }

    @Override
    public List<ServerState> servers() throws InterruptedException {
        Optional<Kept> one = kept;
        return one.isEmpty() ? List.of() : List.of(one.get().keeper().state(madeUp.isUsed()));
    }

    @Override
    public List<Snippet> snippets() {
        return List.of();
    }

    @Override
    public TargetsPage.Found find(String namespace, String server, String job, String presented) {
        ResourceKey key = ResourceKey.ofServer(namespace, server);
        Optional<Keeper> keeper = kept.filter(one -> one.key().equals(key)).map(Kept::keeper);
        return FoundTargets.of(keeper, works, watch.problem(), job, presented);
    }

    /** Ends; Prometheus goes on. */
    @Override
    public void close() {
        loop.close();
        kept.ifPresent(one -> one.keeper().close());
        watch.close();
    }
}
