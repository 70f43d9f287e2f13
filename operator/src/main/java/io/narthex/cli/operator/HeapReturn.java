package io.narthex.cli.operator;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Gives back to the system what the heap no longer needs. Java's serial collector lets the old generation grow as long as
 * there is room below the limit, and shrinks it only when it collects all of it: a process that is quiet after thousands
 * of resources came would keep for ever what they took on their way. So all is collected when the heap has grown, at
 * most once in a minute.
 */
final class HeapReturn implements AutoCloseable {

    private static final Duration DISTANCE = Duration.ofMinutes(1);
    /** Growth by less than this share of the heap isn't worth the pause, some milliseconds a megabyte in use. */
    private static final int WORTH = 8;

    private final LongSupplier size;
    private final Runnable collection;
    private final Thread thread = Thread.ofVirtual().name("heap").unstarted(this::run);

    /** How many bytes the heap had after the last collection of ours. Of the thread. */
    private long settled;

    /**
     * Makes one that looks at nothing before {@link #look}.
     *
     * @param size tells how many bytes the heap takes of the system, used or not
     * @param collection collects all garbage
     */
    HeapReturn(LongSupplier size, Runnable collection) {
        this.size = size;
        this.collection = collection;
    }

    /** Looks after this process's heap until it is closed. */
    static HeapReturn ofThisProcess() {
        HeapReturn heap = new HeapReturn(() -> Runtime.getRuntime().totalMemory(), System::gc);
        heap.thread.start();
        return heap;
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(DISTANCE.toMillis());
                look();
            }
        } catch (InterruptedException e) {
            // It is closed.
        }
    }

    /** Collects where the heap has grown since the last time. */
    void look() {
        long now = size.getAsLong();
        if (now - settled > settled / WORTH) {
            collection.run();
            settled = size.getAsLong();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
