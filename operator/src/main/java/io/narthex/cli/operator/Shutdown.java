package io.narthex.cli.operator;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Interrupts the thread that makes it when the process is asked to end, and has the process wait until that is done. */
final class Shutdown {

    /** How long ending may take. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final CountDownLatch done = new CountDownLatch(1);

    Shutdown() {
        Thread caller = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            caller.interrupt();
            try {
                // What isn't closed by then ends with the process.
                boolean _ = done.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /** Says that all is closed. */
    void done() {
        done.countDown();
    }
}
