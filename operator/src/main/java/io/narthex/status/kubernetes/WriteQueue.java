package io.narthex.status.kubernetes;

import io.narthex.compiler.model.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which resource's status is to be written when, and how many at once. Where somebody's webhook keeps the API server from
 * answering, a few would hold all turns: a write that takes long gives its own back, and its namespace has one at a time
 * until one is answered soon.
 *
 * <p>Any thread may call any method; only {@link #take} waits.
 */
final class WriteQueue implements AutoCloseable {

    private static final int WRITES_AT_ONCE = 8;

    /** A write that isn't answered by then isn't likely to be soon. */
    private static final Duration LONG = Duration.ofSeconds(2);

    /** Until one is looked at again that was due while it was being written. */
    private static final Duration BUSY = Duration.ofMillis(100);

    private final InstantSource timer;
    private final Semaphore permits = new Semaphore(WRITES_AT_ONCE);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition awake = lock.newCondition();

    // Guarded by the lock.
    private final Map<ResourceKey, Instant> dueAt = new HashMap<>();
    /** Those, and earlier ones that don't hold any more. */
    private final PriorityQueue<Due> queue = new PriorityQueue<>();

    private final Set<ResourceKey> underWay = new HashSet<>();
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

    /** Makes one in which nothing waits; the timer tells how time passes. */
    WriteQueue(InstantSource timer) {
        this.timer = timer;
    }

    /** Has a resource take its turn, at the earliest of all times that were said since its last one. */
    void enqueue(ResourceKey key, Instant at) {
        lock.lock();
        try {
            // What waits for its half minute is overtaken by what says something new.
            Instant earlier = dueAt.get(key);
            if (earlier == null || at.isBefore(earlier)) {
                dueAt.put(key, at);
                queue.add(new Due(at, key));
                awake.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes a resource out; a turn that it has goes on. */
    void remove(ResourceKey key) {
        lock.lock();
        try {
            dueAt.remove(key);
            SequencedSet<ResourceKey> waiting = behind.get(key.namespace());
            if (waiting != null) {
                waiting.remove(key);
            }
            if (!running.containsKey(key.namespace())) {
                // It may have been the one whose turn was to let the next one of its namespace go on.
                goOn(key.namespace());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns what waits for its time. */
    List<ResourceKey> waiting() {
        lock.lock();
        try {
            return List.copyOf(dueAt.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next turn, which whoever takes it has to close; null once the queue is closed. */
    @Nullable
    Turn take() throws InterruptedException {
        ResourceKey key = next();
        if (key == null) {
            return null;
        }
        permits.acquire();
        return new Turn(key);
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
                ResourceKey key = first.key();
                if (!dueAt.remove(key, first.at())) {
                    continue;
                }
                if (underWay.contains(key)) {
                    enqueue(key, timer.instant().plus(BUSY));
                } else if (isTaken(key.namespace())) {
                    stand(key);
                } else {
                    underWay.add(key);
                    running.merge(key.namespace(), 1, Integer::sum);
                    return key;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean isTaken(String namespace) {
        return slow.contains(namespace) && running.containsKey(namespace);
    }

    private void stand(ResourceKey key) {
        SequencedSet<ResourceKey> waiting = behind.computeIfAbsent(key.namespace(), n -> new LinkedHashSet<>());
        if (key.isServer()) {
            // It says what is in the way of all the others.
            waiting.addFirst(key);
        } else {
            waiting.add(key);
        }
    }

    /** Has those that wait for their namespace take their turn. To be called with the lock held. */
    private void goOn(String namespace) {
        SequencedSet<ResourceKey> keys = behind.getOrDefault(namespace, new LinkedHashSet<>());
        while (!keys.isEmpty() && !isTaken(namespace)) {
            enqueue(keys.removeFirst(), timer.instant());
            if (slow.contains(namespace)) {
                break;
            }
        }
        if (keys.isEmpty()) {
            behind.remove(namespace);
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
    }

    /** One resource's turn, which ends when it is closed. */
    final class Turn implements AutoCloseable {

        private final ResourceKey key;
        private final CompletableFuture<Void> soon;
        private volatile boolean answered;

        // Guarded by the lock.
        private boolean over;
        private boolean late;

        private Turn(ResourceKey key) {
            this.key = key;
            this.soon = CompletableFuture.runAsync(
                    this::takeLong, CompletableFuture.delayedExecutor(LONG.toMillis(), TimeUnit.MILLISECONDS));
        }

        ResourceKey key() {
            return key;
        }

        /** Says that the API server was asked, and answered whatever it was. */
        void answered() {
            answered = true;
        }

        private void takeLong() {
            lock.lock();
            try {
                if (!over) {
                    late = true;
                    slow.add(key.namespace());
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
                underWay.remove(key);
                running.computeIfPresent(key.namespace(), (name, count) -> count > 1 ? count - 1 : null);
                if (!late) {
                    permits.release();
                    if (answered) {
                        slow.remove(key.namespace());
                    }
                }
                goOn(key.namespace());
            } finally {
                lock.unlock();
            }
        }
    }
}
