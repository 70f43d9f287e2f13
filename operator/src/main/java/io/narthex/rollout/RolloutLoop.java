package io.narthex.rollout;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Keeps one server at what is desired: observes, asks the engine, acts, until there is nothing to do; wakes up when
 * something changes, and from time to time.
 *
 * <p>Any thread may call any method. Everything that is done is done by one thread of its own.
 */
public final class RolloutLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutLoop.class);

    /** In logs, what a line is about: the server, in the thread that works on it (SLF4J's MDC). */
    public static final String MARKER = "server";

    /** After a bug of Narthex, the loop goes on so much later. */
    private static final Duration AFTER_BUG = Duration.ofSeconds(30);

    private final String name;
    private final Driver driver;
    private final RolloutEngine engine;
    private final InstantSource clock;
    private final CulpritFinder finder;
    private final Consumer<Standing> listener;
    private final Thread loop;

    private final Bell bell;
    private final Queue<Runnable> changes = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> questions = new ConcurrentLinkedQueue<>();
    private volatile boolean paused;
    /** Whether it looks again before the time that the engine said. */
    private volatile boolean woken;

    // Written by the loop's thread.
    private volatile Standing standing = new Standing(RolloutState.initial().status(), Optional.empty());

    // Of the loop's thread.
    private Optional<Observed.Found> found = Optional.empty();
    private String warned = "";

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
        this.bell = new Bell(clock);
        this.loop = Thread.ofVirtual().name("rollout-" + name).unstarted(this::run);
    }

    /** Begins; to be called once. */
    public void start() {
        loop.start();
    }

    /** Has the loop's thread do something to the driver before it looks again. */
    public void change(Runnable change) {
        changes.add(change);
        wake();
    }

    /** Has the loop's thread ask the driver something; it doesn't look again for it. */
    public void ask(Runnable question) {
        questions.add(question);
        bell.ring();
    }

    /** Has the loop look again now. */
    public void wake() {
        woken = true;
        bell.ring();
    }

    /** Stops or resumes acting; what is under way is finished. For one thread. */
    public void pause(boolean pause) {
        if (paused != pause) {
            paused = pause;
            wake();
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
        return standing;
    }

    private void run() {
        MDC.put(MARKER, name);
        RolloutState state = RolloutState.initial();
        Instant next = Instant.MIN;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (!bell.hush()) {
                    return;
                }
                run(questions);
                if (!woken && clock.instant().isBefore(next)) {
                    bell.await(next);
                    continue;
                }
                woken = false;
                run(changes);
                if (paused) {
                    next = Instant.MAX;
                    continue;
                }
                next = Instant.MIN;
                Observed observed = driver.observe(found);
                Decision decision = engine.decide(state, driver.desired(), observed, clock.instant());
                state = decision.state();
                tell(new Standing(driver.inWords(decision.status()), driver.desired()));
                switch (decision.action()) {
                    case Action.Wait(Instant until) -> next = until;
                    case Action.FindCulprit refused -> {
                        // What was found before is no answer to this.
                        found = Optional.empty();
                        finder.find(refused, answer -> change(() -> found = Optional.of(answer)));
                    }
                    default -> driver.execute(decision.action());
                }
            } catch (InterruptedException e) {
                // Closed.
                Thread.currentThread().interrupt();
            } catch (RuntimeException | StackOverflowError e) {
                LOG.error("The rollout of {} failed by a bug of Narthex; it goes on later", name, e);
                state = RolloutState.initial();
                pauseAfterBug();
            }
        }
    }

    private void pauseAfterBug() {
        try {
            bell.await(clock.instant().plus(AFTER_BUG));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(Queue<Runnable> queue) {
        for (Runnable one = queue.poll(); one != null; one = queue.poll()) {
            one.run();
        }
    }

    private void tell(Standing now) {
        if (now.equals(standing)) {
            return;
        }
        standing = now;
        Status status = now.status();
        LOG.debug("{}: {} {} {}", name, status.phase(), status.reason(), status.detail());
        warn(status);
        listener.accept(now);
    }

    /** What comes and goes with each attempt is said once, until all is well. */
    private void warn(Status status) {
        boolean ready = status.phase() == Status.Phase.READY;
        if (ready && status.detail().isEmpty()) {
            warned = "";
        } else if (ready
                || status.phase() == Status.Phase.PARTIAL
                || status.reason().isTrouble()) {
            String words = status.reason() + " " + status.detail();
            if (!words.equals(warned)) {
                warned = words;
                LOG.warn("{}: {}", name, words);
            }
        }
    }

    /** Ends; what runs goes on running. */
    @Override
    public void close() {
        bell.close();
        loop.interrupt();
        try {
            loop.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
