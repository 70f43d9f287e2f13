package io.narthex.status.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.narthex.api.v1alpha1.Condition;
import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.ConditionStatus;
import io.narthex.api.v1alpha1.ConditionType;
import io.narthex.api.v1alpha1.MonitorStatus;
import io.narthex.api.v1alpha1.PrometheusServerStatus;
import io.narthex.api.v1alpha1.RuleSetStatus;
import io.narthex.api.v1alpha1.TargetCounts;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Status;
import io.narthex.status.ScrapeError;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A status says the worst of what its servers say, and since when. */
class StatusesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.5Z");
    private static final ResourceKey A = new ResourceKey("PrometheusServer", "a", "main");
    private static final ResourceKey B = new ResourceKey("PrometheusServer", "b", "main");

    private static ResourceReport monitor(ResourceKey server, int total, int up, String error) {
        return monitor(server, 4, total, up, error);
    }

    private static ResourceReport monitor(ResourceKey server, long generation, int total, int up, String error) {
        return new ResourceReport(
                server,
                generation,
                OptionalInt.empty(),
                Optional.empty(),
                List.of(),
                true,
                false,
                Status.VERIFIED,
                Optional.empty(),
                List.of(new ResourceReport.Job(
                        "metrics",
                        "monitor/shop/web/metrics",
                        Optional.of(
                                new JobCounts(total, up, 0, Optional.of(error).filter(words -> !words.isEmpty()))))));
    }

    private static ResourceReport rules(int wanted, Optional<RuleCounts> counts) {
        return new ResourceReport(
                A,
                4,
                OptionalInt.of(wanted),
                counts,
                List.of(),
                true,
                false,
                Status.VERIFIED,
                Optional.empty(),
                List.of());
    }

    /** Where no other operator speaks of it. */
    private static MonitorStatus ofMonitor(
            long generation,
            List<ResourceReport> reports,
            Optional<Diagnostic> unreadable,
            Optional<Finding> unselected,
            @Nullable MonitorStatus before,
            Instant now) {
        return Statuses.monitor(generation, reports, Set.of(), unreadable, unselected, before, now);
    }

    private static RuleSetStatus ofRuleSet(
            long generation,
            List<ResourceReport> reports,
            Optional<Diagnostic> unreadable,
            Optional<Finding> unselected,
            @Nullable RuleSetStatus before,
            Instant now) {
        return Statuses.ruleSet(generation, reports, Set.of(), unreadable, unselected, before, now);
    }

    private static Condition condition(List<Condition> conditions, ConditionType type) {
        return conditions.stream()
                .filter(condition -> condition.type() == type)
                .findFirst()
                .orElseThrow();
    }

    /** Who waits for the newest generation must not be told of the one before. */
    @Test
    void aStatusIsAboutTheGenerationThatAllServersSpokeOf() {
        MonitorStatus status = ofMonitor(
                5,
                List.of(monitor(A, 5, 3, 3, ""), monitor(B, 4, 3, 3, "")),
                Optional.empty(),
                Optional.empty(),
                null,
                NOW);

        assertThat(status.observedGeneration()).isEqualTo(4);
        assertThat(condition(status.conditions(), ConditionType.READY).observedGeneration())
                .isEqualTo(4);
        assertThat(status.servers())
                .extracting(server -> server.conditions().getFirst().observedGeneration())
                .containsExactly(5L, 4L);
    }

    /** Nothing is compiled of a server that is left as it is, after the operator was started, either. */
    @Test
    void aPausedServerKeepsItsNumbers() {
        PrometheusServerStatus before =
                server(true, Status.VERIFIED, Optional.of(new ServerReport.Taken(3, 2, 4)), Map.of(), null);
        Status nothing = new Status(
                Status.Phase.WAITING, Reason.NOTHING_DESIRED, "", Optional.empty(), Optional.empty(), List.of());

        PrometheusServerStatus after = server(true, nothing, Optional.empty(), Map.of(), before);

        assertThat(after.monitors()).isEqualTo(3);
        assertThat(after.ruleSets()).isEqualTo(2);
        assertThat(after.jobs()).isEqualTo(4);
        assertThat(condition(after.conditions(), ConditionType.CONFIG_LOADED).reason())
                .isEqualTo(ConditionReason.PAUSED);
    }

    /** It runs, so it is ready; what goes wrong beside it is said all the same. */
    @Test
    void whatGoesWrongBesideAServerThatIsReadyIsSaid() {
        Status unkept = new Status(
                Status.Phase.READY,
                Reason.VERIFIED,
                "it can't be kept as the one to go back to: no room",
                Optional.of("7f3a"),
                Optional.empty(),
                List.of());

        Condition loaded = condition(
                server(false, unkept, Optional.empty(), Map.of(), null).conditions(), ConditionType.CONFIG_LOADED);

        assertThat(loaded.status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(loaded.message())
                .isEqualTo(
                        "every replica runs generation 7f3a, verified; but it can't be kept as the one to go back to:"
                                + " no room");
    }

    @Test
    void whatKeepsAPodFromStartingIsNoWaiting() {
        Status starts = new Status(
                Status.Phase.PROGRESSING, Reason.STARTING, "", Optional.empty(), Optional.empty(), List.of());

        PrometheusServerStatus calm = server(false, starts, Optional.empty(), Map.of(), null);
        PrometheusServerStatus stuck = server(
                false, starts, Optional.empty(), Map.of("prometheus-main-0", "ErrImagePull: no such image"), null);

        assertThat(condition(calm.conditions(), ConditionType.READY).reason()).isEqualTo(ConditionReason.PENDING);
        Condition ready = condition(stuck.conditions(), ConditionType.READY);
        assertThat(ready.reason()).isEqualTo(ConditionReason.UNAVAILABLE);
        assertThat(ready.message()).contains("prometheus-main-0: ErrImagePull: no such image");
    }

    /** Such as one with a container of its owner's that isn't ready, beside a Prometheus that runs what is declared. */
    @Test
    void aServerOfWhichAPodIsNotReadyIsUnavailableThoughAllIsLoaded() {
        PrometheusServerStatus status = server(
                false,
                Status.VERIFIED,
                Optional.empty(),
                Map.of("prometheus-main-0", "container proxy: it runs, and isn't ready"),
                null);

        assertThat(condition(status.conditions(), ConditionType.CONFIG_LOADED).status())
                .isEqualTo(ConditionStatus.TRUE);
        Condition ready = condition(status.conditions(), ConditionType.READY);
        assertThat(ready.status()).isEqualTo(ConditionStatus.FALSE);
        assertThat(ready.reason()).isEqualTo(ConditionReason.UNAVAILABLE);
        assertThat(ready.message())
                .isEqualTo("0 of 1 pods are ready (prometheus-main-0: container proxy: it runs, and isn't ready)");
        Condition whole = condition(alerting(false, Optional.empty(), null).conditions(), ConditionType.READY);
        assertThat(whole.status()).as("once it is").isEqualTo(ConditionStatus.TRUE);
    }

    private static PrometheusServerStatus server(
            boolean paused,
            Status rollout,
            Optional<ServerReport.Taken> taken,
            Map<String, String> problems,
            @Nullable PrometheusServerStatus before) {
        return server(paused, rollout, taken, problems, 0, false, Optional.empty(), false, before);
    }

    private static PrometheusServerStatus alerting(
            boolean alerts, Optional<AlertmanagerCounts> discovered, @Nullable PrometheusServerStatus before) {
        return alerting(alerts, discovered, false, before);
    }

    private static PrometheusServerStatus alerting(
            boolean alerts,
            Optional<AlertmanagerCounts> discovered,
            boolean unseen,
            @Nullable PrometheusServerStatus before) {
        return server(false, Status.VERIFIED, Optional.empty(), Map.of(), 1, alerts, discovered, unseen, before);
    }

    private static PrometheusServerStatus server(
            boolean paused,
            Status rollout,
            Optional<ServerReport.Taken> taken,
            Map<String, String> problems,
            int readyReplicas,
            boolean alerts,
            Optional<AlertmanagerCounts> discovered,
            boolean unseen,
            @Nullable PrometheusServerStatus before) {
        return Statuses.of(
                new ServerReport(
                        1,
                        paused,
                        List.of(),
                        0,
                        Optional.empty(),
                        rollout,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        problems,
                        1,
                        readyReplicas,
                        Optional.empty(),
                        taken,
                        unseen,
                        Optional.empty(),
                        alerts,
                        discovered,
                        false),
                before,
                NOW);
    }

    /** Such as by a Service's name that is misspelt: else its author would learn of it when no alert arrives. */
    @Test
    void aServerWhoseAlertsReachNobodySaysSoAndIsReadyAllTheSame() {
        PrometheusServerStatus none = alerting(true, Optional.of(new AlertmanagerCounts(0, 7)), null);

        Condition discovered = condition(none.conditions(), ConditionType.ALERTMANAGERS_DISCOVERED);
        assertThat(discovered.status()).isEqualTo(ConditionStatus.FALSE);
        assertThat(discovered.reason()).isEqualTo(ConditionReason.NO_ALERTMANAGERS);
        assertThat(discovered.message()).startsWith("no alert is sent").endsWith("dropped all: 7 addresses");
        assertThat(none.alertmanagers()).isZero();
        assertThat(condition(none.conditions(), ConditionType.READY).status()).isEqualTo(ConditionStatus.TRUE);

        PrometheusServerStatus two = alerting(true, Optional.of(new AlertmanagerCounts(2, 5)), none);
        assertThat(condition(two.conditions(), ConditionType.ALERTMANAGERS_DISCOVERED)
                        .status())
                .isEqualTo(ConditionStatus.TRUE);
        assertThat(two.alertmanagers()).isEqualTo(2);
    }

    @Test
    void whereAlertmanagersAreNotKnownTheNumberStaysAndWhereNoneIsDeclaredItGoes() {
        PrometheusServerStatus two = alerting(true, Optional.of(new AlertmanagerCounts(2, 0)), null);

        PrometheusServerStatus unknown = alerting(true, Optional.empty(), two);
        assertThat(unknown.alertmanagers()).isEqualTo(2);
        Condition condition = condition(unknown.conditions(), ConditionType.ALERTMANAGERS_DISCOVERED);
        assertThat(condition.status()).isEqualTo(ConditionStatus.UNKNOWN);
        assertThat(condition.reason()).isEqualTo(ConditionReason.PENDING);

        assertThat(alerting(true, Optional.empty(), true, two).alertmanagers())
                .as("where nobody has told for long")
                .isNull();

        PrometheusServerStatus undeclared = alerting(false, Optional.empty(), two);
        assertThat(undeclared.alertmanagers()).isNull();
        assertThat(undeclared.conditions())
                .extracting(Condition::type)
                .doesNotContain(ConditionType.ALERTMANAGERS_DISCOVERED);
    }

    @Test
    void theWorstServerSpeaksForAll() {
        MonitorStatus status = ofMonitor(
                4,
                List.of(monitor(B, 3, 3, ""), monitor(A, 2, 1, "HTTP 400")),
                Optional.empty(),
                Optional.empty(),
                null,
                NOW);
        Condition ready = condition(status.conditions(), ConditionType.READY);

        assertThat(ready.status()).isEqualTo(ConditionStatus.FALSE);
        assertThat(ready.reason()).isEqualTo(ConditionReason.TARGETS_DOWN);
        assertThat(ready.message()).contains("a/main", "1 of 2 targets are down", "HTTP 400");
        assertThat(ready.observedGeneration()).isEqualTo(4);
        assertThat(status.targets()).isEqualTo(new TargetCounts(5, 4));
        assertThat(status.servers()).extracting("namespace").containsExactly("a", "b");
    }

    /** Operators of two classes take it. If they summed up differently, they would write against each other for ever. */
    @Test
    void theSumIsTheSameWhicheverOperatorMakesIt() {
        MonitorStatus alone = statusOf(List.of(monitor(A, 4, 3, 3, "")), Set.of(), null, NOW);
        MonitorStatus byB = statusOf(List.of(monitor(B, 3, 2, 1, "HTTP 400")), Set.of(), alone, NOW.plusSeconds(60));

        assertThat(byB.servers())
                .as("each writes its own")
                .extracting("namespace")
                .containsExactly("b");
        assertThat(byB.targets()).isEqualTo(new TargetCounts(5, 4));
        assertThat(byB.observedGeneration()).isEqualTo(3);
        Condition ready = condition(byB.conditions(), ConditionType.READY);
        assertThat(ready.status()).isEqualTo(ConditionStatus.FALSE);
        assertThat(ready.message()).contains("b/main", "HTTP 400");

        MonitorStatus stands = new MonitorStatus(
                byB.observedGeneration(),
                byB.conditions(),
                byB.targets(),
                Stream.concat(alone.servers().stream(), byB.servers().stream()).toList());
        MonitorStatus byA = statusOf(List.of(monitor(A, 4, 3, 3, "")), Set.of(), stands, NOW.plusSeconds(120));
        assertThat(byA.conditions()).isEqualTo(byB.conditions());
        assertThat(byA.targets()).isEqualTo(byB.targets());
        assertThat(byA.observedGeneration()).isEqualTo(byB.observedGeneration());
        assertThat(byA.servers()).isEqualTo(alone.servers());
    }

    /** An operator that starts has not heard yet of all servers that are its own. */
    @Test
    void whatWasSaidOfAServerStaysUntilItSpeaks() {
        MonitorStatus before =
                statusOf(List.of(monitor(A, 4, 3, 3, ""), monitor(B, 4, 2, 1, "HTTP 400")), Set.of(), null, NOW);

        MonitorStatus after = statusOf(List.of(monitor(A, 4, 3, 3, "")), Set.of(B), before, NOW.plusSeconds(60));

        assertThat(after).isEqualTo(before);
    }

    private static MonitorStatus statusOf(
            List<ResourceReport> reports, Set<ResourceKey> kept, @Nullable MonitorStatus before, Instant now) {
        return Statuses.monitor(4, reports, kept, Optional.empty(), Optional.empty(), before, now);
    }

    /** A time that moves without a change would be a write without a reason. */
    @Test
    void sinceWhenStaysUntilTheStatusChanges() {
        MonitorStatus first =
                ofMonitor(1, List.of(monitor(A, 1, 1, "")), Optional.empty(), Optional.empty(), null, NOW);
        MonitorStatus same = ofMonitor(
                2, List.of(monitor(A, 2, 2, "")), Optional.empty(), Optional.empty(), first, NOW.plusSeconds(60));
        MonitorStatus other = ofMonitor(
                2, List.of(monitor(A, 2, 0, "x")), Optional.empty(), Optional.empty(), same, NOW.plusSeconds(120));

        assertThat(condition(first.conditions(), ConditionType.READY).lastTransitionTime())
                .isEqualTo("2026-01-01T00:00:00Z");
        assertThat(condition(same.conditions(), ConditionType.READY).lastTransitionTime())
                .isEqualTo("2026-01-01T00:00:00Z");
        assertThat(condition(other.conditions(), ConditionType.READY).lastTransitionTime())
                .isEqualTo("2026-01-01T00:02:00Z");
        assertThat(condition(other.servers().getFirst().conditions(), ConditionType.LOADED)
                        .lastTransitionTime())
                .isEqualTo("2026-01-01T00:00:00Z");
    }

    /** What servers say of it is about the version before. */
    @Test
    void whatCannotBeReadIsNotAsDeclared() {
        Diagnostic why = new Diagnostic(
                DiagnosticCode.NOT_BOUND,
                DiagnosticCode.NOT_BOUND.severity(),
                Optional.empty(),
                FieldPath.of("spec").field("later"),
                Optional.empty(),
                "this release doesn't know the field later",
                "",
                "");
        MonitorStatus monitor =
                ofMonitor(2, List.of(monitor(A, 1, 1, "")), Optional.of(why), Optional.empty(), null, NOW);
        Condition ready = condition(monitor.conditions(), ConditionType.READY);
        assertThat(ready.status()).isEqualTo(ConditionStatus.FALSE);
        assertThat(ready.reason()).isEqualTo(ConditionReason.INVALID);
        assertThat(ready.message()).contains(DiagnosticCode.NOT_BOUND.id(), "spec.later");
        assertThat(condition(monitor.servers().getFirst().conditions(), ConditionType.LOADED)
                        .status())
                .isEqualTo(ConditionStatus.TRUE);

        PrometheusServerStatus server = Statuses.unreadable(why, 2, null, NOW);
        assertThat(server.conditions())
                .extracting(Condition::type, Condition::reason)
                .containsExactly(
                        tuple(ConditionType.READY, ConditionReason.INVALID),
                        tuple(ConditionType.CONFIG_ACCEPTED, ConditionReason.INVALID));
        assertThat(server.observedGeneration()).isEqualTo(2);
    }

    /** It is taken, and its author is to learn of it all the same. */
    @Test
    void aServerThatWhoeverReachesItsNodeCouldStopSaysSo() {
        Diagnostic exposed = new Diagnostic(
                DiagnosticCode.LIFECYCLE_EXPOSED,
                DiagnosticCode.LIFECYCLE_EXPOSED.severity(),
                Optional.empty(),
                FieldPath.of("spec").field("podTemplate"),
                Optional.empty(),
                "no NetworkPolicy has an effect",
                "",
                "");
        Finding accepted = DiagnosticWords.accepted(ConditionType.CONFIG_ACCEPTED, List.of(exposed));
        assertThat(accepted.status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(accepted.reason()).isEqualTo(ConditionReason.LIFECYCLE_EXPOSED);
        assertThat(accepted.message()).startsWith("NX1316 spec.podTemplate: no NetworkPolicy");
    }

    /** Such as a port whose name is misspelt, beside one that is right. */
    @Test
    void anEndpointWithoutTargetsIsNamedThoughAnotherHasSome() {
        Condition ready =
                condition(endpoints(new JobCounts(2, 2, 0, Optional.empty()), JobCounts.NONE), ConditionType.READY);
        assertThat(ready.status()).isEqualTo(ConditionStatus.FALSE);
        assertThat(ready.reason()).isEqualTo(ConditionReason.NO_TARGETS);
        assertThat(ready.message()).contains("the endpoint e1 finds no target");

        Condition down = condition(
                endpoints(new JobCounts(2, 1, 0, Optional.of("refused")), JobCounts.NONE), ConditionType.READY);
        assertThat(down.reason()).isEqualTo(ConditionReason.TARGETS_DOWN);
        assertThat(down.message()).contains("1 of 2 targets are down: refused; the endpoint e1 finds no target");

        assertThat(condition(endpoints(JobCounts.NONE, JobCounts.NONE), ConditionType.READY)
                        .message())
                .contains("its source finds no target");
    }

    @Test
    void anEndpointThatPrometheusCanNotSetUpSaysWhy() {
        String why = ScrapeError.withoutPool().hint();
        assertThat(condition(endpoints(JobCounts.WITHOUT_POOL), ConditionType.READY)
                        .message())
                .contains(why)
                .doesNotContain("its source finds");

        Condition ready = condition(
                endpoints(new JobCounts(2, 1, 0, Optional.of("refused")), JobCounts.WITHOUT_POOL), ConditionType.READY);
        assertThat(ready.reason()).isEqualTo(ConditionReason.TARGETS_DOWN);
        assertThat(ready.message())
                .contains("1 of 2 targets are down: refused; the endpoint e1 finds no target: not set up: " + why);
    }

    private static List<Condition> endpoints(JobCounts... counts) {
        List<ResourceReport.Job> jobs = IntStream.range(0, counts.length)
                .mapToObj(number -> new ResourceReport.Job("e" + number, "job" + number, Optional.of(counts[number])))
                .toList();
        ResourceReport report = new ResourceReport(
                A,
                4,
                OptionalInt.empty(),
                Optional.empty(),
                List.of(),
                true,
                false,
                Status.VERIFIED,
                Optional.empty(),
                jobs);
        return ofMonitor(4, List.of(report), Optional.empty(), Optional.empty(), null, NOW)
                .conditions();
    }

    @Test
    void withoutAServerItSaysWhy() {
        Finding why = Finding.no(ConditionType.READY, ConditionReason.NOT_SELECTED, "the label team=a");

        assertThat(condition(
                                ofMonitor(1, List.of(), Optional.empty(), Optional.of(why), null, NOW)
                                        .conditions(),
                                ConditionType.READY)
                        .reason())
                .isEqualTo(ConditionReason.NOT_SELECTED);
        assertThat(condition(
                                ofRuleSet(1, List.of(), Optional.empty(), Optional.empty(), null, NOW)
                                        .conditions(),
                                ConditionType.READY)
                        .reason())
                .isEqualTo(ConditionReason.PENDING);
    }

    @Test
    void aRuleSetTellsOfItsRules() {
        RuleSetStatus status = ofRuleSet(
                1,
                List.of(rules(2, Optional.of(new RuleCounts(2, 5, 1, Optional.of("bad: duplicate series"))))),
                Optional.empty(),
                Optional.empty(),
                null,
                NOW);
        Condition ready = condition(status.conditions(), ConditionType.READY);

        assertThat(ready.reason()).isEqualTo(ConditionReason.RULES_FAILING);
        assertThat(ready.message()).contains("1 of 5 rules fail: bad: duplicate series");
        assertThat(status.servers().getFirst().groups()).isEqualTo(2);
        assertThat(status.servers().getFirst().rules()).isEqualTo(5);
        assertThat(status.servers().getFirst().lastError()).isEqualTo("bad: duplicate series");
    }

    /** The server was asked before it had read the newest groups. */
    @Test
    void groupsThatArentSeenYetAreAwaited() {
        for (Optional<RuleCounts> counts :
                List.of(Optional.<RuleCounts>empty(), Optional.of(new RuleCounts(1, 1, 0, Optional.empty())))) {
            RuleSetStatus status =
                    ofRuleSet(1, List.of(rules(2, counts)), Optional.empty(), Optional.empty(), null, NOW);

            assertThat(condition(status.servers().getFirst().conditions(), ConditionType.RULES_HEALTHY)
                            .status())
                    .isEqualTo(ConditionStatus.UNKNOWN);
        }
    }

    @Test
    void ofAServerWithoutReplicasNothingIsCalledVerified() {
        Status idle =
                new Status(Status.Phase.READY, Reason.VERIFIED, "", Optional.empty(), Optional.empty(), List.of());

        PrometheusServerStatus status = server(false, idle, Optional.empty(), Map.of(), null);

        assertThat(condition(status.conditions(), ConditionType.CONFIG_LOADED).message())
                .isEqualTo("no replica is to run, so that nothing is verified");
        assertThat(status.configGeneration()).isNull();
    }

    @Test
    void aLongErrorIsShortened() {
        MonitorStatus status = ofMonitor(
                1, List.of(monitor(A, 1, 0, "x".repeat(9_000))), Optional.empty(), Optional.empty(), null, NOW);

        assertThat(status.servers().getFirst().jobs().getFirst().lastError()).hasSize(1_000);
        assertThat(condition(status.conditions(), ConditionType.READY).message())
                .hasSizeLessThanOrEqualTo(2_000);
    }

    /** Of a refused resource that doesn't go on as it was, somebody must learn why. */
    @Test
    void lostVersionsAreToldWhereResourcesAreRefused() {
        assertThat(accepted(0)).isEmpty();
        assertThat(accepted(1))
                .startsWith(
                        "1 error in Monitors and RuleSets; what they speak of is left out or runs as it was before. ")
                .endsWith("started: none can be read");
    }

    private static String accepted(int errors) {
        return new ServerReport(
                        1,
                        false,
                        List.of(),
                        errors,
                        Optional.of("none can be read"),
                        Status.VERIFIED,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        1,
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        false)
                .findings().stream()
                        .filter(finding -> finding.type() == ConditionType.CONFIG_ACCEPTED)
                        .map(Finding::message)
                        .collect(java.util.stream.Collectors.joining());
    }
}
