package io.narthex.reconcile;

import io.narthex.rollout.Bell;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one thread of its own reconcile: at the start, whenever it is woken, together with what follows at once, and when a
 * round said that its time has come. A bug of Narthex in one round doesn't end it.
 *
 * <p>Any thread may call any method but {@link #close}, which the loop's own thread mustn't call.
 */
public final class ReconcileLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);

    /** A change often comes as several events. */
    private static final Duration GATHER = Duration.ofMillis(15);

    private static final Duration AFTER_BUG = Duration.ofSeconds(5);

    /** Compares what is with what is to be, and acts. */
    @FunctionalInterface
    public interface Round {

        /** Reconciles; returns when to do so again at the latest, {@link Instant#MAX} for when it is woken. */
        Instant run() throws InterruptedException;
    }

    private final String subject;
    private final InstantSource timer;
    private final Round round;
    private final Bell bell;
    private final Thread thread;

    /**
     * Makes a loop that does nothing before {@link #start}.
     *
     * @param thread the name of its thread
     * @param subject what is reconciled, as logs name it
     * @param timer tells how time passes, whatever becomes of the machine's clock
     * @param round reconciles; called by the loop's thread alone
     */
    public ReconcileLoop(String thread, String subject, InstantSource timer, Round round) {
        this.subject = subject;
        this.timer = timer;
        this.round = round;
        this.bell = new Bell(timer);
        this.thread = Thread.ofVirtual().name(thread).unstarted(this::run);
    }

    /** Begins; to be called once. */
    public void start() {
        thread.start();
    }

    /** Has it reconcile now, or once more where it is under way. */
    public void wake() {
        bell.ring();
    }

    private void run() {
        try {
            do {
                bell.await(next());
            } while (bell.gather(GATHER));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Instant next() throws InterruptedException {
        try {
            return round.run();
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("{} can't be reconciled by a bug of Narthex; trying again", subject, e);
            return timer.instant().plus(AFTER_BUG);
        }
    }

    /** Ends, and waits until no round is under way any more. */
    @Override
    public void close() {
        bell.close();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
