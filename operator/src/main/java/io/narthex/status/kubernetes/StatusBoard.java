package io.narthex.status.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.source.kubernetes.StoredObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
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

    /** By then the operator of another class has spoken of what its server takes, where it runs. */
    private static final Duration OTHERS_SPEAK = Duration.ofSeconds(20);

    /** By then a server's next operator has spoken of it, where it runs: first it finds out how the server is, and may go on there. */
    private static final Duration NEXT_SPEAKS = Duration.ofMinutes(1);

    private final StatusWriter writer;
    private final Function<ResourceKey, Optional<StoredObject>> objects;
    private final InstantSource clock;
    private final InstantSource timer;
    private final String fieldManager;
    private final Events events;
    private final WriteQueue queue;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Map<ResourceKey, BoardEntry> entries = new HashMap<>();
    /** Servers of which statuses say something since before the start, and that haven't said yet what they take. */
    private final Set<ResourceKey> silent = new HashSet<>();

    private final Map<ResourceKey, ResourceKey> names = new HashMap<>();

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
        this.queue = new WriteQueue(timer);
        this.thread = Thread.ofVirtual().name("status").unstarted(this::run);
    }

    /** Begins to write. */
    public void start() {
        thread.start();
    }

    /** Says what became of a PrometheusServer. */
    public void server(ResourceKey key, ServerReport report) {
        change(key, entry -> entry.server(report));
    }

    /** Says what became of a Monitor or RuleSet in the report's server. */
    public void report(ResourceKey key, ResourceReport report) {
        change(key, entry -> entry.report(report));
    }

    /** Says that a server no longer takes a Monitor or RuleSet. */
    public void withdraw(ResourceKey key, ResourceKey server) {
        lock.lock();
        try {
            BoardEntry entry = entries.get(key);
            if (entry != null && entry.withdraw(server)) {
                enqueue(key, GATHER);
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
            BoardEntry entry = entry(key);
            if (entry.unselected(why)) {
                enqueue(key, entry.isLeftToOthers() ? OTHERS_SPEAK : GATHER);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Says why a resource can't be read as it stands there; empty where it can. */
    public void unreadable(ResourceKey key, Optional<Diagnostic> why) {
        change(key, entry -> entry.unreadable(why));
    }

    /**
     * Says that a resource is seen for the first time: what its status says, of a server itself or of servers that
     * take it, may be from before the start. The metadata are whole.
     */
    public void added(ResourceKey key, StoredObject object, ObjectMeta metadata) {
        owned(object, metadata).ifPresent(owned -> {
            lock.lock();
            try {
                entry(key).found(new BoardEntry.Heard(object, owned));
                silent.addAll(key.isServer() ? List.of(key) : owned.servers());
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
                    if (entry.remembers(server)) {
                        enqueue(key, GATHER);
                    }
                });
            }
        } finally {
            lock.unlock();
        }
    }

    /** Says that a resource has another status than before, whoever wrote it; the metadata are whole. */
    public void statusChanged(ResourceKey key, StoredObject object, ObjectMeta metadata) {
        BoardEntry.Heard heard = new BoardEntry.Heard(
                object,
                key.isServer() ? Shares.Owned.NOTHING : owned(object, metadata).orElse(Shares.Owned.NOTHING));
        lock.lock();
        try {
            hear(key, heard);
        } finally {
            lock.unlock();
        }
    }

    private void hear(ResourceKey key, BoardEntry.Heard heard) {
        BoardEntry entry = entries.get(key);
        if (entry != null && entry.waits(heard)) {
            return;
        }
        // A last write of the operator before this one may arrive after what was seen at the start.
        boolean left = heard.owned().servers().stream()
                .anyMatch(server -> !silent.contains(server) && (entry == null || !entry.speaksOf(server)));
        if (left) {
            BoardEntry standing = entry(key);
            standing.left(heard);
            enqueue(key, standing.untilMend(timer.instant()));
        } else if (entry != null && entry.hear(heard)) {
            enqueue(key, entry.untilMend(timer.instant()));
        }
    }

    /**
     * Says that a server isn't this operator's, or isn't any more: what was said in its status is taken back as soon as another
     * operator says something there, so that it doesn't stand there for ever, or some time later. Of no meaning where nothing
     * was said.
     */
    public void release(ResourceKey server) {
        lock.lock();
        try {
            BoardEntry entry = entries.get(server);
            if (entry != null) {
                entry.release();
                queue.remove(server);
                enqueue(server, NEXT_SPEAKS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Says that a server is this operator's again, or for the first time: nothing is taken back before it is spoken of anew. */
    public void take(ResourceKey server) {
        lock.lock();
        try {
            BoardEntry entry = entries.get(server);
            if (entry != null && entry.take()) {
                queue.remove(server);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a resource that is gone. */
    public void forget(ResourceKey key) {
        lock.lock();
        try {
            remove(key);
        } finally {
            lock.unlock();
        }
    }

    private void remove(ResourceKey key) {
        entries.remove(key);
        queue.remove(key);
    }

    private void change(ResourceKey key, Predicate<BoardEntry> change) {
        lock.lock();
        try {
            if (change.test(entry(key))) {
                enqueue(key, GATHER);
            }
        } finally {
            lock.unlock();
        }
    }

    private BoardEntry entry(ResourceKey key) {
        return entries.computeIfAbsent(
                key, made -> new BoardEntry(made, server -> names.computeIfAbsent(server, same -> same)));
    }

    private void enqueue(ResourceKey key, Duration pause) {
        queue.enqueue(key, timer.instant().plus(pause));
    }

    private void run() {
        try {
            WriteQueue.Turn next = queue.take();
            while (next != null) {
                WriteQueue.Turn turn = next;
                Thread.ofVirtual().name("write-status").start(() -> {
                    try (turn) {
                        take(turn);
                    }
                });
                next = queue.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(WriteQueue.Turn turn) {
        try {
            if (write(turn.key())) {
                turn.answered();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("The status of {} can't be written by a bug of Narthex", turn.key(), e);
            tryAgain(turn.key());
        }
    }

    /** Returns whether the API server was asked. */
    private boolean write(ResourceKey key) throws InterruptedException {
        BoardEntry visited;
        StoredObject object;
        BoardEntry.Look look;
        lock.lock();
        try {
            visited = entries.get(key);
            object = objects.apply(key).orElse(null);
            if (visited == null || object == null) {
                // Somebody spoke of it when it was gone.
                remove(key);
                return false;
            }
            look = visited.look(object, silent, clock.instant(), timer.instant());
            look.later().ifPresent(at -> queue.enqueue(key, at));
            if (!look.write()) {
                end(key, visited);
                return false;
            }
        } finally {
            lock.unlock();
        }
        Optional<String> version = writer.write(key, object.uid(), look.wanted());
        if (version.isPresent()) {
            events.compare(key, object.uid(), look.before(), look.wanted(), clock.instant());
        }
        lock.lock();
        try {
            BoardEntry entry = entries.get(key);
            if (entry == null || !entry.equals(visited)) {
                // It is gone, and another one may have its name.
                return true;
            }
            if (version.isPresent()) {
                entry.wrote(object, look, version.get(), timer.instant());
            } else {
                Duration pause = entry.failed();
                // What was written before the server was released needn't come any more.
                if (!entry.isReleased() || look.wanted().isEmpty()) {
                    enqueue(key, pause);
                }
            }
            entry.meanwhile().ifPresent(heard -> hear(key, heard));
            end(key, entry);
        } finally {
            lock.unlock();
        }
        return true;
    }

    private void end(ResourceKey key, BoardEntry entry) {
        if (entry.isOver()) {
            remove(key);
        }
    }

    private void tryAgain(ResourceKey key) {
        lock.lock();
        try {
            BoardEntry entry = entries.get(key);
            if (entry != null) {
                enqueue(key, entry.failed());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns how ready each resource is of which something was said; of those that are gone nothing. */
    public Map<ResourceKey, Readiness> readiness() {
        lock.lock();
        try {
            Map<ResourceKey, Readiness> all = new HashMap<>();
            entries.forEach((key, entry) -> entry.readiness().ifPresent(readiness -> all.put(key, readiness)));
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Returns what is waiting to be written. */
    public List<ResourceKey> waiting() {
        return queue.waiting();
    }

    @Override
    public void close() {
        queue.close();
        thread.interrupt();
    }
}
