package io.narthex.status.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.MonitorStatus;
import io.narthex.api.v1alpha1.PrometheusServerStatus;
import io.narthex.api.v1alpha1.RuleSetStatus;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.source.kubernetes.JsonText;
import io.narthex.source.kubernetes.StoredObject;
import io.narthex.time.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what is to be said of each resource, by however many servers, and writes it: only what says something else
 * than what stands there, and of counts and words alone at most one in {@value #COUNTS_SECONDS} seconds. What somebody else
 * changed is put right soon after the watch tells of it, and ever more rarely where that goes on.
 *
 * <p>Any thread may call any method; none waits for the API server.
 */
public final class StatusBoard implements AutoCloseable {

    /** The least time between two writes that differ in nothing but counts and words, in seconds. */
    static final int COUNTS_SECONDS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(StatusBoard.class);

    /** What a new resource goes through in its first moments makes one write. */
    private static final Duration GATHER = Duration.ofMillis(100);

    /** After the first of these the watch has told of what was written here, too. */
    private static final Backoff MENDS = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(256));

    /** By then the operator of another class has spoken of what its server takes, where it runs. */
    private static final Duration OTHERS_SPEAK = Duration.ofSeconds(20);

    private static final Backoff RETRIES = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(1));
    private static final int WRITES_AT_ONCE = 8;

    /** A write that isn't answered by then isn't likely to be soon. */
    private static final Duration LONG = Duration.ofSeconds(2);

    private final StatusWriter writer;
    private final Function<ResourceKey, Optional<StoredObject>> objects;
    private final InstantSource clock;
    private final InstantSource timer;
    private final String fieldManager;
    private final ObjectMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private final Events events;
    private final Semaphore permits = new Semaphore(WRITES_AT_ONCE);
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition awake = lock.newCondition();

    // Guarded by the lock.
    private final Map<ResourceKey, Entry> entries = new HashMap<>();
    /** Servers of which statuses say something since before the start, and that haven't said yet what they take. */
    private final Set<ResourceKey> silent = new HashSet<>();

    private final Map<ResourceKey, ResourceKey> names = new HashMap<>();

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    /** How many writes are under way, by namespace. */
    private final Map<String, Integer> running = new HashMap<>();
    /** Namespaces in which a write took long. */
    private final Set<String> slow = new HashSet<>();
    /** What is due and waits until another write in its namespace ends. */
    private final Map<String, SequencedSet<ResourceKey>> behind = new HashMap<>();

    private boolean closed;

    private record Due(Instant at, ResourceKey key) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return at.compareTo(other.at);
        }
    }

    /** What the watch tells of a resource, and what of its status is this operator's. */
    private record Heard(StoredObject object, Shares.Owned owned) {}

    /** What is to be said of one resource. */
    private static final class Entry {
        @Nullable
        ServerReport server;

        final Map<ResourceKey, ResourceReport> reports = new TreeMap<>();
        Optional<Finding> unselected = Optional.empty();
        Optional<Diagnostic> unreadable = Optional.empty();
        Optional<Instant> dueAt = Optional.empty();
        boolean writing;
        Instant writtenAt = Instant.MIN;

        /** What is known to stand there of what is said here; none where that wasn't looked at since the start. */
        JsonText written = JsonText.NONE;

        /** The object in whose status something was written by this operator, also before the start. */
        String writtenTo = "";

        /** Its version since then. */
        String version = "";

        /** Of which servers it says something there. */
        List<ResourceKey> own = List.of();

        /** Whether another operator says something of its servers there. */
        boolean shared;

        /**
         * Whether part of the sum there is another's alone, who said it last. When that one takes it away the rest can't
         * stand, so that the API server refuses it: whoever says the same owns it, too.
         */
        boolean lost;

        /** Whether the status changed, and by whom isn't known yet. */
        boolean touched;

        /** What was heard of it last while it was being written here. */
        Optional<Heard> meanwhile = Optional.empty();

        int mends;
        Instant mendedAt = Instant.MIN;

        Optional<Readiness> readiness = Optional.empty();
        /** How often writing it failed since it last succeeded. */
        int failures;

        /** Whether something stands there by this operator, or is to. */
        boolean matters() {
            return server != null || !reports.isEmpty() || !writtenTo.isEmpty();
        }

        /** Each time that what was written is changed again, another mend waits longer. */
        Duration untilMend(Instant now) {
            Duration pause = MENDS.after(mends + 1);
            if (mends > 0 && now.isAfter(mendedAt.plus(pause.multipliedBy(4)))) {
                mends = 0;
                return MENDS.first();
            }
            return pause;
        }

        Duration pause() {
            failures++;
            return RETRIES.after(failures);
        }
    }

    /**
     * Makes a board that writes nothing before {@link #start}.
     *
     * @param client writes; not closed here
     * @param objects knows what stands there
     * @param clock tells the time of day, for what it writes
     * @param timer tells how time passes, for what it waits
     * @param fieldManager the name under which it writes
     */
    public StatusBoard(
            KubernetesClient client,
            Function<ResourceKey, Optional<StoredObject>> objects,
            InstantSource clock,
            InstantSource timer,
            String fieldManager) {
        this.writer = new StatusWriter(client, fieldManager);
        this.objects = objects;
        this.clock = clock;
        this.timer = timer;
        this.fieldManager = fieldManager;
        this.events = new Events(client);
        this.thread = Thread.ofVirtual().name("status").unstarted(this::run);
    }

    /** Begins to write. */
    public void start() {
        thread.start();
    }

    /** Says what became of a PrometheusServer. */
    public void server(ResourceKey key, ServerReport report) {
        change(key, entry -> {
            boolean same = report.equals(entry.server);
            entry.server = report;
            return !same;
        });
    }

    /** Says what became of a Monitor or RuleSet in the report's server. */
    public void report(ResourceKey key, ResourceReport report) {
        change(key, entry -> !report.equals(entry.reports.put(report.server(), report)));
    }

    /** Says that a server no longer takes a Monitor or RuleSet. */
    public void withdraw(ResourceKey key, ResourceKey server) {
        lock.lock();
        try {
            Entry entry = entries.get(key);
            if (entry != null && entry.reports.remove(server) != null) {
                enqueue(key, entry, timer.instant().plus(GATHER));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says why no server takes a Monitor or RuleSet; of no meaning where one does. That another operator is to speak of it is
     * said after some time only, and never where it did.
     */
    public void unselected(ResourceKey key, Optional<Finding> why) {
        lock.lock();
        try {
            Entry entry = entries.computeIfAbsent(key, k -> new Entry());
            boolean stale = entry.own.isEmpty() && entry.written.equals(JsonText.NONE) && !entry.writtenTo.isEmpty();
            if (!entry.unselected.equals(why) || stale) {
                entry.unselected = why;
                boolean others = why.filter(finding -> finding.reason() == ConditionReason.PENDING)
                        .isPresent();
                enqueue(key, entry, timer.instant().plus(others && entry.writtenTo.isEmpty() ? OTHERS_SPEAK : GATHER));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Says why a resource can't be read as it stands there; empty where it can. */
    public void unreadable(ResourceKey key, Optional<Diagnostic> why) {
        change(key, entry -> {
            boolean same = entry.unreadable.equals(why);
            entry.unreadable = why;
            return !same;
        });
    }

    /**
     * Says that a resource is seen for the first time: what its status says of servers may be from before the start. The
     * metadata are whole.
     */
    public void added(ResourceKey key, StoredObject object, ObjectMeta metadata) {
        if (key.isServer()) {
            return;
        }
        owned(object, metadata).ifPresent(owned -> {
            lock.lock();
            try {
                Entry entry = entries.computeIfAbsent(key, k -> new Entry());
                entry.written = JsonText.NONE;
                entry.writtenTo = object.uid();
                entry.own = named(owned.servers());
                entry.lost = !owned.sum();
                silent.addAll(owned.servers());
            } finally {
                lock.unlock();
            }
        });
    }

    private Optional<Shares.Owned> owned(StoredObject object, ObjectMeta metadata) {
        return Shares.owned(metadata, fieldManager, object.status());
    }

    /** Returns the servers of which statuses say something since before the start, until {@link #spoken} says otherwise. */
    public Set<ResourceKey> silent() {
        lock.lock();
        try {
            return Set.copyOf(silent);
        } finally {
            lock.unlock();
        }
    }

    /** Says that a server has reported of all that it takes, or is gone: where else a status speaks of it, that ends. */
    public void spoken(ResourceKey server) {
        lock.lock();
        try {
            if (silent.remove(server)) {
                entries.forEach((key, entry) -> {
                    if (entry.own.contains(server) && !entry.reports.containsKey(server)) {
                        enqueue(key, entry, timer.instant().plus(GATHER));
                    }
                });
            }
        } finally {
            lock.unlock();
        }
    }

    /** Says that a resource has another status than before, whoever wrote it; the metadata are whole. */
    public void statusChanged(ResourceKey key, StoredObject object, ObjectMeta metadata) {
        Heard heard = new Heard(
                object,
                key.isServer() ? Shares.Owned.NOTHING : owned(object, metadata).orElse(Shares.Owned.NOTHING));
        lock.lock();
        try {
            hear(key, heard);
        } finally {
            lock.unlock();
        }
    }

    private void hear(ResourceKey key, Heard heard) {
        Entry entry = entries.get(key);
        if (entry != null && entry.writing) {
            entry.meanwhile = Optional.of(heard);
            return;
        }
        // A last write of the operator before this one may arrive after what was seen at the start.
        boolean left = heard.owned().servers().stream()
                .anyMatch(server -> !silent.contains(server)
                        && (entry == null || !(entry.own.contains(server) || entry.reports.containsKey(server))));
        if (left) {
            Entry standing = entries.computeIfAbsent(key, k -> new Entry());
            standing.own = named(heard.owned().servers());
            standing.written = heard.object().status();
            standing.writtenTo = heard.object().uid();
            touched(key, standing);
        } else if (entry != null && entry.matters() && !heard.object().version().equals(entry.version)) {
            entry.lost = !heard.owned().sum();
            touched(key, entry);
        }
    }

    private void touched(ResourceKey key, Entry entry) {
        Instant now = timer.instant();
        entry.touched = true;
        enqueue(key, entry, now.plus(entry.untilMend(now)));
    }

    /** Forgets a resource that is gone. */
    public void forget(ResourceKey key) {
        lock.lock();
        try {
            entries.remove(key);
        } finally {
            lock.unlock();
        }
    }

    private void change(ResourceKey key, Function<Entry, Boolean> change) {
        lock.lock();
        try {
            Entry entry = entries.computeIfAbsent(key, k -> new Entry());
            if (change.apply(entry)) {
                enqueue(key, entry, timer.instant().plus(GATHER));
            }
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(ResourceKey key, Entry entry, Instant at) {
        // What waits for its half minute is overtaken by what says something new.
        if (entry.dueAt.isEmpty() || at.isBefore(entry.dueAt.get())) {
            entry.dueAt = Optional.of(at);
            queue.add(new Due(at, key));
            awake.signalAll();
        }
    }

    private void run() {
        try {
            while (true) {
                ResourceKey key = next();
                if (key == null) {
                    return;
                }
                permits.acquire();
                Visit visit = new Visit(key.namespace());
                Thread.ofVirtual().name("write-status").start(() -> {
                    try (visit) {
                        visit.answered = write(key);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException | StackOverflowError e) {
                        LOG.error("The status of {} can't be written by a bug of Narthex", key, e);
                        tryAgain(key);
                    }
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * One write, from its permit on. Where somebody's webhook keeps the API server from answering, a few would hold all
     * permits: a write that takes long gives its own back, and its namespace has one at a time until one is answered soon.
     */
    private final class Visit implements AutoCloseable {

        private final String namespace;
        private final CompletableFuture<Void> soon;
        volatile boolean answered;

        // Guarded by the lock.
        private boolean over;
        private boolean late;

        Visit(String namespace) {
            this.namespace = namespace;
            this.soon = CompletableFuture.runAsync(
                    this::takeLong, CompletableFuture.delayedExecutor(LONG.toMillis(), TimeUnit.MILLISECONDS));
        }

        private void takeLong() {
            lock.lock();
            try {
                if (!over) {
                    late = true;
                    slow.add(namespace);
                    permits.release();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            soon.cancel(false);
            lock.lock();
            try {
                over = true;
                running.computeIfPresent(namespace, (name, count) -> count > 1 ? count - 1 : null);
                if (!late) {
                    permits.release();
                    if (answered) {
                        slow.remove(namespace);
                    }
                }
                goOn(namespace);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Has those that wait for their namespace take their turn. To be called with the lock held. */
    private void goOn(String namespace) {
        SequencedSet<ResourceKey> keys = behind.getOrDefault(namespace, new LinkedHashSet<>());
        while (!keys.isEmpty() && !isTaken(namespace)) {
            ResourceKey key = keys.removeFirst();
            Entry entry = entries.get(key);
            if (entry != null) {
                enqueue(key, entry, timer.instant());
                if (slow.contains(namespace)) {
                    break;
                }
            }
        }
        if (keys.isEmpty()) {
            behind.remove(namespace);
        }
    }

    private boolean isTaken(String namespace) {
        return slow.contains(namespace) && running.containsKey(namespace);
    }

    private @Nullable ResourceKey next() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                Due first = queue.peek();
                if (first == null) {
                    awake.await();
                    continue;
                }
                long nanos = Duration.between(timer.instant(), first.at()).toNanos();
                if (nanos > 0) {
                    awake.awaitNanos(nanos);
                    continue;
                }
                queue.poll();
                Entry entry = entries.get(first.key());
                if (entry == null || !entry.dueAt.equals(Optional.of(first.at()))) {
                    continue;
                }
                entry.dueAt = Optional.empty();
                if (entry.writing) {
                    enqueue(first.key(), entry, timer.instant().plus(GATHER));
                    continue;
                }
                String namespace = first.key().namespace();
                if (isTaken(namespace)) {
                    SequencedSet<ResourceKey> waiting = behind.computeIfAbsent(namespace, n -> new LinkedHashSet<>());
                    if (first.key().isServer()) {
                        // It says what is in the way of all the others.
                        waiting.addFirst(first.key());
                    } else {
                        waiting.add(first.key());
                    }
                    continue;
                }
                entry.writing = true;
                running.merge(namespace, 1, Integer::sum);
                return first.key();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the API server was asked. */
    private boolean write(ResourceKey key) throws InterruptedException {
        Entry visited;
        Optional<StoredObject> object;
        JsonNode wanted;
        JsonNode before;
        boolean undone;
        lock.lock();
        try {
            Entry entry = entries.get(key);
            object = objects.apply(key);
            if (entry == null || object.isEmpty()) {
                // Somebody spoke of it when it was gone.
                entries.remove(key);
                return false;
            }
            visited = entry;
            StoredObject stored = object.get();
            boolean known = entry.writtenTo.equals(stored.uid()) && !entry.written.equals(JsonText.NONE);
            boolean foreign = known && entry.touched && !stored.version().equals(entry.version);
            before = (known ? entry.written : stored.status()).tree();
            JsonNode said = foreign ? stored.status().tree() : before;
            // Of what others say only the watch tells.
            JsonNode stands =
                    known && !foreign && entry.shared ? stored.status().tree() : said;
            Set<ResourceKey> others = others(entry, stands);
            wanted = status(key, entry, stored, before, said, stands, others);
            entry.readiness = Readiness.of(wanted);
            boolean stays =
                    wanted.isMissingNode() || wanted.equals(Shares.only(said, server -> !others.contains(server)));
            boolean lost = entry.lost && !others.isEmpty() && !wanted.isEmpty();
            boolean same = stays && !lost;
            undone = foreign && !stays;
            boolean soon = !lost
                    && essence(wanted).equals(essence(said))
                    && timer.instant().isBefore(entry.writtenAt.plusSeconds(COUNTS_SECONDS));
            entry.shared = !others.isEmpty();
            if (same || soon) {
                entry.writing = false;
                if (!same) {
                    enqueue(key, entry, entry.writtenAt.plusSeconds(COUNTS_SECONDS));
                } else {
                    entry.touched = false;
                    if (!wanted.isMissingNode() && (!known || foreign)) {
                        note(entry, stored, wanted.equals(said) ? stored.status() : JsonText.of(wanted), wanted);
                        entry.version = stored.version();
                    }
                }
                lookAgain(key, entry, stored.version());
                return false;
            }
        } finally {
            lock.unlock();
        }
        Optional<String> version = writer.write(key, object.get().uid(), wanted);
        if (version.isPresent()) {
            events.compare(key, object.get().uid(), before, wanted, clock.instant());
        }
        lock.lock();
        try {
            Entry entry = entries.get(key);
            if (entry == null || !entry.equals(visited)) {
                // It is gone, and another one may have its name.
                return true;
            }
            entry.writing = false;
            if (version.isPresent()) {
                entry.writtenAt = timer.instant();
                entry.failures = 0;
                entry.touched = false;
                entry.lost = false;
                note(entry, object.get(), JsonText.of(wanted), wanted);
                entry.version = version.get();
                if (undone) {
                    entry.mends++;
                    entry.mendedAt = entry.writtenAt;
                }
            } else {
                enqueue(key, entry, timer.instant().plus(entry.pause()));
            }
            lookAgain(key, entry, entry.version);
        } finally {
            lock.unlock();
        }
        return true;
    }

    private void note(Entry entry, StoredObject object, JsonText text, JsonNode wanted) {
        entry.written = text;
        entry.writtenTo = object.uid();
        entry.own = named(Shares.servers(wanted));
    }

    /** Most often what was heard of meanwhile was this very write. */
    private void lookAgain(ResourceKey key, Entry entry, String version) {
        Optional<Heard> heard = entry.meanwhile;
        entry.meanwhile = Optional.empty();
        heard.filter(last -> !last.object().version().equals(version)).ifPresent(last -> hear(key, last));
    }

    /** Many resources have the same few servers. */
    private List<ResourceKey> named(List<ResourceKey> servers) {
        return servers.stream()
                .map(server -> names.computeIfAbsent(server, same -> same))
                .toList();
    }

    /** Returns those servers of which other operators speak. */
    private static Set<ResourceKey> others(Entry entry, JsonNode status) {
        Set<ResourceKey> others = new HashSet<>(Shares.servers(status));
        others.removeAll(entry.reports.keySet());
        entry.own.forEach(others::remove);
        return others;
    }

    private void tryAgain(ResourceKey key) {
        lock.lock();
        try {
            Entry entry = entries.get(key);
            if (entry != null) {
                entry.writing = false;
                enqueue(key, entry, timer.instant().plus(entry.pause()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns what is to stand there by this operator; a missing node for nothing. */
    private JsonNode status(
            ResourceKey key,
            Entry entry,
            StoredObject object,
            JsonNode before,
            JsonNode said,
            JsonNode stands,
            Set<ResourceKey> others) {
        Set<ResourceKey> kept = new HashSet<>(entry.own);
        kept.retainAll(silent);
        kept.removeAll(entry.reports.keySet());
        boolean takes = entry.server != null || !entry.reports.isEmpty() || !kept.isEmpty();
        if (!takes && (!others.isEmpty() || (entry.unselected.isEmpty() && entry.unreadable.isEmpty()))) {
            // What stands there may be another operator's, who takes it.
            return !entry.writtenTo.equals(object.uid()) || isNothing(entry.written)
                    ? json.missingNode()
                    : json.createObjectNode();
        }
        Instant now = clock.instant();
        JsonNode there = Shares.with(
                Shares.only(said, server -> kept.contains(server) || entry.reports.containsKey(server)),
                stands,
                others::contains);
        Object status = switch (key.kind()) {
            case ApiKinds.SERVER -> {
                ServerReport report = entry.server;
                PrometheusServerStatus mine = bind(before, PrometheusServerStatus.class);
                yield report != null
                        ? Statuses.of(report, mine, now)
                        : entry.unreadable
                                .map(why -> Statuses.unreadable(why, object.generation(), mine, now))
                                .orElse(null);
            }
            case ApiKinds.MONITOR ->
                Statuses.monitor(
                        object.generation(),
                        entry.reports.values(),
                        kept,
                        entry.unreadable,
                        entry.unselected,
                        bind(there, MonitorStatus.class),
                        now);
            default ->
                Statuses.ruleSet(
                        object.generation(),
                        entry.reports.values(),
                        kept,
                        entry.unreadable,
                        entry.unselected,
                        bind(there, RuleSetStatus.class),
                        now);
        };
        if (status == null) {
            return json.missingNode();
        }
        // Through text, so that numbers have the types that reading gives them.
        return JsonText.of(status).tree();
    }

    private static boolean isNothing(JsonText written) {
        return written.tree().isObject() && written.tree().isEmpty();
    }

    private <T> @Nullable T bind(JsonNode there, Class<T> type) {
        try {
            return there.isMissingNode() ? null : json.treeToValue(there, type);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // Another release wrote it: it is written anew.
            return null;
        }
    }

    /** Leaves out what changes all the time. */
    private static JsonNode essence(JsonNode status) {
        JsonNode copy = status.deepCopy();
        strip(copy);
        return copy;
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(List.of("targets", "alertmanagers", "lastError", "message"));
            object.properties().forEach(field -> strip(field.getValue()));
        } else if (node instanceof ArrayNode array) {
            array.forEach(StatusBoard::strip);
        }
    }

    /** Returns how ready each resource is of which something was said; of those that are gone nothing. */
    public Map<ResourceKey, Readiness> readiness() {
        lock.lock();
        try {
            Map<ResourceKey, Readiness> all = new HashMap<>();
            entries.forEach((key, entry) -> entry.readiness.ifPresent(readiness -> all.put(key, readiness)));
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Returns what is waiting to be written. */
    public List<ResourceKey> waiting() {
        lock.lock();
        try {
            return new ArrayList<>(queue.stream().map(Due::key).toList());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            awake.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }
}
