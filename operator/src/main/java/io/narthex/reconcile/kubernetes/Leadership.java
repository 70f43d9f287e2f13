package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an operator while this process holds a Lease, so that of several replicas one works. A leader that can't renew
 * its lease stops before another can get it; one that ends gives it back.
 */
public final class Leadership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    /** From a leader's death until the next works: this, up to a pause, and the start, which must fit 20 s together. */
    private static final Duration LEASE = Duration.ofSeconds(12);

    private static final Duration RENEWAL = Duration.ofSeconds(8);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** One is good for one turn. */
    private final Supplier<LeaderElector> electors;

    private final Supplier<ClusterOperator> operators;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Object lock = new Object();
    private volatile boolean decided;

    // Guarded by the lock.
    private @Nullable ClusterOperator operator;
    private @Nullable Thread starting;
    private @Nullable CompletableFuture<?> election;

    /**
     * Makes one that takes part in no election before {@link #start}.
     *
     * @param client asks the API server; not closed here
     * @param namespace the Lease's namespace
     * @param name the Lease's name
     * @param identity this process's name, which no other replica has
     * @param operators makes the operator that runs while this leads
     */
    public Leadership(
            KubernetesClient client,
            String namespace,
            String name,
            String identity,
            Supplier<ClusterOperator> operators) {
        this.operators = operators;
        this.electors = () -> client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName(name)
                        .withLock(new ReturnedLease(namespace, name, identity))
                        .withLeaseDuration(LEASE)
                        .withRenewDeadline(RENEWAL)
                        .withRetryPeriod(PAUSE)
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(new LeaderCallbacks(this::lead, this::follow, this::follows))
                        .build())
                .build();
    }

    /** Takes part in the election, again and again. */
    public void start() {
        elect();
    }

    /** Returns the operator that works while this leads; empty while another one leads. */
    public Optional<ClusterOperator> operator() {
        synchronized (lock) {
            return Optional.ofNullable(operator);
        }
    }

    /** Returns whether it is known who leads. */
    public boolean isDecided() {
        return decided;
    }

    private void follows(String leader) {
        LOG.info("The leader is {}", leader);
        decided = true;
    }

    private void elect() {
        synchronized (lock) {
            if (!closed.get()) {
                election = electors.get().start();
                var _ = election.whenComplete((done, problem) -> {
                    if (!closed.get()) {
                        LOG.warn("The lease is lost; taking part in the election again");
                        CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                                .execute(this::elect);
                    }
                });
            }
        }
    }

    private void lead() {
        synchronized (lock) {
            if (closed.get()) {
                return;
            }
            ClusterOperator one = operators.get();
            operator = one;
            starting = Thread.ofVirtual().name("lead").start(() -> {
                try {
                    one.start();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                if (Thread.currentThread().isInterrupted()) {
                    // It leads no more, and may have begun to watch after it was closed.
                    one.close();
                }
            });
        }
    }

    private void follow() {
        synchronized (lock) {
            if (starting != null) {
                starting.interrupt();
                starting = null;
            }
            if (operator != null) {
                operator.close();
                operator = null;
            }
        }
    }

    @Override
    public void close() {
        closed.set(true);
        follow();
        CompletableFuture<?> last;
        synchronized (lock) {
            last = election;
        }
        // Outside of the lock: the elector has one of its own, which it holds while it calls back.
        if (last != null) {
            last.cancel(true);
        }
    }
}
