package io.narthex.reconcile;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretValue;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.rollout.Action;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.Driver;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Release;
import io.narthex.rollout.RolloutEngine;
import io.narthex.rollout.RolloutLoop;
import io.narthex.rollout.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles one server that runs in pods or tasks and has the result rolled out: what its Prometheus took is what a
 * refused version falls back to, and what its Prometheus refuses is left out of the next step.
 *
 * <p>For the one thread that reconciles the server, where a method doesn't say otherwise.
 */
public final class SteadyRollout implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SteadyRollout.class);

    /** How long the rollout's thread gets for an answer; it may be busy with a request of its own. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);
    /** How long a Prometheus may take to parse what changed. */
    private static final Duration PARSE_LIMIT = Duration.ofSeconds(2);

    private final ResourceKey server;
    private final SteadyCompiler steady;
    private final RolloutLoop loop;
    private final Supplier<Optional<PrometheusEndpoint>> ready;
    private final InstantSource clock;
    private final boolean searches;
    private final Runnable changed;

    // Others only read.
    private volatile SteadyCompiler.@Nullable Step step;
    private SteadyCompiler.@Nullable Step loaded;
    private SteadyCompiler.@Nullable Step loadedByOutdated;
    private Inventory compiled = Inventory.EMPTY;
    private boolean stale = true;
    private volatile Optional<Release> desired = Optional.empty();
    private Optional<String> verified = Optional.empty();

    /** That Prometheus refuses a release, and says of nobody why. */
    private volatile Optional<Refusal> nameless = Optional.empty();

    /** The release that instances refuse which are to be replaced. */
    private volatile Optional<String> doubted = Optional.empty();

    /**
     * Makes one that does nothing before {@link #start}.
     *
     * @param server which server
     * @param compiler compiles
     * @param driver observes and acts; only called by the rollout's thread
     * @param ready returns where an instance answers; empty where none does; called as the driver is
     * @param engine decides
     * @param searches whether a culprit that Prometheus doesn't name is searched by trying parts of the changes, which takes
     *     a platform where another configuration takes no restart
     * @param clock tells the time
     * @param changed is called, by the rollout's thread, when {@link #look} may find something new
     */
    public SteadyRollout(
            ResourceKey server,
            Compiler compiler,
            Driver driver,
            Supplier<Optional<PrometheusEndpoint>> ready,
            RolloutEngine engine,
            boolean searches,
            InstantSource clock,
            Runnable changed) {
        this.server = server;
        this.searches = searches;
        this.changed = changed;
        this.steady = new SteadyCompiler(compiler, this::parse, clock);
        this.ready = ready;
        this.clock = clock;
        this.loop = new RolloutLoop(
                server.namespace() + "/" + server.name(),
                driver,
                engine,
                clock,
                (refused, answer) ->
                        answer.accept(new Observed.Found(refused.release().id(), culprits(refused))),
                standing -> changed.run());
    }

    /** Begins; to be called once. */
    public void start() {
        loop.start();
    }

    /** Has the rollout look again now. From any thread. */
    public void wake() {
        loop.wake();
    }

    /** Stops or resumes acting; what is under way is finished. */
    public void pause(boolean pause) {
        loop.pause(pause);
    }

    /** Returns where the rollout of what is desired stands. From any thread. */
    public Status status() {
        RolloutLoop.Standing standing = loop.standing();
        Status status = standing.status();
        // What was desired a moment ago wasn't looked at yet: all that is known is about the release before.
        return desired.equals(standing.release())
                ? status
                : new Status(
                        Status.Phase.PROGRESSING, Reason.CHECKING, "", status.verified(), Optional.empty(), List.of());
    }

    /** Returns the newest step that is to run; empty before the first. From any thread. */
    public Optional<SteadyCompiler.Step> step() {
        return Optional.ofNullable(step);
    }

    /** Returns whether Prometheus has ever been seen with what was desired then. */
    public boolean wasVerified() {
        return verified.isPresent();
    }

    /** Returns whether nothing is left to do with this inventory. */
    public boolean isSettled(Inventory inventory) {
        return !stale && compiled.equals(inventory) && !steady.isDue();
    }

    /** Returns whether what was compiled last wasn't carried out yet, or is to be compiled again. */
    public boolean isStale() {
        return stale;
    }

    /** Says what Prometheus took of resources before the operator was started; to be called before {@link #compile}. */
    public void restore(Collection<Declared<?>> versions) {
        steady.restore(versions);
    }

    /** As {@link SteadyCompiler#isOwnJobsMissed}. */
    public boolean isOwnJobsMissed() {
        return steady.isOwnJobsMissed();
    }

    /**
     * Has a driver that keeps it say what the server's own scrape jobs were when Prometheus last loaded them; where it
     * doesn't answer within 3 s they aren't known.
     *
     * @param kept is called by the rollout's thread
     */
    public void restoreOwnJobs(Supplier<Optional<SecretValue>> kept) throws InterruptedException {
        answer(kept).ifPresent(jobs -> steady.restoreOwnJobs(server, jobs));
    }

    /** Returns whether the server's credentials are refused, and nothing says what they were before. */
    public boolean isCredentialMissed() {
        return !steady.missedCredentials().isEmpty();
    }

    /**
     * Has a driver that keeps them say what the server's credentials were when Prometheus last loaded them; where it doesn't
     * answer within 3 s they count as they are now.
     *
     * @param kept returns the content of a file by its path; is called by the rollout's thread
     */
    public void restoreCredentials(Function<String, Optional<SecretValue>> kept) throws InterruptedException {
        Set<String> missed = steady.missedCredentials();
        Map<String, SecretValue> found = new HashMap<>();
        answer(() -> {
                    Map<String, SecretValue> all = new HashMap<>();
                    missed.forEach(path -> kept.apply(path).ifPresent(value -> all.put(path, value)));
                    return Optional.of(all);
                })
                .ifPresent(found::putAll);
        steady.restoreCredentials(found);
    }

    /**
     * Compiles; nothing is settled until {@link #settle}. Never throws for a user's mistake.
     *
     * @param inventory what is declared
     * @param options returns what the compiler needs to know besides of a version of the server
     */
    public SteadyCompiler.Step compile(Inventory inventory, Function<PrometheusServerSpec, CompileOptions> options) {
        return compile(inventory, options, PlatformCheck.NONE);
    }

    /**
     * As {@link #compile(Inventory, Function)}, for a platform that doesn't carry out all that the compiler takes.
     *
     * @param platform says what of the server it doesn't
     */
    public SteadyCompiler.Step compile(
            Inventory inventory, Function<PrometheusServerSpec, CompileOptions> options, PlatformCheck platform) {
        stale = true;
        compiled = inventory;
        return steady.take(inventory, server, options, Optional.empty(), platform);
    }

    /** Says that this step is to run: what the rollout achieves or is refused from now on is about it. */
    public void adopt(SteadyCompiler.Step next) {
        step = next;
    }

    /**
     * Has a release rolled out.
     *
     * @param release what is to run
     * @param desire tells the driver, in the rollout's thread
     */
    public void desire(Release release, Runnable desire) {
        desired = Optional.of(release);
        loop.change(desire);
    }

    /**
     * Says that all was done with what was compiled last.
     *
     * @return whether it is to be compiled again later, for an instance that can be asked about expressions
     */
    public boolean settle() {
        stale = steady.isWaiting();
        return stale;
    }

    /**
     * Notes what the rollout achieved or was refused since the last look. After a refusal with a culprit nothing is
     * settled.
     *
     * @return the step that Prometheus is found to have taken since then
     */
    @SuppressWarnings("ReferenceEquality") // One instance is one step.
    public Optional<SteadyCompiler.Step> look() {
        RolloutLoop.Standing standing = loop.standing();
        Status status = standing.status();
        SteadyCompiler.Step now = step;
        if (now == null || stale || !desired.equals(standing.release())) {
            return Optional.empty();
        }
        Optional<SteadyCompiler.Step> taken = Optional.empty();
        // Without a replica it is ready, too, and nothing was taken; with one that is away what the others took is.
        boolean isRun = status.phase() == Status.Phase.READY || status.phase() == Status.Phase.PARTIAL;
        if (isRun && status.verified().isPresent() && loaded != now) {
            loaded = now;
            steady.loaded(now);
            taken = Optional.of(now);
            stale |= steady.resume();
            stale |= steady.forgive();
            if (!verified.equals(status.verified())) {
                verified = status.verified();
                LOG.info("{}: generation {} is verified", server, verified.orElse(""));
            }
        }
        boolean isRunByOutdated =
                status.phase() == Status.Phase.PARTIAL && status.verified().isEmpty();
        if (isRunByOutdated && loadedByOutdated != now) {
            loadedByOutdated = now;
            steady.loadedByOutdated(now);
            stale |= steady.resume();
        }
        List<Culprit> culprits = culprits(now, status);
        // Of what its own pods don't start with, those have the last word.
        boolean byOutdated = status.phase() != Status.Phase.ROLLED_BACK
                && doubted.isPresent()
                && doubted.equals(desired.map(Release::id));
        if (!culprits.isEmpty() && steady.blame(now, culprits, byOutdated)) {
            LOG.warn("{}: Prometheus refuses what {} became", server, culprits);
            stale = true;
        }
        Optional<Refusal> unexplained = nameless;
        if (unexplained.isPresent() && unexplained.map(Refusal::release).equals(desired.map(Release::id))) {
            nameless = Optional.empty();
            if (steady.search(now, unexplained.get().message())) {
                LOG.info(
                        "{}: Prometheus refuses {} changes together and names none; trying fewer",
                        server,
                        now.suspects().size());
                stale = true;
            }
        }
        return taken;
    }

    /** Where Prometheus doesn't start with other flags, or in another pod, the server alone asked for those. */
    private List<Culprit> culprits(SteadyCompiler.Step now, Status status) {
        boolean startFails = status.phase() == Status.Phase.ROLLED_BACK && status.reason() == Reason.START_FAILED;
        return startFails && now.serverChanged()
                ? List.of(new Culprit(
                        server,
                        "it doesn't start: "
                                + status.refusal().map(Refusal::message).orElse(status.detail())))
                : status.culprits();
    }

    /** Returns what Prometheus said against resources, one diagnostic for each. From any thread. */
    public List<Diagnostic> blames() {
        return steady.blames();
    }

    /** Returns the version of a resource that Prometheus took last; empty where it took none. From any thread. */
    public Optional<Declared<?>> taken(ResourceKey key) {
        return steady.taken(key);
    }

    /** Has the rollout's thread answer something that only it may ask the driver. From any thread. */
    public <T> CompletableFuture<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.ask(() -> answer.complete(question.get()));
        return answer;
    }

    /** Returns where an instance answers; empty where none does, or none is known within 3 s. From any thread. */
    public Optional<PrometheusEndpoint> ready() throws InterruptedException {
        return answer(ready);
    }

    private <T> Optional<T> answer(Supplier<Optional<T>> question) throws InterruptedException {
        try {
            return ask(question).get(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    /** Has an instance say what it makes of expressions, before they reach it; without one, the rollout tells. */
    private Map<String, QueryVerdict> parse(Set<String> texts, Set<String> trees, QueryParser.Server about)
            throws InterruptedException {
        Optional<PrometheusEndpoint> endpoint = ready();
        return endpoint.isEmpty()
                ? Map.of()
                : new ServerParser(endpoint.get(), PARSE_LIMIT, clock).parse(texts, trees, about);
    }

    private List<Culprit> culprits(Action.FindCulprit refused) {
        SteadyCompiler.Step now = step;
        if (now == null) {
            return List.of();
        }
        String message = refused.refusal().message();
        Optional<String> release = Optional.of(refused.release().id());
        boolean isOfServer = now.isOfServer(message);
        if (refused.byOutdated() && (isOfServer || now.suspects().isEmpty())) {
            // Its pods are yet to come, and may bring what is wanting.
            doubted = Optional.empty();
            return List.of();
        }
        doubted = refused.byOutdated() ? release : Optional.empty();
        if (isOfServer) {
            return List.of(new Culprit(server, message));
        }
        // Where the server changed, too, even a single resource may be innocent.
        boolean inDoubt = searches && now.serverSuspect() && !now.suspects().isEmpty();
        List<Culprit> found = inDoubt ? now.named(message) : now.culprits(message);
        if (searches && found.isEmpty()) {
            nameless = Optional.of(
                    new Refusal(refused.release().id(), refused.refusal().reason(), message));
            changed.run();
        }
        return found;
    }

    /** Ends; the server goes on running. */
    @Override
    public void close() {
        loop.close();
        steady.forget(server);
    }
}
