package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.narthex.source.kubernetes.KubernetesClients;
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

    /** From a leader's death until the next works: the lease, up to 2.2 pauses, and the start, which must fit 20 s together. */
    static final Times TIMES =
            new Times(Duration.ofSeconds(12), Duration.ofSeconds(8), Duration.ofSeconds(2), Duration.ofSeconds(3));

    private final KubernetesClient client;
    private final Times times;

    /** One is good for one turn. */
    private final Supplier<ReturnedLease> leases;

    private final Supplier<ClusterOperator> operators;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Object lock = new Object();
    private volatile boolean decided;

    // Guarded by the lock.
    private @Nullable ClusterOperator operator;
    private @Nullable Thread starting;
    private @Nullable ReturnedLease lease;
    private @Nullable CompletableFuture<?> election;

    /**
     * How long what takes.
     *
     * @param lease after this time without a renewal another replica may lead
     * @param renewal after this time without a renewal a leader stops
     * @param pause between two renewals
     * @param answer so long the API server is waited for, so that one request that hangs leaves time for another
     */
    record Times(Duration lease, Duration renewal, Duration pause, Duration answer) {}

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
        this(client, () -> new ReturnedLease(namespace, name, identity), operators, TIMES);
    }

    Leadership(
            KubernetesClient client, Supplier<ReturnedLease> leases, Supplier<ClusterOperator> operators, Times times) {
        this.client = KubernetesClients.patient(client, times.answer());
        this.leases = leases;
        this.operators = operators;
        this.times = times;
    }

    private LeaderElector elector(ReturnedLease mine) {
        return client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName(mine.describe())
                        .withLock(mine)
                        .withLeaseDuration(times.lease())
                        .withRenewDeadline(times.renewal())
                        .withRetryPeriod(times.pause())
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(new LeaderCallbacks(() -> lead(mine), () -> follow(mine), this::follows))
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
            if (closed.get()) {
                return;
            }
            ReturnedLease mine = leases.get();
            lease = mine;
            election = elector(mine).start();
            var _ = election.whenComplete((done, problem) -> {
                // Where another replica holds the lease by the time that it is to be given back, the elector doesn't
                // call.
                follow(mine);
                if (!closed.get()) {
                    LOG.warn("The lease is lost; taking part in the election again");
                    CompletableFuture.delayedExecutor(times.pause().toMillis(), TimeUnit.MILLISECONDS)
                            .execute(this::elect);
                }
            });
        }
    }

    private void lead(ReturnedLease mine) {
        synchronized (lock) {
            if (closed.get() || lease != mine) {
                return;
            }
            ClusterOperator one = operators.get();
            operator = one;
            starting = Thread.ofVirtual().name("lead").start(() -> {
                try {
                    one.start();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (IllegalStateException e) {
                    // Closed before all of it was begun, where this leads no more.
                    if (!Thread.currentThread().isInterrupted()) {
                        throw e;
                    }
                } finally {
                    if (Thread.currentThread().isInterrupted()) {
                        // It may have begun to watch after it was closed.
                        one.close();
                    }
                }
            });
            Thread.ofVirtual().name("lease").start(() -> watch(mine));
        }
    }

    /**
     * Stops the work in time. The elector looks at the time between two requests only, and asks once more before it says that
     * this leads no more; each request may hang.
     */
    private void watch(ReturnedLease mine) {
        try {
            for (Duration left = left(mine); left.isPositive(); left = left(mine)) {
                Thread.sleep(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        CompletableFuture<?> last;
        synchronized (lock) {
            last = election;
            if (closed.get() || lease != mine || last == null || last.isDone()) {
                return;
            }
            LOG.warn("The lease couldn't be renewed for {} s", times.renewal().toSeconds());
            mine.lose();
            stop();
        }
        // Outside of the lock, as below.
        last.cancel(true);
    }

    private Duration left(ReturnedLease mine) {
        return times.renewal().minus(mine.age());
    }

    /** An elector whose turn is over may call late. */
    private void follow(ReturnedLease mine) {
        synchronized (lock) {
            if (lease == mine) {
                stop();
            }
        }
    }

    private void stop() {
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
        stop();
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
