package io.narthex.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.discovery.DiscoveryPool;
import io.narthex.compiler.discovery.TargetGroup;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Serves targets to Prometheus over HTTP (Prometheus documentation, "HTTP SD"): {@code GET /sd/v1/NAMESPACE/SERVER/JOB}
 * with the server's bearer token. A list that isn't surely whole and new is never served: 503 has Prometheus go on with
 * the one before.
 *
 * <p>A list that the same connection was told already is held back until it changes, or until most of the time is over
 * that Prometheus waits: its refresh interval, which it names in a header. So it learns of a change at once though it asks
 * seldom. It must not be told often: from 3.12 on each answer, the same list too, has it take the next one later, up to
 * five seconds (source: Prometheus, discovery/manager.go, {@code sender}).
 *
 * <p>Called by many threads at once.
 */
public final class TargetsPage implements Page {

    private static final String BEARER = "Bearer ";

    /** Prometheus sends it from 2.28 on, in seconds (source: discovery/http/http.go). */
    private static final String REFRESH_INTERVAL = "X-Prometheus-Refresh-Interval-Seconds";

    /** Who asks that often is answered at once. */
    private static final Duration SHORTEST_HELD = Duration.ofSeconds(2);

    private static final Duration LONGEST_HELD = Duration.ofSeconds(30);

    /** Prometheus asks again an interval later only: so news waits so long for more that is about to follow. */
    private static final Duration GATHER = Duration.ofMillis(1500);

    /** How soon it sees that a list changed; one that didn't is the very same. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final int MOST_CONNECTIONS = 4096;

    private final Lists lists;
    private final InstantSource timer;
    private final ObjectMapper json = new ObjectMapper();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ending = lock.newCondition();

    // Guarded by the lock.
    private boolean closed;
    /** What was told last, by connection and path; the connections that were used last. */
    private final Map<String, List<TargetGroup>> told = new LinkedHashMap<>(16, 0.75F, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<TargetGroup>> eldest) {
            return size() > MOST_CONNECTIONS;
        }
    };

    /**
     * Makes a page that serves these lists.
     *
     * @param lists finds targets
     * @param timer tells how time passes, whatever becomes of the machine's clock
     */
    public TargetsPage(Lists lists, InstantSource timer) {
        this.lists = lists;
        this.timer = timer;
    }

    /** Finds targets. */
    @FunctionalInterface
    public interface Lists {
        /**
         * Returns the targets that are asked for.
         *
         * @param namespace the server's namespace
         * @param server the server's name
         * @param job the scrape job
         * @param token what the request carries as its token
         */
        Found find(String namespace, String server, String job, String token);
    }

    /** What came of a request. */
    public sealed interface Found {
        /**
         * The targets.
         *
         * @param groups may be empty, which means that there are none
         * @param growing whether more are likely to follow soon
         */
        record Targets(List<TargetGroup> groups, boolean growing) implements Found {
            public Targets {
                groups = List.copyOf(groups);
            }
        }

        /** The token isn't the server's, or there is no such server: which, nobody without a token learns. */
        record NotPermitted() implements Found {}

        /** The server has no such job. */
        record NoSuchJob() implements Found {}

        /**
         * Nothing sure is known.
         *
         * @param reason why
         */
        record NotKnown(String reason) implements Found {}
    }

    @Override
    public Optional<Response> get(Request request) {
        if (!request.path().startsWith(DiscoveryPool.PATH_PREFIX)) {
            return Optional.empty();
        }
        String[] parts =
                request.path().substring(DiscoveryPool.PATH_PREFIX.length()).split("/", 3);
        Optional<String> token = request.header()
                .apply("Authorization")
                .filter(value -> value.startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()).strip());
        if (parts.length < 3 || token.isEmpty()) {
            return Optional.of(Response.text(401, "a bearer token is needed"));
        }
        try {
            return Optional.of(
                    switch (find(request, () -> lists.find(parts[0], parts[1], parts[2], token.get()))) {
                        case Found.Targets(List<TargetGroup> groups, boolean _) -> Response.json(written(groups));
                        case Found.NotPermitted() -> Response.text(401, "the bearer token isn't that of this server");
                        case Found.NoSuchJob() -> Response.text(404, "the server has no such job");
                        case Found.NotKnown(String reason) -> Response.text(503, reason);
                    });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(Response.text(503, "the operator ends"));
        }
    }

    private Found find(Request request, Supplier<Found> find) throws InterruptedException {
        String key = request.connection() + " " + request.path();
        Optional<Instant> until = request.header()
                .apply(REFRESH_INTERVAL)
                .flatMap(TargetsPage::seconds)
                .filter(interval -> interval.compareTo(SHORTEST_HELD) >= 0)
                // The client gives up after the interval; an eighth is for the way, and for who is slow.
                .map(interval -> interval.minus(interval.dividedBy(8)))
                .map(held -> timer.instant().plus(held.compareTo(LONGEST_HELD) > 0 ? LONGEST_HELD : held));
        lock.lock();
        try {
            while (true) {
                Found found = unlocked(find);
                if (!(found instanceof Found.Targets(List<TargetGroup> groups, boolean growing))) {
                    told.remove(key);
                    return found;
                }
                List<TargetGroup> known = told.get(key);
                if (known != null && growing && !groups.equals(known)) {
                    until = until.map(limit -> earlier(limit, timer.instant().plus(GATHER)));
                }
                boolean tell = known == null || (!groups.equals(known) && !growing);
                if (tell || closed || until.isEmpty() || !pause(until.get())) {
                    told.put(key, groups);
                    return found;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held, which others get meanwhile. */
    private Found unlocked(Supplier<Found> find) {
        lock.unlock();
        try {
            return find.get();
        } finally {
            lock.lock();
        }
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    /** Waits a moment, with the lock released; returns whether to look again, which is so until the time is over. */
    @SuppressWarnings("WaitNotInLoop") // The caller looks again and again, for one reason or another.
    private boolean pause(Instant until) throws InterruptedException {
        long left = Duration.between(timer.instant(), until).toNanos();
        if (left > 0) {
            ending.awaitNanos(Math.min(left, LOOK.toNanos()));
        }
        return left > 0;
    }

    private static Optional<Duration> seconds(String text) {
        try {
            return Optional.of(Duration.ofMillis(Math.round(Math.clamp(Double.parseDouble(text), 0, 1e6) * 1000)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private String written(List<TargetGroup> groups) {
        ArrayNode all = json.createArrayNode();
        for (TargetGroup group : groups) {
            ObjectNode one = all.addObject();
            group.targets().forEach(one.putArray("targets")::add);
            ObjectNode labels = one.putObject("labels");
            group.labels().forEach(labels::put);
        }
        return all.toString();
    }

    /** Answers all who are held, and holds nobody any more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ending.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
