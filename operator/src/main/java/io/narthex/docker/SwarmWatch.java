package io.narthex.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Follows a Swarm. Docker tells of changed services, nodes, networks, configs and secrets, but of the containers of one
 * machine only: so tasks are asked for often after any event until they are settled, and else now and then.
 *
 * <p>A daemon that hangs, ends or loses its Swarm is a {@link #problem}, and is asked again until it answers; what was
 * known last stays known, and is {@link #fresh} no more. Any thread may call any method.
 */
public final class SwarmWatch implements AutoCloseable {

    private static final Duration FAST = Duration.ofSeconds(1);
    private static final Duration LONGEST_FAST = Duration.ofSeconds(60);
    /** So soon after an event a container that it started runs: tasks are asked for as often as their number allows. */
    private static final Duration LONGEST_FASTEST = Duration.ofSeconds(10);
    /** Nothing moved for so long: it is settled. */
    private static final Duration CALM = Duration.ofSeconds(5);
    /** All kinds are asked for again, whatever events said. */
    private static final Duration RESYNC = Duration.ofSeconds(60);

    private static final Map<String, Kinds> OF_EVENTS = Map.of(
            "service", Kinds.SERVICES,
            "node", Kinds.NODES,
            "network", Kinds.NETWORKS,
            "config", Kinds.CONFIGS,
            "secret", Kinds.SECRETS,
            "container", Kinds.TASKS);
    private static final Set<String> OF_CONTAINERS = Set.of("start", "die", "health_status: healthy", "destroy");

    private final DockerClient client;
    private final InstantSource timer;
    private final Duration idle;
    private final DaemonWatch watch;

    /** What is to be asked for as soon as may be. */
    private final Set<Kinds> dirty = ConcurrentHashMap.newKeySet();

    private volatile Instant fastUntil = Instant.MIN;
    private volatile Instant fastestUntil = Instant.MIN;
    private volatile Instant movedAt = Instant.MIN;

    /** How often each kind was asked for, and which of these questions was answered last. */
    private final Map<Kinds, Long> asked = new ConcurrentHashMap<>();

    private final Map<Kinds, Long> answered = new ConcurrentHashMap<>();

    // Written by the thread that asks.
    private volatile SwarmSnapshot snapshot = SwarmSnapshot.EMPTY;
    private volatile boolean complete;

    // Of the thread that asks.
    private Instant resync = Instant.MIN;

    /**
     * Makes a watch that does nothing before {@link #start}.
     *
     * @param client asks; not closed here
     * @param timer tells how time passes, whatever becomes of the machine's clock
     * @param idle how often tasks are asked for while nothing happens
     */
    public SwarmWatch(DockerClient client, InstantSource timer, Duration idle) {
        this.client = client;
        this.timer = timer;
        this.idle = idle;
        this.watch = new DaemonWatch("swarm", client, timer, new Objects());
    }

    /** Has something run, by the watch's thread, whenever there is something new; it mustn't take long. */
    public void onChange(Runnable listener) {
        watch.onChange(listener);
    }

    /** Begins; to be called once. */
    public void start() {
        watch.start();
    }

    /** Returns what is known; empty until each kind was asked for once. */
    public Optional<SwarmSnapshot> snapshot() {
        return complete ? Optional.of(snapshot) : Optional.empty();
    }

    /** Returns what is known if it was asked for a short while ago; else empty. */
    public Optional<SwarmSnapshot> fresh() {
        return snapshot().filter(known -> watch.isFresh(known.tasksAt(), idle));
    }

    /** Returns what is wrong with the daemon, in words; empty where it answers. */
    public Optional<String> problem() {
        return watch.problem();
    }

    /** Says that these kinds changed, or may have: they are asked for at once, and tasks more often for a while. */
    public void expectChange(Set<Kinds> kinds) {
        note(kinds);
        watch.wake();
    }

    /** Returns a mark of this moment, for {@link #isNewer}. */
    public long mark(Kinds kind) {
        return asked.getOrDefault(kind, 0L);
    }

    /**
     * Returns whether the snapshot tells of a kind as it was asked for after a mark was taken: so it has what was made
     * before, unless that is gone again. To be called before the snapshot is taken that is meant.
     */
    public boolean isNewer(Kinds kind, long mark) {
        return answered.getOrDefault(kind, 0L) > mark;
    }

    private void note(Set<Kinds> kinds) {
        Instant now = timer.instant();
        movedAt = now;
        fastUntil = now.plus(LONGEST_FAST);
        fastestUntil = now.plus(LONGEST_FASTEST);
        dirty.addAll(kinds);
        dirty.add(Kinds.TASKS);
    }

    private final class Objects implements DaemonWatch.Subject {

        @Override
        public String inWords() {
            return "The Swarm";
        }

        @Override
        public Set<String> eventTypes() {
            return OF_EVENTS.keySet();
        }

        @Override
        public boolean concerns(JsonNode event) {
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
            if (kind == null || !concerns) {
                return false;
            }
            note(EnumSet.of(kind));
            return true;
        }

        @Override
        public void eventsMissed() {
            note(EnumSet.allOf(Kinds.class));
        }

        @Override
        public void ask() throws InterruptedException {
            Instant begun = timer.instant();
            if (!begun.isBefore(resync)) {
                dirty.addAll(EnumSet.allOf(Kinds.class));
                resync = begun.plus(RESYNC);
            }
            dirty.add(Kinds.TASKS);
            for (Kinds kind : EnumSet.copyOf(dirty)) {
                // Before it is asked for, so that what happens meanwhile has it asked for again.
                dirty.remove(kind);
                try {
                    Instant at = timer.instant();
                    long question = asked.merge(kind, 1L, Long::sum);
                    take(kind, client.list(kind, Map.of()), at);
                    answered.put(kind, question);
                } catch (RuntimeException | InterruptedException e) {
                    dirty.add(kind);
                    throw e;
                }
            }
            if (!complete) {
                complete = true;
                watch.tell();
            }
        }

        @Override
        public Duration pause(Instant now) {
            if (!dirty.isEmpty()) {
                return Duration.ZERO;
            }
            boolean fast = now.isBefore(fastUntil) && (isMoving() || now.isBefore(movedAt.plus(CALM)));
            if (!fast) {
                return idle;
            }
            return now.isBefore(fastestUntil) ? Duration.ZERO : FAST;
        }
    }

    private void take(Kinds kind, List<JsonNode> objects, Instant at) {
        SwarmSnapshot before = snapshot;
        SwarmSnapshot after = before.with(kind, objects, at);
        snapshot = after;
        if (!isSame(after.of(kind), before.of(kind))) {
            movedAt = timer.instant();
            if (complete) {
                watch.tell();
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // A list that didn't change is the very same.
    private static boolean isSame(List<JsonNode> a, List<JsonNode> b) {
        return a == b;
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

    @Override
    public void close() {
        watch.close();
    }
}
