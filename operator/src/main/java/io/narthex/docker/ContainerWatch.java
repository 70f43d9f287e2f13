package io.narthex.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
 * Follows the containers of one Docker daemon, which needs no Swarm: asks for them after each event of a container or a
 * network, and from time to time whatever events said.
 *
 * <p>A daemon that hangs or ends is a {@link #problem}, and is asked again until it answers; what was known last stays
 * known, and is {@link #isFresh} no more. Any thread may call any method.
 */
public final class ContainerWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerWatch.class);

    /** Several events of one change are taken together. */
    private static final Duration GATHER = Duration.ofMillis(200);

    private static final Duration STALE = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private static final Set<String> TYPES = Set.of("container", "network");
    /** What else happens to containers, such as each run of a health check, changes nothing that is asked for. */
    private static final Set<String> NEWS = Set.of(
            "create",
            "start",
            "restart",
            "die",
            "stop",
            "destroy",
            "rename",
            "pause",
            "unpause",
            "connect",
            "disconnect");

    /**
     * What is known.
     *
     * @param containers all containers as Docker lists them, in every state; the very same list while nothing changed
     * @param host the name of the daemon's machine
     * @param at when it was asked for
     */
    public record Seen(List<JsonNode> containers, String host, Instant at) {}

    private final DockerClient client;
    private final InstantSource clock;
    private final Duration idle;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread poll;
    private final Thread events;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition awake = lock.newCondition();

    // Guarded by the lock.
    private Optional<Seen> seen = Optional.empty();
    private Optional<String> problem = Optional.empty();
    private @Nullable Closeable stream;
    private boolean dirty = true;
    private boolean closed;

    /**
     * Makes a watch that does nothing before {@link #start}.
     *
     * @param client asks; not closed here
     * @param clock tells the time
     * @param idle how often containers are asked for while nothing happens
     */
    public ContainerWatch(DockerClient client, InstantSource clock, Duration idle) {
        this.client = client;
        this.clock = clock;
        this.idle = idle;
        this.poll = Thread.ofVirtual().name("container-poll").unstarted(this::poll);
        this.events = Thread.ofVirtual().name("container-events").unstarted(this::listen);
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

    /** Returns what is known; empty before the first answer. */
    public Optional<Seen> seen() {
        lock.lock();
        try {
            return seen;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether what is known was asked for a short while ago. */
    public boolean isFresh() {
        return seen().filter(
                        known -> clock.instant().isBefore(known.at().plus(idle).plus(STALE)))
                .isPresent();
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

    // Events.

    private void listen() {
        Duration pause = FIRST_PAUSE;
        while (!isClosed()) {
            Instant begun = clock.instant();
            try {
                client.events(Map.of("type", List.copyOf(TYPES)), this::opened, this::event);
            } catch (DockerException e) {
                LOG.debug("Events: {}", e.words());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("An event can't be understood, by a bug of Narthex; listening again", e);
            }
            // What happened meanwhile is learned by asking.
            expectChange();
            try {
                pause = begun.plus(LONGEST_PAUSE).isBefore(clock.instant()) ? FIRST_PAUSE : longer(pause);
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return;
            }
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
        // A health check's outcome follows the name: "health_status: healthy".
        String action = event.path("Action").asText();
        if (NEWS.contains(action) || action.startsWith("health_status")) {
            LOG.debug("Event: {} {}", event.path("Type").asText(), action);
            expectChange();
        }
    }

    private void expectChange() {
        lock.lock();
        try {
            dirty = true;
            awake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // Asking.

    private void poll() {
        Duration pause = FIRST_PAUSE;
        try {
            while (!isClosed()) {
                try {
                    ask();
                    say(Optional.empty());
                    pause = FIRST_PAUSE;
                    await();
                } catch (DockerException e) {
                    say(Optional.of(e.words()));
                    Thread.sleep(pause);
                    pause = longer(pause);
                } catch (RuntimeException e) {
                    LOG.error("The containers can't be read, by a bug of Narthex; trying again", e);
                    Thread.sleep(LONGEST_PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() throws InterruptedException {
        lock.lock();
        try {
            dirty = false;
        } finally {
            lock.unlock();
        }
        Instant at = clock.instant();
        Optional<String> known = seen().map(Seen::host);
        String host =
                known.isPresent() ? known.get() : client.info().path("Name").asText();
        List<JsonNode> containers = client.containers();
        boolean changed;
        lock.lock();
        try {
            List<JsonNode> before = seen.map(Seen::containers).orElse(List.of());
            changed = seen.isEmpty() || !essence(before).equals(essence(containers));
            seen = Optional.of(new Seen(changed ? List.copyOf(containers) : before, host, at));
        } finally {
            lock.unlock();
        }
        if (changed) {
            listeners.forEach(Runnable::run);
        }
    }

    /** The words of a container's age change by themselves. */
    private static List<JsonNode> essence(List<JsonNode> containers) {
        return containers.stream()
                .<JsonNode>map(container -> container instanceof ObjectNode object
                        ? object.deepCopy().put("Status", health(object))
                        : container)
                .toList();
    }

    /** Returns what the words of a container's state say of its health check: {@code Up 2 minutes (healthy)}. */
    public static String health(JsonNode container) {
        String status = container.path("Status").asText();
        int from = status.lastIndexOf('(');
        return from > 0 && status.endsWith(")") ? status.substring(from + 1, status.length() - 1) : "";
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

    private void await() throws InterruptedException {
        lock.lock();
        try {
            Instant asked = clock.instant();
            while (!closed) {
                long nanos = Duration.between(clock.instant(), asked.plus(dirty ? GATHER : idle))
                        .toNanos();
                if (nanos <= 0) {
                    return;
                }
                awake.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
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
