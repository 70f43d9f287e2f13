package io.narthex.reconcile.kubernetes;

import io.narthex.api.v1alpha1.TargetCounts;
import io.narthex.compiler.model.BucketMap;
import io.narthex.prometheus.BuildInfo;
import io.narthex.prometheus.PoolTargets;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.RuleReport;
import io.narthex.prometheus.ScrapeTarget;
import io.narthex.prometheus.TargetHealth;
import io.narthex.prometheus.TargetQuery;
import io.narthex.prometheus.TargetReport;
import io.narthex.rollout.Bell;
import io.narthex.rollout.kubernetes.KubernetesPrometheus.Answering;
import io.narthex.status.ScrapeError;
import io.narthex.status.kubernetes.AlertmanagerCounts;
import io.narthex.status.kubernetes.JobCounts;
import io.narthex.status.kubernetes.RuleCounts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a server for its targets, rules and Alertmanagers: for all of them from time to time, for the targets of a job that
 * changed soon after that and until they were scraped. All targets of a large server are many megabytes, so a change alone is no reason to ask for
 * them.
 */
final class TargetPoll implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TargetPoll.class);

    private static final Duration FIRST = Duration.ofSeconds(2);
    /** Of many new ones, most are found by then, so that each status says so at once. */
    private static final Duration FIRST_OF_MANY = Duration.ofSeconds(10);

    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Asking for each of more jobs, or of a larger share of all, would cost more than asking for all. */
    private static final int ONE_BY_ONE = 16;

    /** The counts, and of each job the worst target. */
    private static final TargetQuery ALL = new TargetQuery(Optional.empty(), 1, 0, 20_000);

    private final Function<String, CompletableFuture<Optional<Answering>>> servers;
    private final InstantSource clock;
    private final Duration outdated;
    private final Runnable listener;
    private final Thread thread;
    private final Bell bell;
    private final Map<String, Change> changed = new ConcurrentHashMap<>();
    private final Set<String> awaited = ConcurrentHashMap.newKeySet();

    // Of the thread.
    private String process = "";
    /** By then the process has been told of its targets by its discovery; it is ready before that. */
    private Instant discovered = Instant.EPOCH;
    /** By then it has made the scrape pools that it could make. */
    private Instant pooled = Instant.EPOCH;
    /** By then it has scraped most of them. */
    private Instant scraped = Instant.EPOCH;
    /** Since when no Alertmanager was seen to be discovered. */
    private Optional<Instant> noneSince = Optional.empty();

    // Written by the thread.
    private volatile Optional<Seen> seen = Optional.empty();
    private volatile Instant answeredAt = Instant.EPOCH;
    private volatile Optional<String> version = Optional.empty();
    private volatile Instant versionAt = Instant.EPOCH;

    /** What was made of a job's error, since most stay as they are. Of the thread. */
    private final Map<String, Told> told = new HashMap<>();

    /** A target's error and what it means. */
    private record Told(String error, String url, String words) {}

    private boolean hasPoolOfEachJob;

    private volatile Instant lookAtAll = Instant.EPOCH;
    private volatile Instant allSeenAt = Instant.EPOCH;
    private final AtomicReference<Instant> lookAtRules = new AtomicReference<>(Instant.MAX);
    private volatile Instant rulesAnsweredAt = Instant.EPOCH;
    private volatile boolean hasRules;
    private volatile boolean hasAlertmanagers;

    /**
     * When a job changed, and when to look at it next: ever more rarely, and as often as it is scraped.
     *
     * @param interval between two scrapes
     */
    private record Change(Instant at, Instant lookAt, Duration interval) {

        boolean isDue(Instant now) {
            return !now.isBefore(lookAt);
        }

        Change at(Instant next) {
            return new Change(at, next, interval);
        }

        Change after(Instant now) {
            Duration half = Collections.min(List.of(interval.dividedBy(2), USUAL));
            return isDue(now) ? at(now.plus(Collections.max(List.of(half, Duration.between(at, now))))) : this;
        }
    }

    /**
     * A rule group.
     *
     * @param file the name of its file
     * @param group its name in it
     */
    record GroupKey(String file, String group) {}

    /**
     * What was seen.
     *
     * @param jobs the targets of each job that has some, or that changed since all were looked at
     * @param idle the scrape pools that had no target when all were looked at; empty where that isn't known
     * @param sum all targets
     * @param rules the rules of each group, by file and name
     * @param alertmanagers the Alertmanagers that are discovered; empty where none is declared, or that isn't known
     */
    record Seen(
            BucketMap<String, JobCounts> jobs,
            Optional<Set<String>> idle,
            TargetCounts sum,
            Map<GroupKey, RuleCounts> rules,
            Optional<AlertmanagerCounts> alertmanagers) {

        static final Seen NOTHING =
                new Seen(BucketMap.empty(), Optional.empty(), new TargetCounts(0, 0), Map.of(), Optional.empty());

        /** Returns the targets of a job that was looked at. */
        JobCounts of(String job) {
            return jobs.get(job)
                    .orElseGet(() -> idle.filter(pools -> !pools.contains(job)).isPresent()
                            ? JobCounts.WITHOUT_POOL
                            : JobCounts.NONE);
        }

        Seen with(Map<GroupKey, RuleCounts> now) {
            return now.equals(rules) ? this : new Seen(jobs, idle, sum, now, alertmanagers);
        }

        Seen withIdle(Optional<Set<String>> now) {
            return now.equals(idle) ? this : new Seen(jobs, now, sum, rules, alertmanagers);
        }

        Seen withAlertmanagers(Optional<AlertmanagerCounts> now) {
            return now.equals(alertmanagers) ? this : new Seen(jobs, idle, sum, rules, now);
        }

        /** Returns the same instance where nothing differs, and shares what doesn't. */
        Seen with(String job, Optional<JobCounts> now) {
            Optional<JobCounts> before = jobs.get(job);
            if (before.equals(now)) {
                return this;
            }
            return new Seen(
                    now.map(counts -> jobs.with(job, counts)).orElseGet(() -> jobs.without(job)),
                    idle,
                    new TargetCounts(sum.total() - total(before) + total(now), sum.up() - up(before) + up(now)),
                    rules,
                    alertmanagers);
        }

        private static int total(Optional<JobCounts> counts) {
            return counts.map(JobCounts::total).orElse(0);
        }

        private static int up(Optional<JobCounts> counts) {
            return counts.map(JobCounts::up).orElse(0);
        }
    }

    /**
     * Makes one that asks nobody before {@link #start}.
     *
     * @param servers finds the server to ask, if it can the process that was asked before
     * @param clock tells how time passes
     * @param outdated after how long without an answer nothing is known any more
     * @param listener told when something was seen
     */
    TargetPoll(
            Function<String, CompletableFuture<Optional<Answering>>> servers,
            InstantSource clock,
            Duration outdated,
            Runnable listener) {
        this.outdated = outdated;
        this.servers = servers;
        this.clock = clock;
        this.bell = new Bell(clock);
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("targets").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /**
     * Says that the server has taken something new of these jobs.
     *
     * @param jobs of each the time between two scrapes
     */
    void soon(Map<String, Duration> jobs) {
        Instant now = clock.instant();
        boolean many = jobs.size() > ONE_BY_ONE;
        Instant first = now.plus(many ? FIRST_OF_MANY : FIRST);
        awaited.addAll(jobs.keySet());
        if (many) {
            // Those before them are looked at with them, and all others, unless that would take too long.
            changed.replaceAll((job, change) -> change.at(first));
            Instant latest = allSeenAt.plus(PATIENCE);
            Instant next = first.isBefore(latest) ? first : latest;
            lookAtAll = lookAtAll.isBefore(next) ? next : lookAtAll;
        }
        jobs.forEach((job, interval) -> changed.put(job, new Change(now, first, interval)));
        if (seen.isEmpty()) {
            lookAtAll = now;
        }
        bell.ring();
    }

    /** Says whether the server has rules, and that it has taken something new of them. */
    void rules(boolean some, boolean changed) {
        hasRules = some;
        if (changed) {
            lookAtRules.set(clock.instant().plus(FIRST));
            bell.ring();
        }
    }

    /** Says whether the server has Alertmanagers. They are asked for with all targets. */
    void alertmanagers(boolean some) {
        hasAlertmanagers = some;
    }

    /**
     * Returns what was seen last; empty before the first look, and where none succeeded for long. Where only rules weren't
     * told for long, it is without them.
     */
    Optional<Seen> seen() {
        if (isOutdated(answeredAt)) {
            return Optional.empty();
        }
        return isOutdated(rulesAnsweredAt) ? seen.map(now -> now.with(Map.of())) : seen;
    }

    /** Returns whether something was seen, and none of the looks since succeeded for long. */
    boolean isOutdated() {
        return seen.isPresent() && isOutdated(answeredAt);
    }

    private boolean isOutdated(Instant at) {
        return clock.instant().isAfter(at.plus(outdated));
    }

    /** Returns whether a job changed and wasn't looked at since. */
    boolean isAwaited(String job) {
        return awaited.contains(job);
    }

    /** Returns the release that runs; empty before the first look. */
    Optional<String> version() {
        return version;
    }

    /** Returns when that was asked for. */
    Instant versionAt() {
        return versionAt;
    }

    private void run() {
        try {
            while (bell.hush()) {
                // What fails now is looked at again later, and what there is nothing of not at all.
                Instant later = clock.instant().plus(USUAL);
                boolean all = !clock.instant().isBefore(lookAtAll);
                Set<String> due = due();
                if (all) {
                    lookAtAll = later;
                }
                Instant rulesDue = lookAtRules.get();
                boolean rules = hasRules && (all || !clock.instant().isBefore(rulesDue));
                if (!clock.instant().isBefore(rulesDue)) {
                    // Before it is asked: what changes meanwhile is looked at once more.
                    lookAtRules.compareAndSet(rulesDue, hasRules ? later : Instant.MAX);
                }
                if (all || rules || !due.isEmpty()) {
                    lookOrComplain(all, rules ? Optional.of(later) : Optional.empty(), due);
                    Instant now = clock.instant();
                    due.forEach(job -> changed.computeIfPresent(job, (name, change) -> change.after(now)));
                }
                bell.await(next());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookOrComplain(boolean all, Optional<Instant> rulesAgain, Set<String> due)
            throws InterruptedException {
        try {
            look(all, rulesAgain, due);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("Targets can't be looked at by a bug of Narthex; trying again", e);
        }
    }

    /** Returns the jobs to look at now. */
    private Set<String> due() {
        Instant now = clock.instant();
        Set<String> due = new HashSet<>();
        changed.forEach((job, change) -> {
            if (change.isDue(now)) {
                due.add(job);
            }
        });
        return due;
    }

    private Instant next() {
        return changed.values().stream()
                .map(Change::lookAt)
                .reduce(
                        Collections.min(List.of(lookAtAll, lookAtRules.get())),
                        (one, other) -> one.isBefore(other) ? one : other);
    }

    /**
     * Asks for the targets of all jobs, or of those that are due.
     *
     * @param rulesAgain when rules are looked at again if they aren't told now; empty where they aren't asked for
     */
    private void look(boolean wanted, Optional<Instant> rulesAgain, Set<String> due) throws InterruptedException {
        Optional<Answering> found;
        try {
            found = servers.apply(process).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return;
        }
        if (found.isEmpty()) {
            return;
        }
        PrometheusClient asked = found.get().client();
        if (!found.get().process().equals(process)) {
            process = found.get().process();
            discovered = clock.instant().plus(FIRST_OF_MANY);
            pooled = clock.instant().plus(PrometheusClient.MAKES_POOLS);
            scraped = clock.instant().plus(PATIENCE);
        }
        Set<String> looked = new HashSet<>(due);
        Seen now = seen.orElse(Seen.NOTHING);
        boolean all = wanted
                || seen.isEmpty()
                || due.size() > Math.max(ONE_BY_ONE, now.jobs().size() / ONE_BY_ONE);
        if (all) {
            Optional<TargetReport> report = asked.targets(ALL).toOptional();
            if (report.isEmpty()) {
                return;
            }
            Map<String, PoolTargets> pools = report.get().pools();
            lookAtAll = clock.instant().plus(USUAL);
            Optional<BuildInfo> build = asked.buildInfo().toOptional();
            hasPoolOfEachJob = build.filter(BuildInfo::hasPoolOfEachJob).isPresent();
            version = build.map(BuildInfo::text);
            versionAt = clock.instant();
            now = now.withIdle(scrapePools(asked)
                    .map(made -> made.stream()
                            .filter(pool -> !pools.containsKey(pool))
                            .collect(Collectors.toUnmodifiableSet())));
            for (String job :
                    now.jobs().keys().filter(job -> !pools.containsKey(job)).toList()) {
                if (isTold(now, job, discovered)) {
                    lookAtAll = discovered;
                } else if (!isYounger(job, PrometheusClient.MAKES_POOLS)
                        || now.of(job).total() > 0) {
                    now = now.with(job, Optional.empty());
                }
            }
            for (PoolTargets pool : pools.values()) {
                if (pool.unknown() == 0 || !isTold(now, pool.pool(), scraped)) {
                    now = now.with(pool.pool(), Optional.of(counts(pool)));
                }
            }
            now = now.withAlertmanagers(alertmanagers(asked, now));
            changed.keySet().stream()
                    .filter(job -> !isYounger(job, FIRST_OF_MANY))
                    .forEach(looked::add);
            told.keySet().retainAll(pools.keySet());
            allSeenAt = clock.instant();
        } else {
            for (String job : due) {
                Optional<TargetReport> report = asked.targets(new TargetQuery(Optional.of(job), 1, 0, 1))
                        .toOptional();
                if (report.isEmpty()) {
                    return;
                }
                now = now.with(
                        job, Optional.ofNullable(report.get().pools().get(job)).map(this::counts));
            }
        }
        if (rulesAgain.isPresent()) {
            Optional<RuleReport> report = asked.rules().toOptional();
            if (report.isPresent()) {
                now = now.with(counts(report.get()));
                rulesAnsweredAt = clock.instant();
                lookAtRules.compareAndSet(rulesAgain.get(), Instant.MAX);
            }
        }
        List<String> without = new ArrayList<>();
        for (String job : looked) {
            boolean none = now.jobs().get(job).isEmpty();
            if (!none || !clock.instant().isBefore(discovered)) {
                awaited.remove(job);
                if (none) {
                    without.add(job);
                }
            }
        }
        Optional<Set<String>> pools = without.stream().allMatch(job -> isYounger(job, PrometheusClient.MAKES_POOLS))
                ? Optional.empty()
                : all ? now.idle() : scrapePools(asked);
        for (String job : without) {
            boolean unmade = !isYounger(job, PrometheusClient.MAKES_POOLS)
                    && pools.filter(made -> !made.contains(job)).isPresent();
            now = now.with(job, Optional.of(unmade ? JobCounts.WITHOUT_POOL : JobCounts.NONE));
        }
        settle(now);
        answeredAt = clock.instant();
        seen = Optional.of(now);
        listener.run();
    }

    /**
     * A process that has just started has discovered none yet, and one of an older release that has just loaded has none, either,
     * for up to five seconds (notifier/manager.go): so that is believed when it is seen again.
     */
    private Optional<AlertmanagerCounts> alertmanagers(PrometheusClient asked, Seen before) {
        if (!hasAlertmanagers) {
            noneSince = Optional.empty();
            return Optional.empty();
        }
        Optional<AlertmanagerCounts> counts = asked.alertmanagers()
                .toOptional()
                .map(report -> new AlertmanagerCounts(report.active(), report.dropped()));
        if (counts.isEmpty()) {
            return before.alertmanagers();
        }
        if (counts.get().discovered() > 0) {
            noneSince = Optional.empty();
            return counts;
        }
        Instant now = clock.instant();
        noneSince = Optional.of(noneSince.orElse(now));
        Instant sure = noneSince.get().plus(FIRST_OF_MANY);
        if (now.isBefore(sure)) {
            lookAtAll = Collections.min(List.of(lookAtAll, sure));
            return before.alertmanagers();
        }
        return counts;
    }

    /**
     * Whether what the process before knew of a job counts until then, as another one doesn't know as much yet. Of a job that
     * changed it doesn't.
     */
    private boolean isTold(Seen before, String job, Instant until) {
        return clock.instant().isBefore(until)
                && !changed.containsKey(job)
                && before.jobs().get(job).filter(counts -> counts.total() > 0).isPresent();
    }

    /** Whether a job changed less than so long ago. */
    private boolean isYounger(String job, Duration age) {
        Change change = changed.get(job);
        return change != null && change.at().isAfter(clock.instant().minus(age));
    }

    /** Returns the scrape pools that there are; empty where not all may have been made yet, or that isn't known. */
    private Optional<Set<String>> scrapePools(PrometheusClient asked) {
        return hasPoolOfEachJob && !clock.instant().isBefore(pooled)
                ? asked.scrapePools().toOptional()
                : Optional.empty();
    }

    /** Forgets the jobs that were scraped, and those that won't be soon. */
    private void settle(Seen now) {
        Instant old = clock.instant().minus(PATIENCE);
        Instant young = clock.instant().minus(FIRST);
        List<Map.Entry<String, Change>> done = new ArrayList<>();
        changed.entrySet().forEach(entry -> {
            boolean isScraped = now.jobs()
                    .get(entry.getKey())
                    .filter(counts -> counts.total() > 0 && counts.unknown() == 0)
                    .isPresent();
            Instant at = entry.getValue().at();
            if ((at.isBefore(old) && !awaited.contains(entry.getKey())) || (isScraped && !at.isAfter(young))) {
                done.add(Map.entry(entry.getKey(), entry.getValue()));
            }
        });
        done.forEach(entry -> changed.remove(entry.getKey(), entry.getValue()));
    }

    private JobCounts counts(PoolTargets pool) {
        Optional<ScrapeTarget> failed = pool.samples().stream()
                .filter(target -> target.health() != TargetHealth.UP
                        && !target.lastError().isEmpty())
                .findFirst();
        if (failed.isEmpty()) {
            told.remove(pool.pool());
        }
        return new JobCounts(pool.total(), pool.up(), pool.unknown(), failed.map(target -> words(pool.pool(), target)));
    }

    private String words(String job, ScrapeTarget target) {
        Told before = told.get(job);
        if (before != null
                && before.error().equals(target.lastError())
                && before.url().equals(target.url())) {
            return before.words();
        }
        ScrapeError problem = ScrapeError.of(target.lastError(), target.url());
        String words = problem.words();
        told.put(job, new Told(target.lastError(), target.url(), words));
        return words;
    }

    private static Map<GroupKey, RuleCounts> counts(RuleReport report) {
        Map<GroupKey, RuleCounts> counts = new HashMap<>();
        for (RuleReport.Group group : report.groups()) {
            counts.put(
                    new GroupKey(group.file().substring(group.file().lastIndexOf('/') + 1), group.name()),
                    new RuleCounts(
                            1,
                            group.rules(),
                            group.failed().size(),
                            group.failed().stream()
                                    .map(failed -> failed.name() + ": " + failed.error())
                                    .findFirst()));
        }
        return Map.copyOf(counts);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
