package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.ConditionStatus;
import io.narthex.api.v1alpha1.ConditionType;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import io.narthex.reconcile.SteadyCompiler;
import io.narthex.reconcile.SteadyRollout;
import io.narthex.rollout.Status;
import io.narthex.rollout.kubernetes.Deployment;
import io.narthex.rollout.kubernetes.KubernetesPrometheus;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.source.kubernetes.ClusterState;
import io.narthex.source.kubernetes.StoredObject;
import io.narthex.status.kubernetes.Finding;
import io.narthex.status.kubernetes.ServerReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says how one server is. What is over in a moment isn't told before it is. For the thread that reconciles the server, but for
 * {@link #isSilent}.
 */
final class ServerReporter {

    /** What it takes about to write the status of one resource. */
    private static final Duration TELLING = Duration.ofMillis(10);
    /** How long after its start an operator may keep silent about what it doesn't know yet. */
    private static final Duration FIND_OUT = Duration.ofSeconds(20);

    private final ResourceKey server;
    private final OperatorParts parts;
    private final SteadyRollout rollout;
    private final KubernetesPrometheus driver;
    private final SideObjects side;
    private final TargetPoll poll;
    private final ResourceReporter resources;
    private final Supplier<Optional<StatefulSet>> there;
    private final RunningRelease release;
    private final Instant startedAt;

    private boolean foundOut;
    private Optional<Instant> passingSince = Optional.empty();
    private volatile boolean silent;
    private boolean hasTaken;

    /**
     * What the reconciler knows.
     *
     * @param obstacle why nothing can be rolled out; empty for nothing
     * @param desired what is to run; empty where nothing was made yet
     * @param isGathering whether more of what changed is waited for
     * @param lost what of the versions that refused resources ran in is lost; empty for nothing
     */
    record Situation(
            Optional<String> obstacle, Optional<Deployment> desired, boolean isGathering, Optional<String> lost) {}

    /**
     * Makes one that has said nothing yet.
     *
     * @param there returns the StatefulSet that the server has
     */
    ServerReporter(
            ResourceKey server,
            OperatorParts parts,
            SteadyRollout rollout,
            KubernetesPrometheus driver,
            SideObjects side,
            TargetPoll poll,
            ResourceReporter resources,
            Supplier<Optional<StatefulSet>> there) {
        this.server = server;
        this.parts = parts;
        this.rollout = rollout;
        this.driver = driver;
        this.side = side;
        this.poll = poll;
        this.resources = resources;
        this.there = there;
        this.release = new RunningRelease(server);
        this.startedAt = parts.timer().instant();
    }

    /** Returns whether nothing is told of a rollout under way before it is through, or takes too long. From any thread. */
    boolean isSilent() {
        return silent;
    }

    /** Notes that Prometheus took something new. */
    void taken() {
        hasTaken = true;
        release.changed(parts.timer().instant());
        passingSince = Optional.empty();
    }

    /**
     * Says how the server is, and has what it takes be told of.
     *
     * @param state what the cluster declares
     * @param situation what stands in the way, and what is to run
     * @return whether to look again in a while, since something wasn't said yet
     */
    boolean report(ClusterState state, Situation situation) {
        Optional<StoredObject> object = state.objects().get(server);
        if (object.isEmpty()) {
            return false;
        }
        Status status = rollout.status();
        Optional<Declared<PrometheusServerSpec>> declared =
                state.inventory().find(server).flatMap(found -> found.as(PrometheusServerSpec.class));
        List<Diagnostic> own = new ArrayList<>();
        state.unreadable().get(server).ifPresent(own::add);
        SteadyCompiler.@Nullable Step now = rollout.step().orElse(null);
        boolean passing = isPassing(status, situation);
        silent = passing;
        if (isFindingOut(object.get(), status, situation) || (passing && !hasTaken)) {
            return true;
        }
        hasTaken = false;
        if (now != null) {
            own.addAll(now.written().diagnostics(server));
            own.addAll(now.refusals());
            own.addAll(ResourceReporter.unread(server, now, state.unread()));
            rollout.blames().stream()
                    .filter(blame -> blame.resource().equals(Optional.of(server)))
                    .forEach(own::add);
        }
        Optional<Deployment> deployment = situation.desired();
        int replicas = declared.map(found -> found.spec().replicas()).orElse(0);
        if (status.phase() == Status.Phase.READY) {
            Instant seenAt = poll.versionAt();
            deployment
                    .flatMap(made -> release.difference(made.bundle().version(), poll.version(), seenAt))
                    .ifPresent(own::add);
        }
        parts.board()
                .server(
                        server,
                        new ServerReport(
                                object.get().generation(),
                                isPaused(declared),
                                own,
                                now == null
                                        ? 0
                                        : now.written().count(Severity.ERROR)
                                                - errors(now.written().diagnostics(server)),
                                situation.lost(),
                                status,
                                situation.obstacle(),
                                side.lacking(),
                                side.storage().problem(),
                                side.storage().growing(),
                                driver.problems(),
                                replicas,
                                parts.managed().readyReplicas(server.namespace(), ObjectNames.of(server)),
                                poll.version(),
                                Optional.ofNullable(now)
                                        // While it is paused nothing of the newest is taken.
                                        .filter(step -> !isPaused(declared))
                                        .map(taken -> new ServerReport.Taken(
                                                taken.monitors(),
                                                taken.ruleSets(),
                                                deployment
                                                        .map(made -> made.bundle()
                                                                .jobs()
                                                                .size())
                                                        .orElse(0))),
                                poll.isOutdated() || (poll.seen().isEmpty() && replicas == 0),
                                poll.seen().map(TargetPoll.Seen::sum),
                                rollout.taken(server)
                                        .flatMap(version -> version.as(PrometheusServerSpec.class))
                                        .or(() -> declared)
                                        .filter(version ->
                                                !version.spec().alertmanagers().isEmpty())
                                        .isPresent(),
                                poll.seen().flatMap(TargetPoll.Seen::alertmanagers),
                                parts.settings().consent().seesAll(server)));
        if (now != null) {
            resources.report(state, now, status, standstill(declared, now, situation), passing);
        }
        return passing;
    }

    private static boolean isPaused(Optional<Declared<PrometheusServerSpec>> declared) {
        return declared.filter(found -> found.spec().paused()).isPresent();
    }

    /** Returns why nothing new reaches Prometheus at all; empty where it does. */
    private Optional<Finding> standstill(
            Optional<Declared<PrometheusServerSpec>> declared, SteadyCompiler.Step now, Situation situation) {
        if (isPaused(declared)) {
            return Optional.of(new Finding(
                    ConditionType.LOADED,
                    ConditionStatus.UNKNOWN,
                    ConditionReason.PAUSED,
                    "spec.paused of the server is set: nothing is changed or verified"));
        }
        if (situation.obstacle().isPresent()) {
            return Optional.of(new Finding(
                    ConditionType.LOADED,
                    ConditionStatus.FALSE,
                    ConditionReason.UNAVAILABLE,
                    "nothing new reaches the server; its status says what is in the way"));
        }
        if (now.bundle().isPresent()) {
            return Optional.empty();
        }
        String refused = "the server itself is refused, and there is no earlier version that it could go on with; its"
                + " status says what is wrong";
        return Optional.of(
                situation.desired().isEmpty() && there.get().isPresent()
                        ? new Finding(
                                ConditionType.LOADED,
                                ConditionStatus.UNKNOWN,
                                ConditionReason.UNVERIFIED,
                                refused + ". What runs stays as it is, and wasn't looked at since the operator started")
                        : new Finding(ConditionType.LOADED, ConditionStatus.FALSE, ConditionReason.PENDING, refused));
    }

    /**
     * After a restart of the operator, all may be as it was: nothing is said before that is known, or for too long
     * isn't.
     */
    private boolean isFindingOut(StoredObject object, Status status, Situation situation) {
        if (foundOut) {
            return false;
        }
        boolean ranBefore = object.status().tree().has("configGeneration");
        boolean known = status.phase() != Status.Phase.PROGRESSING
                && status.phase() != Status.Phase.WAITING
                && poll.seen().isPresent();
        foundOut = !ranBefore
                || known
                || parts.timer().instant().isAfter(startedAt.plus(FIND_OUT))
                || situation.obstacle().isPresent();
        return !foundOut;
    }

    /** Whether the rollout is one that takes a moment, without a start. */
    static boolean isUnderWay(Status status) {
        return status.phase() == Status.Phase.PROGRESSING
                && switch (status.reason()) {
                    case CHECKING, PUBLISHING, ARRIVING, RELOADING -> true;
                    default -> false;
                };
    }

    /**
     * A change that is through in a moment is told once, when it is through. To say of many resources that they are not
     * loaded yet would take longer than to wait. While others follow, what is through is told, and of the rest nothing.
     */
    private boolean isPassing(Status status, Situation situation) {
        boolean passing = isUnderWay(status) || situation.isGathering();
        if (!passing || situation.obstacle().isPresent() || !rollout.wasVerified()) {
            passingSince = Optional.empty();
            return false;
        }
        Instant now = parts.timer().instant();
        Instant since = passingSince.orElse(now);
        passingSince = Optional.of(since);
        int many = rollout.step().map(step -> step.changed().size()).orElse(0);
        return now.isBefore(since.plus(ServerReconciler.MOMENT).plus(TELLING.multipliedBy(many)));
    }

    private static int errors(List<Diagnostic> diagnostics) {
        return (int) diagnostics.stream()
                .filter(diagnostic -> diagnostic.severity() == Severity.ERROR)
                .count();
    }
}
