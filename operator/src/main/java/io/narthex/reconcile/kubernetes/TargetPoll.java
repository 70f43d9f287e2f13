package io.narthex.reconcile.kubernetes;

import io.narthex.prometheus.BuildInfo;
import io.narthex.prometheus.PoolTargets;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.TargetHealth;
import io.narthex.prometheus.TargetQuery;
import io.narthex.prometheus.TargetReport;
import io.narthex.status.ScrapeError;
import io.narthex.status.kubernetes.JobCounts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Asks a server for its targets: soon after a change, and from time to time. */
final class TargetPoll implements AutoCloseable {

    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration UNSETTLED = Duration.ofSeconds(5);
    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The counts, and of each job the worst target. */
    private static final TargetQuery QUERY = new TargetQuery(Optional.empty(), 1, 0, 20_000);

    private final Supplier<CompletableFuture<Optional<PrometheusClient>>> client;
    private final InstantSource clock;
    private final Runnable listener;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition awake = lock.newCondition();

    // Guarded by the lock.
    private Instant next = Instant.EPOCH;
    private Instant changedAt = Instant.EPOCH;
    private Optional<Map<String, JobCounts>> targets = Optional.empty();
    private Optional<String> version = Optional.empty();

    TargetPoll(Supplier<CompletableFuture<Optional<PrometheusClient>>> client, InstantSource clock, Runnable listener) {
        this.client = client;
        this.clock = clock;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("targets").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Says that the server has taken something new. */
    void soon() {
        lock.lock();
        try {
            changedAt = clock.instant();
            next = changedAt.plus(FIRST);
            awake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the targets of each job that has some; empty before the first look. */
    Optional<Map<String, JobCounts>> targets() {
        lock.lock();
        try {
            return targets;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the release that runs; empty before the first look. */
    Optional<String> version() {
        lock.lock();
        try {
            return version;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                lock.lock();
                try {
                    long nanos = Duration.between(clock.instant(), next).toNanos();
                    while (nanos > 0) {
                        awake.awaitNanos(nanos);
                        nanos = Duration.between(clock.instant(), next).toNanos();
                    }
                    next = clock.instant().plus(USUAL);
                } finally {
                    lock.unlock();
                }
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        Optional<PrometheusClient> asked;
        try {
            asked = client.get().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return;
        }
        if (asked.isEmpty()) {
            return;
        }
        Optional<TargetReport> report = asked.get().targets(QUERY).toOptional();
        Optional<String> running = asked.get().buildInfo().toOptional().map(BuildInfo::text);
        if (report.isEmpty()) {
            return;
        }
        Map<String, JobCounts> counts = new HashMap<>();
        report.get().pools().forEach((job, pool) -> counts.put(job, counts(pool)));
        boolean settled = counts.values().stream().allMatch(count -> count.unknown() == 0 && count.total() > 0);
        lock.lock();
        try {
            targets = Optional.of(Map.copyOf(counts));
            version = running;
            boolean recent = clock.instant().isBefore(changedAt.plus(PATIENCE));
            if (!settled || recent) {
                next = clock.instant().plus(UNSETTLED);
            }
        } finally {
            lock.unlock();
        }
        listener.run();
    }

    private static JobCounts counts(PoolTargets pool) {
        Optional<String> error = pool.samples().stream()
                .filter(target -> target.health() != TargetHealth.UP
                        && !target.lastError().isEmpty())
                .map(target -> ScrapeError.of(target.lastError(), target.url()))
                .map(problem -> problem.brief() + (problem.hint().isEmpty() ? "" : ": " + problem.hint()))
                .findFirst();
        return new JobCounts(pool.total(), pool.up(), pool.unknown(), error);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
