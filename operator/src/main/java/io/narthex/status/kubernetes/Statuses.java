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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes statuses of reports. Pure: what a condition said before tells since when it says so. */
final class Statuses {

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
                report.targets().orElse(before == null ? null : before.targets()),
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
                before == null ? null : before.seesAllNamespaces());
    }

    static MonitorStatus monitor(
            long generation,
            Collection<ResourceReport> reports,
            Optional<Diagnostic> unreadable,
            Optional<Finding> unselected,
            @Nullable MonitorStatus before,
            Instant now) {
        Function<ResourceKey, List<Condition>> old = before(
                before == null ? List.of() : before.servers(),
                MonitorServerStatus::namespace,
                MonitorServerStatus::name,
                MonitorServerStatus::conditions);
        List<MonitorServerStatus> servers = ordered(reports).stream()
                .map(report -> new MonitorServerStatus(
                        report.server().namespace(),
                        report.server().name(),
                        conditions(report.findings(), old.apply(report.server()), report.generation(), now),
                        report.jobs().stream().map(Statuses::job).toList()))
                .toList();
        List<TargetCounts> counts = servers.stream()
                .flatMap(server -> server.jobs().stream())
                .flatMap(job -> Stream.ofNullable(job.targets()))
                .toList();
        long observed = observed(generation, reports);
        return new MonitorStatus(
                observed,
                summary(
                        reports,
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
                servers);
    }

    static RuleSetStatus ruleSet(
            long generation,
            Collection<ResourceReport> reports,
            Optional<Diagnostic> unreadable,
            Optional<Finding> unselected,
            @Nullable RuleSetStatus before,
            Instant now) {
        Function<ResourceKey, List<Condition>> old = before(
                before == null ? List.of() : before.servers(),
                RuleSetServerStatus::namespace,
                RuleSetServerStatus::name,
                RuleSetServerStatus::conditions);
        List<RuleSetServerStatus> servers = ordered(reports).stream()
                .map(report -> new RuleSetServerStatus(
                        report.server().namespace(),
                        report.server().name(),
                        conditions(report.findings(), old.apply(report.server()), report.generation(), now),
                        report.rules().map(RuleCounts::groups).orElse(null),
                        report.rules().map(RuleCounts::rules).orElse(null),
                        report.rules()
                                .flatMap(RuleCounts::lastError)
                                .map(Statuses::shortened)
                                .orElse(null)))
                .toList();
        long observed = observed(generation, reports);
        return new RuleSetStatus(
                observed,
                summary(
                        reports,
                        unreadable,
                        unselected,
                        before == null ? List.of() : before.conditions(),
                        observed,
                        now),
                servers);
    }

    /** Returns the generation of which all servers have spoken. */
    private static long observed(long newest, Collection<ResourceReport> reports) {
        return reports.stream().mapToLong(ResourceReport::generation).reduce(newest, Math::min);
    }

    /** Returns what was said of a resource in each server. */
    private static <T> Function<ResourceKey, List<Condition>> before(
            List<T> servers,
            Function<T, String> namespace,
            Function<T, String> name,
            Function<T, List<Condition>> conditions) {
        return key -> servers.stream()
                .filter(server -> namespace.apply(server).equals(key.namespace())
                        && name.apply(server).equals(key.name()))
                .findFirst()
                .map(conditions)
                .orElse(List.of());
    }

    private static List<Condition> summary(
            Collection<ResourceReport> reports,
            Optional<Diagnostic> unreadable,
            Optional<Finding> unselected,
            List<Condition> before,
            long generation,
            Instant now) {
        // Whatever servers report is about the version before.
        Finding summary = unreadable
                .map(why -> DiagnosticWords.accepted(ConditionType.READY, List.of(why)))
                .orElseGet(() -> summary(reports, unselected));
        return conditions(List.of(summary), before, generation, now);
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

    private static List<ResourceReport> ordered(Collection<ResourceReport> reports) {
        return reports.stream()
                .sorted(Comparator.comparing(ResourceReport::server))
                .limit(256)
                .toList();
    }

    /** The worst of what all servers say. */
    private static Finding summary(Collection<ResourceReport> reports, Optional<Finding> unselected) {
        if (reports.isEmpty()) {
            return unselected.orElseGet(() ->
                    Finding.unknown(ConditionType.READY, ConditionReason.PENDING, "no server has looked at it yet"));
        }
        Finding worst = Finding.yes(ConditionType.READY, "");
        for (ResourceReport report : ordered(reports)) {
            for (Finding finding : report.findings()) {
                if (badness(finding) > badness(worst)) {
                    worst = new Finding(
                            ConditionType.READY,
                            finding.status(),
                            finding.reason(),
                            report.server() + ": " + finding.message());
                }
            }
        }
        return worst;
    }

    private static int badness(Finding finding) {
        return switch (finding.status()) {
            case TRUE -> 0;
            case UNKNOWN -> 1;
            case FALSE -> 2;
        };
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
