package io.narthex.rollout.process;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.process.PrometheusProgram;
import io.narthex.process.StateFolder;
import io.narthex.process.Supervisor;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.rollout.Action;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.Decision;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Pace;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Release;
import io.narthex.rollout.RolloutEngine;
import io.narthex.rollout.RolloutState;
import io.narthex.rollout.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one local Prometheus at what is desired: observes, asks the engine, acts, until there is nothing to do; wakes
 * up when something else is desired, when the process changes, and from time to time.
 *
 * <p>Any thread may call any method. Everything that is done is done by one thread of its own.
 */
public final class Rollout implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);

    private final Supervisor supervisor;
    private final LocalPrometheus driver;
    private final SpareCheck spare;
    private final InstantSource clock;
    private final Consumer<Status> listener;
    private final RolloutEngine engine;
    private final Thread loop;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition awake = lock.newCondition();

    // Guarded by the lock.
    private @Nullable Wanted wanted;
    private Optional<Observed.Found> found = Optional.empty();
    private Status status = RolloutState.initial().status();
    private boolean renewed;
    private boolean woken;
    private boolean closed;
    private @Nullable Thread search;

    private record Wanted(Bundle bundle, Suspects suspects) {}

    /**
     * Makes a rollout that does nothing before {@link #start}.
     *
     * @param program the Prometheus to run
     * @param state the state folder, which this doesn't close
     * @param supervisor keeps the process; this stops the process, but doesn't close the supervisor
     * @param clients makes a client of what listens at an address; this closes it
     * @param pace how patient the engine is
     * @param clock tells the time
     * @param listener is told each new status, by this rollout's own thread
     */
    public Rollout(
            PrometheusProgram program,
            StateFolder state,
            Supervisor supervisor,
            Function<ServerAddress, PrometheusClient> clients,
            Pace pace,
            InstantSource clock,
            Consumer<Status> listener) {
        this.supervisor = supervisor;
        this.clock = clock;
        this.listener = listener;
        driver = new LocalPrometheus(program, state, supervisor, clients);
        spare = new SpareCheck(program.path(), state.root());
        engine = RolloutEngine.withPace(pace);
        loop = Thread.ofPlatform().name("rollout").daemon(true).unstarted(this::run);
    }

    /** Begins; to be called once. */
    public void start() {
        supervisor.onChange(observation -> wake());
        loop.start();
    }

    /** Says what ought to run from now on; {@code suspects} where the culprit is looked for if Prometheus refuses it. */
    public void desire(Bundle bundle, Suspects suspects) {
        lock.lock();
        try {
            wanted = new Wanted(bundle, suspects);
            renewed = true;
        } finally {
            lock.unlock();
        }
        wake();
    }

    /** Returns where it stands. */
    public Status status() {
        lock.lock();
        try {
            return status;
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            woken = true;
            awake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        RolloutState state = RolloutState.initial();
        @Nullable Wanted taken = null;
        try {
            while (true) {
                Wanted newest;
                Optional<Observed.Found> foundNow;
                boolean isNew;
                lock.lock();
                try {
                    if (closed) {
                        return;
                    }
                    woken = false;
                    newest = wanted;
                    isNew = renewed;
                    renewed = false;
                    foundNow = found;
                } finally {
                    lock.unlock();
                }
                if (newest != null && isNew) {
                    driver.desire(newest.bundle());
                    taken = newest;
                }
                Observed observed = driver.observe(foundNow);
                Decision decision = engine.decide(state, driver.desired(), observed, clock.instant());
                state = decision.state();
                tell(inWords(decision.status()));
                act(decision.action(), taken);
            }
        } catch (InterruptedException e) {
            // Closed.
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("The rollout ended by a bug of Narthex", e);
        }
    }

    /** The engine knows only that an instance can't be reached; why is what helps its user. */
    private Status inWords(Status status) {
        return status.reason() == Reason.UNREACHABLE && driver.obstacle().isPresent()
                ? new Status(
                        status.phase(),
                        status.reason(),
                        driver.obstacle().get(),
                        status.verified(),
                        status.refusal(),
                        status.culprits())
                : status;
    }

    private void tell(Status now) {
        lock.lock();
        try {
            if (now.equals(status)) {
                return;
            }
            status = now;
        } finally {
            lock.unlock();
        }
        LOG.debug("{} {} {}", now.phase(), now.reason(), now.detail());
        listener.accept(now);
    }

    private void act(Action action, @Nullable Wanted taken) throws InterruptedException {
        switch (action) {
            case Action.Wait(Instant until) -> await(until);
            case Action.FindCulprit(Release release, var why) -> {
                if (taken != null) {
                    find(taken, release);
                }
            }
            default -> driver.execute(action);
        }
    }

    private void await(Instant until) throws InterruptedException {
        lock.lock();
        try {
            long nanos = Duration.between(clock.instant(), until).toNanos();
            while (!woken && !closed && nanos > 0) {
                nanos = awake.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private void find(Wanted refused, Release release) {
        lock.lock();
        try {
            if (search != null) {
                search.interrupt();
            }
            search = Thread.ofVirtual().name("culprit-search").start(() -> {
                List<Culprit> culprits = search(refused);
                lock.lock();
                try {
                    if (Thread.currentThread() == search) {
                        found = Optional.of(new Observed.Found(release.id(), culprits));
                    }
                } finally {
                    lock.unlock();
                }
                wake();
            });
        } finally {
            lock.unlock();
        }
    }

    private List<Culprit> search(Wanted refused) {
        try {
            boolean byPromtool =
                    spare.hasPromtool() && spare.promtool(refused.bundle()).isPresent();
            return new CulpritSearch(refused.suspects(), byPromtool ? spare::promtool : spare::prometheus).run();
        } catch (IOException e) {
            LOG.warn("The culprit can't be searched: {}", e.getMessage());
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Ends, and stops Prometheus cleanly. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (search != null) {
                search.interrupt();
            }
            awake.signalAll();
        } finally {
            lock.unlock();
        }
        loop.interrupt();
        try {
            loop.join();
            supervisor.stop(Supervisor.STOP_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        driver.close();
    }
}
