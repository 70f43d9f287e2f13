package io.narthex.status;

import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.JobIndex;
import io.narthex.process.ProcessObservation;
import io.narthex.prometheus.AlertmanagerReport;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.BuildInfo;
import io.narthex.prometheus.PoolTargets;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.Readiness;
import io.narthex.prometheus.ReloadState;
import io.narthex.prometheus.RuleReport;
import io.narthex.prometheus.ScrapeTarget;
import io.narthex.prometheus.TargetHealth;
import io.narthex.prometheus.TargetQuery;
import io.narthex.prometheus.TargetReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Asks a server for all that a {@link ServerStatus} tells. Never fails: what can't be learned is a gap in it. */
public final class StatusReader {

    /** Prometheus hands on what its service discovery finds every 5 s (discovery/manager.go). */
    private static final Duration DISCOVERY = Duration.ofSeconds(10);

    private static final Comparator<JobStatus> BY_TITLE =
            Comparator.comparing(JobStatus::title).thenComparing(JobStatus::name);

    private final PrometheusClient client;
    private final String url;
    private final InstantSource clock;

    /**
     * Makes a reader.
     *
     * @param client asks the server
     * @param url what to call it
     * @param clock tells the time
     */
    public StatusReader(PrometheusClient client, String url, InstantSource clock) {
        this.client = client;
        this.url = url;
        this.clock = clock;
    }

    /**
     * Returns how the server is now.
     *
     * @param process what the supervisor sees; empty for a server that somebody else runs
     * @param generation the generation that is known to be loaded; empty where it isn't known
     * @param declared the jobs that it is to have; empty where they aren't known
     * @param query which targets to tell of one by one
     */
    public ServerStatus read(
            Optional<ProcessObservation> process,
            Optional<String> generation,
            Optional<JobIndex> declared,
            TargetQuery query) {
        Map<String, Optional<JobEntry>> jobs = new HashMap<>();
        declared.map(JobIndex::all)
                .orElse(Stream.empty())
                .filter(entry -> query.pool().isEmpty() || query.pool().get().equals(entry.name()))
                .forEach(entry -> jobs.put(entry.name(), Optional.of(entry)));
        return read(process, generation, jobs, false, query);
    }

    /**
     * As {@link #read}, of a server of whose jobs only the names are known, or not even those: all scrape pools that it has are
     * told of, also those without targets.
     *
     * @param generation the generation that is known to be loaded; empty where it isn't known
     * @param names the jobs that it is to have, as far as that is known
     */
    public ServerStatus readAll(Optional<String> generation, Collection<String> names, TargetQuery query) {
        Map<String, Optional<JobEntry>> jobs = new HashMap<>();
        names.forEach(name -> jobs.put(name, Optional.empty()));
        return read(Optional.empty(), generation, jobs, true, query);
    }

    private ServerStatus read(
            Optional<ProcessObservation> process,
            Optional<String> generation,
            Map<String, Optional<JobEntry>> declared,
            boolean all,
            TargetQuery query) {
        Answer<Readiness> readiness = client.readiness();
        ServerPhase phase = ServerPhase.of(process, readiness);
        List<String> gaps = new ArrayList<>();
        boolean ready = phase == ServerPhase.READY;
        Optional<ReloadState> reload = readiness instanceof Answer.Ok<Readiness>
                ? learned(client.reloadState(), "configuration state", gaps)
                : Optional.empty();
        Optional<BuildInfo> build = ready ? learned(client.buildInfo(), "version", gaps) : Optional.empty();
        Optional<TargetReport> targets = ready ? learned(client.targets(query), "targets", gaps) : Optional.empty();
        Optional<RuleReport> rules = ready ? unlessAgent(client.rules(), "rules", gaps) : Optional.empty();
        Optional<AlertmanagerReport> alertmanagers =
                ready ? unlessAgent(client.alertmanagers(), "Alertmanagers", gaps) : Optional.empty();
        return new ServerStatus(
                clock.instant(),
                url,
                phase,
                reason(process, phase, readiness),
                replayPercent(phase, readiness),
                build.map(BuildInfo::text),
                generation,
                reload.map(ReloadState::successful),
                process,
                targets.map(report -> jobs(report, declared, all, tellsOfPools(build, reload)))
                        .orElse(List.of()),
                rules.map(report -> report.groups().size()).orElse(0),
                rules.map(StatusReader::problems).orElse(List.of()),
                // Just after a load none may be discovered yet.
                alertmanagers.filter(counts -> counts.active() > 0 || isLoadedFor(DISCOVERY, reload)),
                gaps);
    }

    /** An agent has no rules and no Alertmanagers, and refuses to speak of them: that is no gap. */
    private static <T> Optional<T> unlessAgent(Answer<T> answer, String what, List<String> gaps) {
        return answer instanceof Answer.Refused<T>(int status, String message) && message.contains("Prometheus Agent")
                ? Optional.empty()
                : learned(answer, what, gaps);
    }

    private static <T> Optional<T> learned(Answer<T> answer, String what, List<String> gaps) {
        if (answer instanceof Answer.Failure<T> failure) {
            gaps.add(what + ": " + failure.reason());
        }
        return answer.toOptional();
    }

    private static String reason(Optional<ProcessObservation> process, ServerPhase phase, Answer<Readiness> readiness) {
        return switch (phase) {
            case BACKING_OFF ->
                process.flatMap(ProcessObservation::lastExit)
                        .map(exit -> exit.cause()
                                .map(cause -> exit.words() + ": " + cause)
                                .orElse(exit.words()))
                        .orElse("");
            case UNREACHABLE, REFUSED ->
                switch (readiness) {
                    case Answer.Unauthorized<Readiness> unauthorized ->
                        "it doesn't let this client in (" + unauthorized.reason() + ")";
                    case Answer.Failure<Readiness> failure -> failure.reason();
                    case Answer.Ok<Readiness> ok -> "";
                };
            case STOPPED, STARTING, REPLAYING, READY, STOPPING -> "";
        };
    }

    private static Optional<Integer> replayPercent(ServerPhase phase, Answer<Readiness> readiness) {
        return phase == ServerPhase.REPLAYING && readiness instanceof Answer.Ok<Readiness>(Readiness.Starting starting)
                ? starting.replay().map(replay -> replay.percent())
                : Optional.empty();
    }

    private boolean isLoadedFor(Duration time, Optional<ReloadState> reload) {
        return reload.flatMap(ReloadState::lastSuccess)
                .filter(loaded -> loaded.plus(time).isBefore(clock.instant()))
                .isPresent();
    }

    /** Whether a job without a scrape pool is one that is never to have any. */
    private boolean tellsOfPools(Optional<BuildInfo> build, Optional<ReloadState> reload) {
        return build.filter(BuildInfo::hasPoolOfEachJob).isPresent()
                && isLoadedFor(PrometheusClient.MAKES_POOLS, reload);
    }

    private List<JobStatus> jobs(
            TargetReport report, Map<String, Optional<JobEntry>> declared, boolean all, boolean tellsOfPools) {
        Set<String> seen = new HashSet<>();
        List<JobStatus> jobs = new ArrayList<>();
        for (PoolTargets pool : report.pools().values()) {
            seen.add(pool.pool());
            Optional<JobEntry> entry = declared.getOrDefault(pool.pool(), Optional.empty());
            jobs.add(new JobStatus(
                    pool.pool(),
                    entry.map(JobEntry::label).filter(l -> !l.isEmpty()).orElseGet(() -> commonLabel(pool)),
                    entry.map(JobEntry::resource),
                    pool.up(),
                    pool.down(),
                    pool.unknown(),
                    pool.lastScrape(),
                    pool.samples().stream().map(this::target).toList(),
                    Optional.empty()));
        }
        // A job that discovery finds no target for is told of, too: that is what its author looks for.
        Map<String, Optional<JobEntry>> empty = new HashMap<>(declared);
        empty.keySet().removeAll(seen);
        Optional<Set<String>> pools =
                all || (tellsOfPools && !empty.isEmpty()) ? client.scrapePools().toOptional() : Optional.empty();
        Set<String> made = pools.orElse(Set.of());
        if (all) {
            made.stream()
                    .filter(pool -> !seen.contains(pool))
                    .forEach(pool -> empty.putIfAbsent(pool, Optional.empty()));
        }
        empty.forEach((job, entry) -> jobs.add(JobStatus.withoutTargets(
                job,
                entry.map(JobEntry::label).orElse(""),
                entry.map(JobEntry::resource),
                tellsOfPools && pools.isPresent() && !made.contains(job)
                        ? Optional.of(ScrapeError.withoutPool())
                        : Optional.empty())));
        jobs.sort(BY_TITLE);
        return jobs;
    }

    private static String commonLabel(PoolTargets pool) {
        List<String> labels = pool.samples().stream()
                .map(target -> target.labels().getOrDefault("job", ""))
                .distinct()
                .limit(2)
                .toList();
        return labels.size() == 1 ? labels.getFirst() : "";
    }

    private TargetStatus target(ScrapeTarget target) {
        return new TargetStatus(
                target.labels().getOrDefault("instance", target.url()),
                target.url(),
                target.health(),
                target.health() == TargetHealth.UP || target.lastError().isEmpty()
                        ? Optional.empty()
                        : SelfScrape.of(target, url)
                                .or(() -> Optional.of(ScrapeError.of(target.lastError(), target.url()))),
                target.lastScrape(),
                target.lastDuration());
    }

    private static List<RuleProblem> problems(RuleReport report) {
        return report.groups().stream()
                .flatMap(group -> group.failed().stream()
                        .map(failed -> new RuleProblem(group.name(), group.file(), failed.name(), failed.error())))
                .toList();
    }
}
