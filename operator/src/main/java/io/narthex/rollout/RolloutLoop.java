package io.narthex.rollout;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one server at what is desired: observes, asks the engine, acts, until there is nothing to do; wakes up when
 * something changes, and from time to time.
 *
 * <p>Any thread may call any method. Everything that is done is done by one thread of its own.
 */
public final class RolloutLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutLoop.class);

    /** After a bug of Narthex, the loop goes on so much later. */
    private static final Duration AFTER_BUG = Duration.ofSeconds(30);

    private final String name;
    private final Driver driver;
    private final RolloutEngine engine;
    private final InstantSource clock;
    private final CulpritFinder finder;
    private final Consumer<Standing> listener;
    private final Thread loop;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition awake = lock.newCondition();

    // Guarded by the lock.
    private final Queue<Runnable> changes = new ArrayDeque<>();
    private Standing standing = new Standing(RolloutState.initial().status(), Optional.empty());
    private boolean woken;
    private boolean paused;
    private boolean closed;

    // Of the loop's thread.
    private Optional<Observed.Found> found = Optional.empty();

    /**
     * Makes a loop that does nothing before {@link #start}.
     *
     * @param name names the server, for logs
     * @param driver observes and acts; only called by the loop's thread
     * @param engine decides
     * @param clock tells the time
     * @param finder looks for who made Prometheus refuse what is desired
     * @param listener is told each new standing, by the loop's thread
     */
    public RolloutLoop(
            String name,
            Driver driver,
            RolloutEngine engine,
            InstantSource clock,
            CulpritFinder finder,
            Consumer<Standing> listener) {
        this.name = name;
        this.driver = driver;
        this.engine = engine;
        this.clock = clock;
        this.finder = finder;
        this.listener = listener;
        this.loop = Thread.ofVirtual().name("rollout-" + name).unstarted(this::run);
    }

    /** Begins; to be called once. */
    public void start() {
        loop.start();
    }

    /** Has the loop's thread do something to the driver before it looks again. */
    public void change(Runnable change) {
        lock.lock();
        try {
            changes.add(change);
            woken = true;
            awake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Has the loop look again now. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            awake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Stops or resumes acting; what is under way is finished. */
    public void pause(boolean pause) {
        lock.lock();
        try {
            paused = pause;
            woken = true;
            awake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Where a rollout stands.
     *
     * @param status where
     * @param release what was desired then; empty for nothing yet
     */
    public record Standing(Status status, Optional<Release> release) {}

    /** Returns where it stands. */
    public Standing standing() {
        lock.lock();
        try {
            return standing;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        RolloutState state = RolloutState.initial();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (!takeChanges()) {
                    return;
                }
                if (isPaused()) {
                    await(Instant.MAX);
                    continue;
                }
                Observed observed = driver.observe(found);
                Decision decision = engine.decide(state, driver.desired(), observed, clock.instant());
                state = decision.state();
                tell(new Standing(driver.inWords(decision.status()), driver.desired()));
                switch (decision.action()) {
                    case Action.Wait(Instant until) -> await(until);
                    case Action.FindCulprit(Release release, Refusal why) ->
                        finder.find(release, why, answer -> change(() -> found = Optional.of(answer)));
                    default -> driver.execute(decision.action());
                }
            } catch (InterruptedException e) {
                // Closed.
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.error("The rollout of {} failed by a bug of Narthex; it goes on later", name, e);
                state = RolloutState.initial();
                pauseAfterBug();
            }
        }
    }

    private void pauseAfterBug() {
        try {
            await(clock.instant().plus(AFTER_BUG));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean takeChanges() {
        while (true) {
            Runnable change;
            lock.lock();
            try {
                if (closed) {
                    return false;
                }
                change = changes.poll();
                if (change == null) {
                    woken = false;
                    return true;
                }
            } finally {
                lock.unlock();
            }
            change.run();
        }
    }

    private boolean isPaused() {
        lock.lock();
        try {
            return paused;
        } finally {
            lock.unlock();
        }
    }

    private void tell(Standing now) {
        lock.lock();
        try {
            if (now.equals(standing)) {
                return;
            }
            standing = now;
        } finally {
            lock.unlock();
        }
        Status status = now.status();
        LOG.debug("{}: {} {} {}", name, status.phase(), status.reason(), status.detail());
        listener.accept(now);
    }

    private void await(Instant until) throws InterruptedException {
        lock.lock();
        try {
            long nanos = until.equals(Instant.MAX)
                    ? Long.MAX_VALUE
                    : Duration.between(clock.instant(), until).toNanos();
            while (!woken && !closed && nanos > 0) {
                nanos = awake.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends; what runs goes on running. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            awake.signalAll();
        } finally {
            lock.unlock();
        }
        loop.interrupt();
        try {
            loop.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
