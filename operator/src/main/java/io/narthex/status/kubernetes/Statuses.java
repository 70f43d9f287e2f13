package io.narthex.status.kubernetes;

import io.narthex.api.v1alpha1.Condition;
import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.ConditionStatus;
import io.narthex.api.v1alpha1.ConditionType;
import io.narthex.api.v1alpha1.JobStatus;
import io.narthex.api.v1alpha1.MonitorServerStatus;
import io.narthex.api.v1alpha1.MonitorStatus;
import io.narthex.api.v1alpha1.PrometheusServerStatus;
import io.narthex.api.v1alpha1.RuleSetServerStatus;
import io.narthex.api.v1alpha1.RuleSetStatus;
import io.narthex.api.v1alpha1.TargetCounts;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.Status;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes statuses of reports. Pure: what a condition said before tells since when it says so. */
final class Statuses {

    /** As many as the API takes. */
    private static final int MOST_SERVERS = 256;

    private Statuses() {}

    static PrometheusServerStatus of(ServerReport report, @Nullable PrometheusServerStatus before, Instant now) {
        List<Condition> old = before == null ? List.of() : before.conditions();
        boolean ready = report.rollout().phase() == Status.Phase.READY;
        return new PrometheusServerStatus(
                report.generation(),
                conditions(report.findings(), old, report.generation(), now),
                report.version().orElse(before == null ? null : before.version()),
                ready ? report.rollout().verified().orElse(null) : before == null ? null : before.configGeneration(),
                report.replicas(),
                report.readyReplicas(),
                report.taken().map(ServerReport.Taken::monitors).orElse(before == null ? null : before.monitors()),
                report.taken().map(ServerReport.Taken::ruleSets).orElse(before == null ? null : before.ruleSets()),
                report.taken().map(ServerReport.Taken::jobs).orElse(before == null ? null : before.jobs()),
                report.targets().orElse(before == null || report.unseen() ? null : before.targets()),
                report.alerts()
                        ? report.discovered()
                                .map(AlertmanagerCounts::discovered)
                                .orElse(before == null || report.unseen() ? null : before.alertmanagers())
                        : null,
                report.seesAll());
    }

    /** Of a server that nobody could read since the operator started, so that nobody takes care of it. */
    static PrometheusServerStatus unreadable(
            Diagnostic why, long generation, @Nullable PrometheusServerStatus before, Instant now) {
        List<Finding> findings = Stream.of(ConditionType.READY, ConditionType.CONFIG_ACCEPTED)
                .map(type -> DiagnosticWords.accepted(type, List.of(why)))
                .toList();
        return new PrometheusServerStatus(
                generation,
                conditions(findings, before == null ? List.of() : before.conditions(), generation, now),
                before == null ? null : before.version(),
                before == null ? null : before.configGeneration(),
                before == null ? null : before.replicas(),
                before == null ? null : before.readyReplicas(),
                before == null ? null : before.monitors(),
                before == null ? null : before.ruleSets(),
                before == null ? null : before.jobs(),
                before == null ? null : before.targets(),
                before == null ? null : before.alertmanagers(),
                before == null ? null : before.seesAllNamespaces());
    }

    /**
     * Of a Monitor. Operators of several classes may take one, and each writes those of the status's servers that are its own
     * and the sum of all: made of nothing but what stands there of each, so that whoever writes last says the same.
     *
     * @param kept those servers without a report here of which what is said in {@code before} is to be said again
     * @param before what stands there: of these servers, of those of the reports, and of other operators'
     */
    static MonitorStatus monitor(
            long generation,
            Collection<ResourceReport> reports,
            Set<ResourceKey> kept,
            Optional<Diagnostic> unreadable,
            Optional<Finding> unselected,
            @Nullable MonitorStatus before,
            Instant now) {
        Shared<MonitorServerStatus> shared = shared(
                reports,
                kept,
                before == null ? List.of() : before.servers(),
                server -> new Said(Shares.server(server.namespace(), server.name()), server.conditions()),
                (report, conditions) -> new MonitorServerStatus(
                        report.server().namespace(),
                        report.server().name(),
                        conditions,
                        report.jobs().stream().map(Statuses::job).toList()),
                now);
        List<TargetCounts> counts = shared.all().stream()
                .flatMap(server -> server.jobs().stream())
                .flatMap(job -> Stream.ofNullable(job.targets()))
                .toList();
        long observed = observed(generation, shared.said());
        return new MonitorStatus(
                observed,
                summary(
                        shared.said(),
                        unreadable,
                        unselected,
                        before == null ? List.of() : before.conditions(),
                        observed,
                        now),
                counts.isEmpty()
                        ? null
                        : new TargetCounts(
                                counts.stream().mapToInt(TargetCounts::total).sum(),
                                counts.stream().mapToInt(TargetCounts::up).sum()),
                shared.own());
    }

    /** Of a RuleSet, in the same way. */
    static RuleSetStatus ruleSet(
            long generation,
            Collection<ResourceReport> reports,
            Set<ResourceKey> kept,
            Optional<Diagnostic> unreadable,
            Optional<Finding> unselected,
            @Nullable RuleSetStatus before,
            Instant now) {
        Shared<RuleSetServerStatus> shared = shared(
                reports,
                kept,
                before == null ? List.of() : before.servers(),
                server -> new Said(Shares.server(server.namespace(), server.name()), server.conditions()),
                (report, conditions) -> new RuleSetServerStatus(
                        report.server().namespace(),
                        report.server().name(),
                        conditions,
                        report.rules().map(RuleCounts::groups).orElse(null),
                        report.rules().map(RuleCounts::rules).orElse(null),
                        report.rules()
                                .flatMap(RuleCounts::lastError)
                                .map(Statuses::shortened)
                                .orElse(null)),
                now);
        long observed = observed(generation, shared.said());
        return new RuleSetStatus(
                observed,
                summary(
                        shared.said(),
                        unreadable,
                        unselected,
                        before == null ? List.of() : before.conditions(),
                        observed,
                        now),
                shared.own());
    }

    /** What is said of a resource in one server. */
    private record Said(ResourceKey server, List<Condition> conditions) {}

    /**
     * What is said of a resource in its servers, in their order.
     *
     * @param own of this operator's servers
     * @param all of those of all operators
     * @param said the same
     */
    private record Shared<T>(List<T> own, List<T> all, List<Said> said) {}

    private static <T> Shared<T> shared(
            Collection<ResourceReport> reports,
            Set<ResourceKey> kept,
            List<T> before,
            Function<T, Said> said,
            BiFunction<ResourceReport, List<Condition>, T> entry,
            Instant now) {
        SortedMap<ResourceKey, T> standing = new TreeMap<>();
        before.forEach(one -> standing.put(said.apply(one).server(), one));
        SortedMap<ResourceKey, T> all = new TreeMap<>(standing);
        SortedMap<ResourceKey, T> own = new TreeMap<>(standing);
        own.keySet().retainAll(kept);
        for (ResourceReport report : reports) {
            T old = standing.get(report.server());
            T made = entry.apply(
                    report,
                    conditions(
                            report.findings(),
                            old == null ? List.of() : said.apply(old).conditions(),
                            report.generation(),
                            now));
            own.put(report.server(), made);
            all.put(report.server(), made);
        }
        return new Shared<>(
                own.values().stream().limit(MOST_SERVERS).toList(),
                List.copyOf(all.values()),
                all.values().stream().map(said).toList());
    }

    /** Returns the generation of which all servers have spoken. */
    private static long observed(long newest, List<Said> servers) {
        return servers.stream()
                .flatMap(server -> server.conditions().stream())
                .flatMap(condition -> Stream.ofNullable(condition.observedGeneration()))
                .reduce(newest, Math::min);
    }

    private static List<Condition> summary(
            List<Said> servers,
            Optional<Diagnostic> unreadable,
            Optional<Finding> unselected,
            List<Condition> before,
            long generation,
            Instant now) {
        Finding worst = worst(servers, unselected);
        Finding summary = unreadable
                // What servers say may be about the version before.
                .filter(why -> worst.status() != ConditionStatus.FALSE || servers.isEmpty())
                .map(why -> DiagnosticWords.accepted(ConditionType.READY, List.of(why)))
                .orElse(worst);
        return conditions(List.of(summary), before, generation, now);
    }

    /** The worst of what all servers say. */
    private static Finding worst(List<Said> servers, Optional<Finding> unselected) {
        if (servers.isEmpty()) {
            return unselected.orElseGet(() ->
                    Finding.unknown(ConditionType.READY, ConditionReason.PENDING, "no server has looked at it yet"));
        }
        Finding worst = Finding.yes(ConditionType.READY, "");
        for (Said said : servers) {
            for (Condition condition : said.conditions()) {
                if (badness(condition.status()) > badness(worst.status())) {
                    worst = new Finding(
                            ConditionType.READY,
                            condition.status(),
                            condition.reason(),
                            said.server() + ": " + (condition.message() == null ? "" : condition.message()));
                }
            }
        }
        return worst;
    }

    private static int badness(ConditionStatus status) {
        return switch (status) {
            case TRUE -> 0;
            case UNKNOWN -> 1;
            case FALSE -> 2;
        };
    }

    private static JobStatus job(ResourceReport.Job job) {
        return new JobStatus(
                job.endpoint(),
                job.name(),
                job.counts()
                        .map(count -> new TargetCounts(count.total(), count.up()))
                        .orElse(null),
                job.counts()
                        .flatMap(JobCounts::lastError)
                        .map(Statuses::shortened)
                        .orElse(null));
    }

    private static String shortened(String text) {
        return text.length() <= 1_000 ? text : text.substring(0, 997) + "...";
    }

    static List<Condition> conditions(List<Finding> findings, List<Condition> before, long generation, Instant now) {
        return findings.stream()
                .map(finding -> new Condition(
                        finding.type(),
                        finding.status(),
                        generation,
                        since(finding.type(), finding.status(), before)
                                .orElseGet(() ->
                                        now.truncatedTo(ChronoUnit.SECONDS).toString()),
                        finding.reason(),
                        finding.message().isEmpty() ? null : finding.message()))
                .toList();
    }

    private static Optional<String> since(ConditionType type, ConditionStatus status, List<Condition> before) {
        return before.stream()
                .filter(condition -> condition.type() == type && condition.status() == status)
                .map(Condition::lastTransitionTime)
                .findFirst();
    }
}
