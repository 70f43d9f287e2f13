package io.narthex.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a Swarm. Docker tells of changed services, nodes, networks, configs and secrets, but of the containers of one
 * machine only: so tasks are asked for often after any event until they are settled, and else now and then.
 *
 * <p>A daemon that hangs, ends or loses its Swarm is a {@link #problem}, and is asked again until it answers; what was
 * known last stays known, and is {@link #isFresh} no more. Any thread may call any method.
 */
public final class SwarmWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SwarmWatch.class);

    private static final Duration FAST = Duration.ofSeconds(1);
    private static final Duration FASTEST = Duration.ofMillis(200);
    private static final Duration LONGEST_FAST = Duration.ofSeconds(60);
    /** So soon after an event a container that it started runs: tasks are asked for as often as their number allows. */
    private static final Duration LONGEST_FASTEST = Duration.ofSeconds(10);
    /** Asking takes at most one part in so many of the time. */
    private static final int SHARE = 5;
    /** Nothing moved for so long: it is settled. */
    private static final Duration CALM = Duration.ofSeconds(5);
    /** All kinds are asked for again, whatever events said. */
    private static final Duration RESYNC = Duration.ofSeconds(60);

    private static final Duration STALE = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private static final Map<String, Kinds> OF_EVENTS = Map.of(
            "service", Kinds.SERVICES,
            "node", Kinds.NODES,
            "network", Kinds.NETWORKS,
            "config", Kinds.CONFIGS,
            "secret", Kinds.SECRETS,
            "container", Kinds.TASKS);
    private static final Set<String> OF_CONTAINERS = Set.of("start", "die", "health_status: healthy", "destroy");

    private final DockerClient client;
    private final InstantSource clock;
    private final Duration idle;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread poll;
    private final Thread events;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition awake = lock.newCondition();

    // Guarded by the lock.
    private SwarmSnapshot snapshot = SwarmSnapshot.EMPTY;
    private boolean complete;
    private final EnumSet<Kinds> dirty = EnumSet.allOf(Kinds.class);
    private Instant fastUntil = Instant.MIN;
    private Instant fastestUntil = Instant.MIN;
    private Instant movedAt = Instant.MIN;
    private Optional<String> problem = Optional.empty();
    private @Nullable Closeable stream;
    private boolean closed;

    /**
     * Makes a watch that does nothing before {@link #start}.
     *
     * @param client asks; not closed here
     * @param clock tells the time
     * @param idle how often tasks are asked for while nothing happens
     */
    public SwarmWatch(DockerClient client, InstantSource clock, Duration idle) {
        this.client = client;
        this.clock = clock;
        this.idle = idle;
        this.poll = Thread.ofVirtual().name("swarm-poll").unstarted(this::poll);
        this.events = Thread.ofVirtual().name("swarm-events").unstarted(this::listen);
    }

    /** Has something run, by the watch's thread, whenever there is something new; it mustn't take long. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Begins; to be called once. */
    public void start() {
        events.start();
        poll.start();
    }

    /** Returns what is known; empty until each kind was asked for once. */
    public Optional<SwarmSnapshot> snapshot() {
        lock.lock();
        try {
            return complete ? Optional.of(snapshot) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether what is known is complete and was asked for a short while ago. */
    public boolean isFresh() {
        lock.lock();
        try {
            return complete
                    && clock.instant().isBefore(snapshot.tasksAt().plus(idle).plus(STALE));
        } finally {
            lock.unlock();
        }
    }

    /** Returns what is wrong with the daemon, in words; empty where it answers. */
    public Optional<String> problem() {
        lock.lock();
        try {
            return problem;
        } finally {
            lock.unlock();
        }
    }

    /** Says that these kinds changed, or may have: they are asked for at once, and tasks more often for a while. */
    public void expectChange(Set<Kinds> kinds) {
        lock.lock();
        try {
            dirty.addAll(kinds);
            dirty.add(Kinds.TASKS);
            Instant now = clock.instant();
            movedAt = now;
            fastUntil = now.plus(LONGEST_FAST);
            fastestUntil = now.plus(LONGEST_FASTEST);
            awake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // Events.

    private void listen() {
        Duration pause = FIRST_PAUSE;
        while (!isClosed()) {
            try {
                client.events(Map.of("type", List.copyOf(OF_EVENTS.keySet())), this::opened, this::event);
                pause = FIRST_PAUSE;
            } catch (DockerException e) {
                LOG.debug("Events: {}", e.words());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("An event can't be understood, by a bug of Narthex; listening again", e);
            }
            // What happened meanwhile is learned by asking.
            expectChange(EnumSet.allOf(Kinds.class));
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return;
            }
            pause = longer(pause);
        }
    }

    private void opened(Closeable opened) {
        lock.lock();
        try {
            stream = opened;
        } finally {
            lock.unlock();
        }
    }

    private void event(JsonNode event) {
        String type = event.path("Type").asText();
        String action = event.path("Action").asText();
        Kinds kind = OF_EVENTS.get(type);
        boolean concerns = switch (type) {
            case "container" ->
                OF_CONTAINERS.contains(action)
                        && event.path("Actor").path("Attributes").has("com.docker.swarm.task.id");
            // Each task that comes or goes connects to its networks; that is told by tasks.
            case "network" -> !action.equals("connect") && !action.equals("disconnect");
            default -> true;
        };
        if (kind != null && concerns) {
            LOG.debug("Event: {} {}", type, action);
            expectChange(EnumSet.of(kind));
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    // Asking.

    private void poll() {
        Duration pause = FIRST_PAUSE;
        Instant resync = clock.instant().plus(RESYNC);
        try {
            while (!isClosed()) {
                Instant begun = clock.instant();
                if (!begun.isBefore(resync)) {
                    lock.lock();
                    try {
                        dirty.addAll(EnumSet.allOf(Kinds.class));
                    } finally {
                        lock.unlock();
                    }
                    resync = begun.plus(RESYNC);
                }
                try {
                    ask();
                    say(Optional.empty());
                    pause = FIRST_PAUSE;
                    await(begun);
                } catch (DockerException e) {
                    say(Optional.of(e.words()));
                    Thread.sleep(pause);
                    pause = longer(pause);
                } catch (RuntimeException e) {
                    LOG.error("The Swarm can't be read, by a bug of Narthex; trying again", e);
                    Thread.sleep(LONGEST_PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() throws InterruptedException {
        Set<Kinds> asked;
        lock.lock();
        try {
            asked = EnumSet.copyOf(dirty.isEmpty() ? EnumSet.of(Kinds.TASKS) : dirty);
            dirty.clear();
        } finally {
            lock.unlock();
        }
        try {
            for (Kinds kind : asked) {
                Instant at = clock.instant();
                List<JsonNode> objects = client.list(kind, Map.of());
                take(kind, objects, at);
            }
        } catch (DockerException | InterruptedException e) {
            lock.lock();
            try {
                dirty.addAll(asked);
            } finally {
                lock.unlock();
            }
            throw e;
        }
        boolean first;
        lock.lock();
        try {
            first = !complete;
            complete = true;
        } finally {
            lock.unlock();
        }
        if (first) {
            listeners.forEach(Runnable::run);
        }
    }

    private void take(Kinds kind, List<JsonNode> objects, Instant at) {
        boolean changed;
        lock.lock();
        try {
            SwarmSnapshot after = snapshot.with(kind, objects, at);
            changed = !isSame(after.of(kind), snapshot.of(kind));
            snapshot = after;
            if (changed) {
                movedAt = clock.instant();
            }
            changed &= complete;
        } finally {
            lock.unlock();
        }
        if (changed) {
            listeners.forEach(Runnable::run);
        }
    }

    @SuppressWarnings("ReferenceEquality") // A list that didn't change is the very same.
    private static boolean isSame(List<JsonNode> a, List<JsonNode> b) {
        return a == b;
    }

    private void say(Optional<String> now) {
        boolean changed;
        lock.lock();
        try {
            changed = !problem.equals(now);
            problem = now;
        } finally {
            lock.unlock();
        }
        if (changed) {
            now.ifPresentOrElse(words -> LOG.warn("{}", words), () -> LOG.info("The Docker daemon answers again"));
            listeners.forEach(Runnable::run);
        }
    }

    private void await(Instant asked) throws InterruptedException {
        lock.lock();
        try {
            Duration soonest =
                    longest(FASTEST, Duration.between(asked, clock.instant()).multipliedBy(SHARE));
            while (!closed) {
                Instant now = clock.instant();
                long nanos =
                        Duration.between(now, asked.plus(pause(now, soonest))).toNanos();
                if (nanos <= 0) {
                    return;
                }
                awake.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How long it waits from one asking to the next, if nothing happens; {@code soonest} is the shortest there may be. */
    private Duration pause(Instant now, Duration soonest) {
        if (!dirty.isEmpty()) {
            return soonest;
        }
        boolean fast = now.isBefore(fastUntil) && (isMoving() || now.isBefore(movedAt.plus(CALM)));
        if (!fast) {
            return longest(idle, soonest);
        }
        return now.isBefore(fastestUntil) ? soonest : longest(FAST, soonest);
    }

    private static Duration longest(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    /** Whether a task is on its way to what it is to become. */
    private boolean isMoving() {
        for (JsonNode task : snapshot.tasks()) {
            String state = task.path("Status").path("State").asText();
            boolean toRun = task.path("DesiredState").asText().equals("running");
            boolean ended = Set.of("complete", "shutdown", "failed", "rejected", "remove", "orphaned")
                    .contains(state);
            if (toRun ? !state.equals("running") && !ended : !ended) {
                return true;
            }
        }
        return false;
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Closeable open;
        lock.lock();
        try {
            closed = true;
            open = stream;
            awake.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            // It is gone either way.
        }
        events.interrupt();
        poll.interrupt();
    }
}
