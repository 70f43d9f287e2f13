package io.narthex.reconcile.kubernetes;

import io.narthex.prometheus.BuildInfo;
import io.narthex.prometheus.PoolTargets;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.TargetHealth;
import io.narthex.prometheus.TargetQuery;
import io.narthex.prometheus.TargetReport;
import io.narthex.rollout.Bell;
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

    private final Bell bell;

    private volatile Instant changedAt = Instant.EPOCH;
    private volatile Optional<Map<String, JobCounts>> targets = Optional.empty();
    private volatile Optional<String> version = Optional.empty();

    TargetPoll(Supplier<CompletableFuture<Optional<PrometheusClient>>> client, InstantSource clock, Runnable listener) {
        this.client = client;
        this.clock = clock;
        this.bell = new Bell(clock);
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("targets").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Says that the server has taken something new. */
    void soon() {
        changedAt = clock.instant();
        bell.ring();
    }

    /** Returns the targets of each job that has some; empty before the first look. */
    Optional<Map<String, JobCounts>> targets() {
        return targets;
    }

    /** Returns the release that runs; empty before the first look. */
    Optional<String> version() {
        return version;
    }

    private void run() {
        try {
            while (true) {
                Duration pause = look();
                bell.await(clock.instant().plus(pause));
                while (bell.hush() && clock.instant().isBefore(changedAt.plus(FIRST))) {
                    bell.await(changedAt.plus(FIRST));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns how long to wait for the next look. */
    private Duration look() throws InterruptedException {
        Optional<PrometheusClient> asked;
        try {
            asked = client.get().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return USUAL;
        }
        if (asked.isEmpty()) {
            return USUAL;
        }
        Optional<TargetReport> report = asked.get().targets(QUERY).toOptional();
        Optional<String> running = asked.get().buildInfo().toOptional().map(BuildInfo::text);
        if (report.isEmpty()) {
            return USUAL;
        }
        Map<String, JobCounts> counts = new HashMap<>();
        report.get().pools().forEach((job, pool) -> counts.put(job, counts(pool)));
        boolean settled = counts.values().stream().allMatch(count -> count.unknown() == 0 && count.total() > 0);
        targets = Optional.of(Map.copyOf(counts));
        version = running;
        listener.run();
        boolean recent = clock.instant().isBefore(changedAt.plus(PATIENCE));
        return !settled || recent ? UNSETTLED : USUAL;
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
