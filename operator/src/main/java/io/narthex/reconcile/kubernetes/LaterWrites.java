package io.narthex.reconcile.kubernetes;

import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.RolloutLoop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Writes what a server's configuration doesn't wait for, one after the other in a thread of its own: an admission webhook that
 * doesn't answer holds the API server up for half a minute.
 *
 * <p>Any thread may call any method.
 */
final class LaterWrites implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LaterWrites.class);

    private final Runnable done;
    private final Thread thread;

    // Guarded by this.
    private final Map<String, Write> waiting = new LinkedHashMap<>();
    private Optional<Write> busy = Optional.empty();

    /**
     * Something to be done.
     *
     * @param isNews whether what became of it is to be looked at
     */
    private record Write(Runnable what, boolean isNews) {}

    /**
     * Makes one that does nothing before {@link #start}.
     *
     * @param server whose objects they are
     * @param done is called after each write whose result is to be looked at
     */
    LaterWrites(ResourceKey server, Runnable done) {
        this.done = done;
        this.thread = Thread.ofVirtual()
                .name("write-" + server.namespace() + "/" + server.name())
                .unstarted(() -> {
                    MDC.put(RolloutLoop.MARKER, server.namespace() + "/" + server.name());
                    run();
                });
    }

    void start() {
        thread.start();
    }

    /** Has something written, in place of what still waits under that name; what becomes of it is to be looked at. */
    void submit(String name, Runnable write) {
        put(name, new Write(write, true));
    }

    /** As {@link #submit}, where nobody has to look at what becomes of it. */
    void submitQuietly(String name, Runnable write) {
        put(name, new Write(write, false));
    }

    private synchronized void put(String name, Write write) {
        // It may need what others wait to write that came after the one it replaces.
        waiting.remove(name);
        waiting.put(name, write);
        notifyAll();
    }

    /** Returns whether nothing is under way whose result is to be looked at. */
    synchronized boolean isThrough() {
        return Stream.concat(busy.stream(), waiting.values().stream()).noneMatch(Write::isNews);
    }

    /** Waits until nothing is under way whose result is to be looked at, but no longer than this. */
    synchronized void await(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (long left = limit.toNanos(); left > 0 && !isThrough(); left = end - System.nanoTime()) {
            // Rounded up: a wait of 0 would be for ever.
            wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        }
    }

    private void run() {
        try {
            while (true) {
                Write write = take();
                try {
                    write.what().run();
                } catch (RuntimeException | StackOverflowError e) {
                    LOG.error("Something can't be written by a bug of Narthex", e);
                } finally {
                    finished();
                }
                if (write.isNews()) {
                    done.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is to be looked at goes first. */
    private synchronized Write take() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        String next = waiting.entrySet().stream()
                .filter(entry -> entry.getValue().isNews())
                .findFirst()
                .orElseGet(() -> waiting.entrySet().iterator().next())
                .getKey();
        Write write = Objects.requireNonNull(waiting.remove(next));
        busy = Optional.of(write);
        return write;
    }

    private synchronized void finished() {
        busy = Optional.empty();
        notifyAll();
    }

    /** Ends; what still waits isn't written. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
