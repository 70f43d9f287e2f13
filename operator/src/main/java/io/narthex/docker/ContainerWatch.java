package io.narthex.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Follows the containers of one Docker daemon, which needs no Swarm: asks for them after each event of a container or a
 * network, and from time to time whatever events said.
 *
 * <p>A daemon that hangs or ends is a {@link #problem}, and is asked again until it answers; what was known last stays
 * known, and is {@link #fresh} no more. Any thread may call any method.
 */
public final class ContainerWatch implements AutoCloseable {

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
    private final InstantSource timer;
    private final Duration idle;
    private final DaemonWatch watch;

    private volatile boolean dirty = true;

    // Written by the thread that asks.
    private volatile Optional<Seen> seen = Optional.empty();

    // Of the thread that asks.
    private List<JsonNode> essence = List.of();

    /**
     * Makes a watch that does nothing before {@link #start}.
     *
     * @param client asks; not closed here
     * @param timer tells how time passes, whatever becomes of the machine's clock
     * @param idle how often containers are asked for while nothing happens
     */
    public ContainerWatch(DockerClient client, InstantSource timer, Duration idle) {
        this.client = client;
        this.timer = timer;
        this.idle = idle;
        this.watch = new DaemonWatch("container", client, timer, new Containers());
    }

    /** Has something run, by the watch's thread, whenever there is something new; it mustn't take long. */
    public void onChange(Runnable listener) {
        watch.onChange(listener);
    }

    /** Begins; to be called once. */
    public void start() {
        watch.start();
    }

    /** Returns what is known; empty before the first answer. */
    public Optional<Seen> seen() {
        return seen;
    }

    /** Returns what is known if it was asked for a short while ago; else empty. */
    public Optional<Seen> fresh() {
        return seen.filter(known -> watch.isFresh(known.at(), idle));
    }

    /** Returns what is wrong with the daemon, in words; empty where it answers. */
    public Optional<String> problem() {
        return watch.problem();
    }

    private final class Containers implements DaemonWatch.Subject {

        @Override
        public String inWords() {
            return "What runs in containers";
        }

        @Override
        public Set<String> eventTypes() {
            return TYPES;
        }

        @Override
        public boolean concerns(JsonNode event) {
            // A health check's outcome follows the name: "health_status: healthy".
            String action = event.path("Action").asText();
            if (!NEWS.contains(action) && !action.startsWith("health_status")) {
                return false;
            }
            dirty = true;
            return true;
        }

        @Override
        public void eventsMissed() {
            dirty = true;
        }

        @Override
        public void ask() throws InterruptedException {
            dirty = false;
            Instant at = timer.instant();
            Optional<Seen> before = seen;
            String host = before.isPresent()
                    ? before.get().host()
                    : client.info().path("Name").asText();
            List<JsonNode> containers = client.containers();
            List<JsonNode> now = essence(containers);
            if (before.isPresent() && now.equals(essence)) {
                seen = Optional.of(new Seen(before.get().containers(), host, at));
                return;
            }
            essence = now;
            seen = Optional.of(new Seen(List.copyOf(containers), host, at));
            watch.tell();
        }

        @Override
        public Duration pause(Instant now) {
            return dirty ? Duration.ZERO : idle;
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

    @Override
    public void close() {
        watch.close();
    }
}
