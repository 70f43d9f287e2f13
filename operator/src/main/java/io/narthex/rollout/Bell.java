package io.narthex.rollout;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Has one thread sleep until somebody rings, or until a time. It keeps ringing until {@link #hush} or {@link #gather}, so
 * a ring while the thread works isn't lost.
 *
 * <p>Any thread may ring and close; one thread waits.
 */
public final class Bell implements AutoCloseable {

    private final InstantSource timer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private boolean ringing;
    private boolean closed;

    /** Makes a bell that doesn't ring yet; the timer says when a time has come. */
    public Bell(InstantSource timer) {
        this.timer = timer;
    }

    /** Wakes the thread, now or when it next waits. */
    public void ring() {
        lock.lock();
        try {
            ringing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the ringing; returns whether there is more to come, which is so until it is closed. */
    public boolean hush() {
        lock.lock();
        try {
            ringing = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it rings, is closed or {@code until}, {@link Instant#MAX} for ever. */
    public void await(Instant until) throws InterruptedException {
        lock.lock();
        try {
            while (!ringing && !closed) {
                if (until.equals(Instant.MAX)) {
                    changed.await();
                    continue;
                }
                long nanos = Duration.between(timer.instant(), until).toNanos();
                if (nanos <= 0) {
                    return;
                }
                changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits on, for rings that follow at once, and then ends the ringing.
     *
     * @param time how long, in real time
     * @return whether there is more to come, which is so until it is closed
     */
    public boolean gather(Duration time) throws InterruptedException {
        lock.lock();
        try {
            long nanos = time.toNanos();
            while (nanos > 0 && !closed) {
                nanos = changed.awaitNanos(nanos);
            }
            ringing = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Ends every wait, now and later. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
