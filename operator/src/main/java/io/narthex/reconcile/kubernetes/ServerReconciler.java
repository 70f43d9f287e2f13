package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.access.Identity;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.api.v1alpha1.CertificateSource;
import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.ConditionStatus;
import io.narthex.api.v1alpha1.ConditionType;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.RuleGroupEntry;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.Severity;
import io.narthex.kubernetes.ApiServerWords;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.ServerAccess;
import io.narthex.reconcile.Complaint;
import io.narthex.reconcile.Gathering;
import io.narthex.reconcile.SteadyCompiler;
import io.narthex.reconcile.SteadyRollout;
import io.narthex.rollout.Bell;
import io.narthex.rollout.Pace;
import io.narthex.rollout.RolloutEngine;
import io.narthex.rollout.RolloutLoop;
import io.narthex.rollout.Status;
import io.narthex.rollout.kubernetes.Deployment;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.KubernetesPrometheus;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.rollout.kubernetes.PodOverlay;
import io.narthex.rollout.kubernetes.ServerObjects;
import io.narthex.rollout.kubernetes.VolumeClaims;
import io.narthex.source.kubernetes.ClusterState;
import io.narthex.source.kubernetes.DeclaredJson;
import io.narthex.source.kubernetes.StoredObject;
import io.narthex.status.kubernetes.Finding;
import io.narthex.status.kubernetes.JobCounts;
import io.narthex.status.kubernetes.ResourceReport;
import io.narthex.status.kubernetes.RuleCounts;
import io.narthex.status.kubernetes.ServerReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Takes care of one PrometheusServer: compiles it when something changes that it may see, hands the result to its
 * rollout, reports what became of it and of each resource that it takes. One thread compiles and reports, another rolls
 * out; neither waits for the other.
 */
final class ServerReconciler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerReconciler.class);

    /** What is written within this time is compiled together. */
    private static final Duration GATHER = Duration.ofMillis(15);

    private static final Duration RETRY = Duration.ofSeconds(3);
    /** What it takes about to write the status of one resource. */
    private static final Duration TELLING = Duration.ofMillis(10);

    private static final Duration BREATH = Duration.ofMillis(300);
    /** How long after its start an operator may keep silent about what it doesn't know yet. */
    private static final Duration FIND_OUT = Duration.ofSeconds(20);

    private static final int LOOKUPS = 4;

    private final ResourceKey server;
    private final String uid;
    private final OperatorParts parts;
    private final ServerView view;
    private final KubernetesPrometheus driver;
    private final SteadyRollout rollout;
    private final IdentitySecret identity;
    private final LaterWrites writes;
    private final SideObjects side;
    private final HeldVersions held;
    private final AcceptedServer accepted;
    private final PodAccount account;
    private final KubernetesCheck check;
    private final TargetPoll poll;
    private final RunningRelease release;
    private final Thread thread;
    private final Instant startedAt;

    private final Bell bell;

    // Of the reconciler's thread.
    private Instant retryAt = Instant.MAX;
    private Instant recheckAt;
    private boolean recheckDue;
    private Inventory heard = Inventory.EMPTY;
    private final Gathering gathering = new Gathering();
    private Instant gatherUntil = Instant.MAX;
    private Inventory reported = Inventory.EMPTY;
    private Optional<Deployment> desired = Optional.empty();
    private @Nullable Declared<PrometheusServerSpec> desiredBy;
    private SteadyCompiler.@Nullable Step reportedStep;
    private Optional<String> obstacle = Optional.empty();
    private final Complaint complaint = new Complaint(LOG);
    private boolean stumbled;
    private boolean restored;
    private BucketMap<ResourceKey, Diagnostic> kept = BucketMap.empty();
    private volatile boolean isKept = true;
    private BucketMap<ResourceKey, Diagnostic> reportedUnreadable = BucketMap.empty();
    private BucketMap<SecretId, String> reportedUnread = BucketMap.empty();
    private BucketMap<ResourceKey, StoredObject> reportedObjects = BucketMap.empty();
    /** The StatefulSet by which the newest step was judged. */
    private Optional<String> judgedBy = Optional.empty();
    /** That by which what is desired was. */
    private Optional<String> desiredBeside = Optional.empty();

    private Optional<SideObjects.Unready> judgedWith = Optional.empty();

    /** What was compiled last while the server is left as it is. */
    private Inventory idle = Inventory.EMPTY;

    private final Set<ResourceKey> unsettled = new HashSet<>();
    private final Set<ResourceKey> told = new HashSet<>();
    private Optional<TargetPoll.Seen> counts = Optional.empty();
    private boolean foundOut;
    private Optional<Instant> passingSince = Optional.empty();
    /** Whether nothing is told of a rollout under way before it is through, or {@link #RETRY} is over. */
    private volatile boolean silent;

    private boolean hasTaken;

    /**
     * Makes one that does nothing before {@link #start}.
     *
     * @param accountChanged is called when {@link #account} becomes another
     */
    ServerReconciler(ResourceKey server, String uid, OperatorParts parts, Runnable accountChanged) {
        this.server = server;
        this.uid = uid;
        this.bell = new Bell(parts.timer());
        this.parts = parts;
        this.view = new ServerView(server, parts.settings().consent());
        ObjectNames names = ObjectNames.of(server);
        this.driver = new KubernetesPrometheus(
                parts.client(),
                names,
                DeploymentFactory.owner(server.name(), uid),
                parts.managed(),
                parts.timer(),
                parts.random(),
                parts.settings().watchSecrets());
        this.rollout = new SteadyRollout(
                server,
                parts.compiler(),
                driver,
                driver::readyEndpoint,
                RolloutEngine.withPace(Pace.REMOTE),
                true,
                parts.timer(),
                this::moved);
        this.release = new RunningRelease(server);
        this.startedAt = parts.timer().instant();
        this.recheckAt = startedAt.plus(parts.settings().recheck());
        this.identity = new IdentitySecret(
                parts.client(), names, DeploymentFactory.owner(server.name(), uid), parts.clock(), parts.timer());
        this.held = new HeldVersions(parts.client(), names, DeploymentFactory.owner(server.name(), uid));
        this.accepted = new AcceptedServer(parts.client(), server);
        this.account = new PodAccount(names, this::statefulSet, accountChanged);
        this.writes = new LaterWrites(server, this::wake);
        SideObjects side = new SideObjects(
                new ServerObjects(parts.client()), new VolumeClaims(parts.client()), identity, writes, parts.timer());
        this.side = side;
        this.check = new KubernetesCheck(
                parts.deployments(),
                this::statefulSet,
                account -> side.unready()
                        .filter(one -> one.account().equals(account))
                        .map(SideObjects.Unready::why));
        this.poll = new TargetPoll(
                before -> rollout.ask(() -> driver.answering(before)),
                parts.timer(),
                parts.settings().outdated(),
                this::wake);
        this.thread = Thread.ofVirtual()
                .name("reconcile-" + server.namespace() + "/" + server.name())
                .unstarted(this::run);
    }

    void start() {
        rollout.start();
        poll.start();
        writes.start();
        bell.ring();
        thread.start();
    }

    String uid() {
        return uid;
    }

    /** Returns the service account as which its pods run; empty where none are made so far. From any thread. */
    Optional<String> account() {
        return account.name();
    }

    /** Has it look at the newest state. From any thread. */
    void wake() {
        bell.ring();
    }

    /** Says that the rollout got on. From any thread. */
    private void moved() {
        if (!silent || !isUnderWay(rollout.status())) {
            wake();
        }
    }

    /** Says that a pod or the StatefulSet changed. From any thread. */
    void objectChanged() {
        rollout.wake();
        wake();
    }

    /** Says that a Secret of the server's namespace changed. From any thread. */
    void secretChanged(String name, String resourceVersion) {
        if (name.startsWith(ObjectNames.of(server).base() + "-") && driver.secretChanged(name, resourceVersion)) {
            rollout.wake();
        }
    }

    /** Says that changes of Secrets may have gone unheard. From any thread. */
    void secretsUnknown() {
        driver.secretsUnknown();
        rollout.wake();
    }

    private void run() {
        MDC.put(RolloutLoop.MARKER, server.namespace() + "/" + server.name());
        try {
            while (true) {
                bell.await(Collections.min(List.of(retryAt, recheckAt, gatherUntil, side.lookAt())));
                retryAt = Instant.MAX;
                gatherUntil = Instant.MAX;
                if (!bell.gather(GATHER)) {
                    return;
                }
                Instant now = parts.timer().instant();
                if (!now.isBefore(recheckAt)) {
                    recheckAt = now.plus(parts.settings().recheck());
                    recheckDue = true;
                }
                side.look();
                try {
                    reconcile();
                    stumbled = false;
                } catch (KubernetesClientException e) {
                    stumble(e, now);
                } catch (RuntimeException | StackOverflowError e) {
                    LOG.error("{} can't be reconciled by a bug of Narthex; trying again", server, e);
                    retry();
                }
                complain();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is over in a moment isn't worth a word. */
    private void stumble(KubernetesClientException e, Instant begun) {
        if (!stumbled && parts.timer().instant().isBefore(begun.plus(RETRY))) {
            stumbled = true;
            retryAt = parts.timer().instant().plus(BREATH);
            return;
        }
        obstacle = Optional.of(ApiServerWords.of(e));
        report(parts.source().state());
        retry();
    }

    /** Says each obstacle once, however often it is met. */
    private void complain() {
        obstacle.or(side::lacking).ifPresentOrElse(words -> complaint.say(server + ": " + words), complaint::forget);
    }

    private void retry() {
        retryAt = parts.timer().instant().plus(RETRY);
    }

    private void reconcile() throws InterruptedException {
        ClusterState state = parts.source().state();
        Optional<Declared<PrometheusServerSpec>> declared = declared(state);
        if (declared.isEmpty()) {
            if (state.unreadable().get(server).isPresent()) {
                report(state);
            }
            return;
        }
        PrometheusServerSpec spec = declared.get().spec();
        rollout.pause(spec.paused());
        takeStanding();
        obstacle = Optional.empty();
        if (spec.paused()) {
            compileOnly();
        } else {
            side.tryAgain();
            compile();
            takeStanding();
            keepAccepted();
            recheck();
            side.plan(desired.isEmpty());
        }
        report(parts.source().state());
    }

    /** Looks from time to time at what nobody tells of. */
    private void recheck() {
        if (desired.isPresent() && recheckDue) {
            side.recheck(desired.get().statefulSet());
            recheckDue = false;
        }
    }

    private Optional<Declared<PrometheusServerSpec>> declared(ClusterState state) {
        return state.inventory().find(server).flatMap(found -> found.as(PrometheusServerSpec.class));
    }

    /** Whether what changed is left for later, when more of it has come. */
    private boolean isGathering(Inventory newest) {
        Instant now = parts.timer().instant();
        if (!newest.equals(heard)) {
            heard = newest;
            gathering.heard(now);
        }
        Instant due = gathering.due(isUnderWay(rollout.status()));
        if (now.isBefore(due)) {
            gatherUntil = due;
            return true;
        }
        gathering.taken(now);
        return false;
    }

    /**
     * Makes sure that Narthex can come in, where the newest version of the server or the one that runs asks who comes; returns
     * whether it can.
     */
    private boolean introduce() {
        boolean asks = Stream.concat(
                        declared(parts.source().state()).stream(),
                        rollout.taken(server).flatMap(version -> version.as(PrometheusServerSpec.class)).stream())
                .anyMatch(version -> version.spec().asksWho());
        return !asks || side.provideIdentity();
    }

    private Optional<Identity> admitted(PrometheusServerSpec spec) {
        return spec.asksWho() ? identity.find() : Optional.empty();
    }

    private CompileOptions options(PrometheusServerSpec spec) {
        CompileOptions open = CompileOptions.inContainers(Platform.KUBERNETES, spec, DeploymentFactory.LAYOUT);
        return admitted(spec).map(Identity::known).map(open::withOperator).orElse(open);
    }

    /** The server's own: what somebody else made by its name says nothing of it. */
    private Optional<StatefulSet> statefulSet() {
        return parts.managed().statefulSet(ObjectNames.of(server)).filter(set -> DeploymentFactory.isOwned(set, uid));
    }

    private Optional<String> statefulSetUid() {
        return statefulSet().map(set -> set.getMetadata().getUid());
    }

    private void restore() {
        if (!restored) {
            List<Declared<?>> versions = held.read(view.of(parts.source().state()));
            view.recall(versions);
            rollout.restore(versions);
            rollout.restore(statefulSet()
                    .flatMap(accepted::read)
                    .<List<Declared<?>>>map(List::of)
                    .orElse(List.of()));
            restored = true;
        }
    }

    /** Has what the server goes on with outlive the operator. */
    private void keepAccepted() {
        rollout.taken(server)
                .flatMap(version -> version.as(PrometheusServerSpec.class))
                .ifPresent(version -> statefulSet()
                        .ifPresent(set ->
                                writes.submitQuietly("the version that runs", () -> accepted.keep(version, set))));
    }

    /** Of a server that is left as it is, so that of what it would take can be said whether it is right. */
    private void compileOnly() throws InterruptedException {
        restore();
        Inventory newest = view.of(parts.source().state());
        if (rollout.isSettled(newest) || idle.equals(newest)) {
            return;
        }
        Optional<SteadyCompiler.Step> next = step();
        if (next.isPresent()) {
            rollout.adopt(next.get());
            idle = newest;
        }
    }

    private void compile() throws InterruptedException {
        restore();
        idle = Inventory.EMPTY;
        Inventory newest = view.of(parts.source().state());
        if (rollout.isSettled(newest) && !isToBeJudgedAnew()) {
            keepUnreadable();
            return;
        }
        if (!rollout.isStale() && isGathering(newest)) {
            return;
        }
        if (rollout.isOwnJobsMissed()) {
            rollout.restoreOwnJobs(() -> driver.lastGood(Bundle.ADDITIONAL_JOBS));
        }
        if (!introduce()) {
            // Without it nothing of what Prometheus says could be heard. It is asked for again, and in the end made
            // anew.
            obstacle = identity.obstacle();
            return;
        }
        Optional<SteadyCompiler.Step> step = step();
        if (step.isPresent() && rollout.isCredentialMissed()) {
            rollout.restoreCredentials(driver::lastGood);
            step = step();
        }
        if (step.isPresent() && !isAccountReady(step.get())) {
            step = step();
        }
        if (step.isPresent()) {
            carryOut(step.get());
        }
    }

    /**
     * Whether the account exists, with its rights, as which pods are to run from now on: without it, no pod would follow the
     * one that is taken away.
     */
    private boolean isAccountReady(SteadyCompiler.Step step) throws InterruptedException {
        Optional<String> now =
                statefulSet().map(set -> set.getSpec().getTemplate().getSpec().getServiceAccountName());
        Optional<String> account =
                step.server().map(version -> DeploymentFactory.serviceAccount(ObjectNames.of(server), version.spec()));
        if (now.isEmpty() || now.equals(account)) {
            return true;
        }
        Optional<Deployment> next = deployment(step);
        return next.isEmpty() || side.prepare(account.orElseThrow(), next.get().accountObjects());
    }

    /**
     * Where somebody deletes a StatefulSet, its storage may become another; where it is time, it is tried again to have an
     * account.
     */
    private boolean isToBeJudgedAnew() {
        return !(judgedBy.equals(statefulSetUid()) && judgedWith.equals(side.unready()));
    }

    /** Compiles the newest inventory with its credentials; empty where they aren't known, or the server is gone. */
    private Optional<SteadyCompiler.Step> step() throws InterruptedException {
        SteadyCompiler.Step next = null;
        for (int lookup = 0; lookup < LOOKUPS; lookup++) {
            Inventory inventory = view.of(parts.source().state());
            if (inventory.find(server).isEmpty()) {
                return Optional.empty();
            }
            judgedBy = statefulSetUid();
            judgedWith = side.unready();
            next = rollout.compile(inventory, this::options, check);
            Optional<String> problem = parts.credentials().ask(server, wanted(next));
            if (problem.isPresent()) {
                // Without knowing all credentials nothing is changed: what is missing would be left out.
                obstacle = problem;
                remake();
                retry();
                return Optional.empty();
            }
            if (view.of(parts.source().state()).equals(inventory)) {
                break;
            }
        }
        return Optional.ofNullable(next);
    }

    private void carryOut(SteadyCompiler.Step next) throws InterruptedException {
        rollout.adopt(next);
        keepHeld(next);
        Optional<Deployment> made = deployment(next);
        if (made.isEmpty()) {
            desired.ifPresent(this::desire);
            rollout.settle();
            return;
        }
        Deployment deployment = made.get();
        account.desire(next.server().orElseThrow().spec());
        boolean same = desired.filter(before -> isSame(before, deployment)).isPresent();
        if (!same) {
            // No StatefulSet is made before what its pods need is there.
            if (!side.write(deployment.objects())
                    && desired.isEmpty()
                    && statefulSet().isEmpty()) {
                obstacle = side.obstacle();
                return;
            }
            LOG.info(
                    "{}: generation {} is to run, {} jobs",
                    server,
                    deployment.bundle().generation(),
                    deployment.bundle().jobs().size());
            boolean others = desired.filter(before -> before.statefulSet().equals(deployment.statefulSet()))
                    .isEmpty();
            recheckDue |= others;
            desired = Optional.of(deployment);
            desiredBy = next.server().orElseThrow();
        }
        if (!same || !judgedBy.equals(desiredBeside)) {
            desire(deployment);
        }
        if (rollout.settle()) {
            retry();
        }
    }

    /**
     * Has a StatefulSet that somebody deleted be made anew as it was desired last, where it can't be said now what it is to
     * be.
     */
    private void remake() {
        if (!judgedBy.equals(desiredBeside)) {
            desired.ifPresent(this::desire);
        }
    }

    private void desire(Deployment deployment) {
        Optional<String> beside = judgedBy;
        desiredBeside = beside;
        rollout.desire(deployment.release(), () -> driver.desire(deployment, beside));
    }

    /** What becomes unreadable leaves the inventory as it was, so that nothing is compiled. */
    @SuppressWarnings("ReferenceEquality") // Versions of a map that share everything are one instance.
    private void keepUnreadable() {
        Optional<SteadyCompiler.Step> step = rollout.step();
        if (step.isPresent() && (!isKept || kept != parts.source().state().unreadable())) {
            keepHeld(step.get());
        }
    }

    /**
     * Has what runs though its newest version is refused, or can't even be read, outlive the operator. Where that fails it
     * is tried again with the next look, and nothing waits for it.
     */
    private void keepHeld(SteadyCompiler.Step step) {
        BucketMap<ResourceKey, Diagnostic> unreadable = parts.source().state().unreadable();
        Set<ResourceKey> keys = new HashSet<>(step.held());
        unreadable.keys().filter(step.compilation()::selects).forEach(keys::add);
        // Who may write Secrets could forge what is kept, and a server's version says what runs in its pods: it is kept
        // elsewhere.
        keys.remove(server);
        List<Declared<?>> versions = keys.stream()
                .flatMap(key -> rollout.taken(key).<Declared<?>>map(version -> version).stream())
                .toList();
        writes.submitQuietly("the versions that are held", () -> isKept = held.keep(versions));
        kept = unreadable;
    }

    /**
     * Returns what a step makes of the server. Of a refused version nothing is carried out, neither its configuration nor what
     * else it asks for.
     */
    private Optional<Deployment> deployment(SteadyCompiler.Step step) {
        Optional<Bundle> bundle = step.bundle();
        if (bundle.isEmpty()) {
            return Optional.empty();
        }
        Declared<PrometheusServerSpec> runs = step.server().orElseThrow();
        // A pod that lets in everybody from now on may still ask until it has read that.
        Optional<Identity> comes = admitted(runs.spec()).or(identity::find);
        try {
            return Optional.of(deployment(runs, bundle.get(), access(runs, step, bundle.get(), comes)));
        } catch (PodOverlay.Refused e) {
            throw new IllegalStateException("what is refused was to be held back before", e);
        }
    }

    /** A change of Monitors alone changes none of the server's objects. */
    @SuppressWarnings("ReferenceEquality") // The same instance is the same version of a resource.
    private Deployment deployment(Declared<PrometheusServerSpec> declared, Bundle bundle, ServerAccess access)
            throws PodOverlay.Refused {
        Optional<Deployment> same =
                desiredBy == declared ? desired.flatMap(before -> before.with(bundle, access)) : Optional.empty();
        return same.isPresent() ? same.get() : parts.deployments().make(declared, uid, bundle, access);
    }

    private static boolean isSame(Deployment before, Deployment now) {
        return before.release().equals(now.release())
                && before.statefulSet().equals(now.statefulSet())
                && before.objects().equals(now.objects())
                && before.access().equals(now.access());
    }

    private static BucketMap<SecretId, Integer> wanted(SteadyCompiler.Step step) {
        BucketMap<SecretId, Integer> wanted = step.written().wantedCredentials();
        if (step.held().isEmpty()) {
            return wanted;
        }
        // What is refused runs on with the credentials of its earlier version.
        BucketMap<SecretId, Integer> all = wanted;
        for (SecretId id : step.compilation().wantedCredentials().keys().toList()) {
            if (all.get(id).isEmpty()) {
                all = all.with(id, 1);
            }
        }
        return all;
    }

    private static ServerAccess access(
            Declared<PrometheusServerSpec> declared,
            SteadyCompiler.Step step,
            Bundle bundle,
            Optional<Identity> admitted) {
        return new ServerAccess(
                certificate(declared, bundle, step.inventory()),
                admitted.map(Identity::credentials).orElse(Credentials.none()),
                admitted.map(Identity::clientCertificate));
    }

    private static Optional<String> certificate(
            Declared<PrometheusServerSpec> declared, Bundle bundle, Inventory inventory) {
        if (!bundle.address().tls()
                || declared.spec().web() == null
                || declared.spec().web().tls() == null) {
            return Optional.empty();
        }
        CertificateSource source = declared.spec().web().tls().cert();
        String namespace = declared.key().namespace();
        Optional<SecretId> id = source == null
                ? Optional.empty()
                : source.secretRef() != null
                        ? Optional.of(new SecretId(
                                namespace,
                                source.secretRef().name(),
                                source.secretRef().key()))
                        : source.configMapRef() != null
                                ? Optional.of(SecretId.ofConfigMap(
                                        namespace,
                                        source.configMapRef().name(),
                                        source.configMapRef().key()))
                                : Optional.empty();
        return id.flatMap(inventory::secret)
                .map(SecretValue::reveal)
                .map(bytes -> new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
    }

    private void takeStanding() {
        rollout.look().ifPresent(taken -> {
            hasTaken = true;
            release.changed(parts.timer().instant());
            passingSince = Optional.empty();
            poll.rules(
                    taken.compilation().ruleSets() > 0,
                    taken.changed().stream().anyMatch(key -> key.kind().equals(ApiKinds.RULE_SET)));
            poll.alertmanagers(taken.server()
                    .filter(version -> !version.spec().alertmanagers().isEmpty())
                    .isPresent());
            poll.soon(taken.changed().stream()
                    .flatMap(key -> taken.compilation().jobs(key).stream())
                    .collect(Collectors.toMap(JobEntry::name, JobEntry::interval, (one, same) -> one)));
        });
    }

    // What is told.

    private void report(ClusterState state) {
        Optional<StoredObject> object = state.objects().get(server);
        if (object.isEmpty()) {
            return;
        }
        Status status = rollout.status();
        Optional<Declared<PrometheusServerSpec>> declared = declared(state);
        List<Diagnostic> own = new ArrayList<>();
        state.unreadable().get(server).ifPresent(own::add);
        SteadyCompiler.@Nullable Step now = rollout.step().orElse(null);
        boolean passing = isPassing(status);
        silent = passing;
        if (isFindingOut(object.get(), status) || (passing && !hasTaken)) {
            retry();
            return;
        }
        hasTaken = false;
        if (now != null) {
            own.addAll(now.written().diagnostics(server));
            own.addAll(now.refusals());
            own.addAll(unread(server, now, state.unread()));
            rollout.blames().stream()
                    .filter(blame -> blame.resource().equals(Optional.of(server)))
                    .forEach(own::add);
        }
        Optional<Deployment> deployment = desired;
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
                                status,
                                obstacle,
                                side.lacking(),
                                side.storage().problem(),
                                side.storage().growing(),
                                driver.problems(),
                                declared.map(found -> found.spec().replicas()).orElse(0),
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
            reportResources(state, now, status, passing);
        }
        if (passing) {
            retry();
        }
    }

    private static boolean isPaused(Optional<Declared<PrometheusServerSpec>> declared) {
        return declared.filter(found -> found.spec().paused()).isPresent();
    }

    /** Returns why nothing new reaches Prometheus at all; empty where it does. */
    private Optional<Finding> standstill(Optional<Declared<PrometheusServerSpec>> declared, SteadyCompiler.Step now) {
        if (isPaused(declared)) {
            return Optional.of(new Finding(
                    ConditionType.LOADED,
                    ConditionStatus.UNKNOWN,
                    ConditionReason.PAUSED,
                    "spec.paused of the server is set: nothing is changed or verified"));
        }
        if (obstacle.isPresent()) {
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
                desired.isEmpty() && statefulSet().isPresent()
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
    private boolean isFindingOut(StoredObject object, Status status) {
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
                || obstacle.isPresent();
        return !foundOut;
    }

    /** Whether the rollout is one that takes a moment, without a start. */
    private static boolean isUnderWay(Status status) {
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
    private boolean isPassing(Status status) {
        boolean passing = isUnderWay(status) || gatherUntil.isBefore(Instant.MAX);
        if (!passing || obstacle.isPresent() || !rollout.wasVerified()) {
            passingSince = Optional.empty();
            return false;
        }
        Instant now = parts.timer().instant();
        Instant since = passingSince.orElse(now);
        passingSince = Optional.of(since);
        int many = rollout.step().map(step -> step.changed().size()).orElse(0);
        return now.isBefore(since.plus(RETRY).plus(TELLING.multipliedBy(many)));
    }

    private static int errors(List<Diagnostic> diagnostics) {
        return (int) diagnostics.stream()
                .filter(diagnostic -> diagnostic.severity() == Severity.ERROR)
                .count();
    }

    /** Looks at those resources only of which there may be something new to say. */
    @SuppressWarnings("ReferenceEquality") // Versions of a map that share everything are one instance.
    private void reportResources(ClusterState state, SteadyCompiler.Step now, Status status, boolean passing) {
        Inventory inventory = view.of(state);
        Set<ResourceKey> keys = new HashSet<>(unsettled);
        if (reportedStep != now) {
            reportedStep = now;
            keys.addAll(now.changed());
            keys.addAll(now.held());
        }
        boolean all = !reported.visibleNamespaces().equals(inventory.visibleNamespaces())
                || !reported.find(server).equals(inventory.find(server));
        inventory
                .resources()
                .differences(all ? BucketMap.empty() : reported.resources(), (key, before, after) -> keys.add(key));
        if (all) {
            keys.addAll(told);
        } else {
            keys.addAll(inventory.inNamespacesOtherThan(reported));
        }
        if (reported.secrets() != inventory.secrets() || reportedUnread != state.unread()) {
            told.stream()
                    .filter(key -> !now.written().wantedCredentials(key).isEmpty())
                    .forEach(keys::add);
        }
        Optional<TargetPoll.Seen> seen = poll.seen();
        if (counts.isPresent() != seen.isPresent()) {
            keys.addAll(told);
        }
        if (!seen.map(TargetPoll.Seen::rules).equals(counts.map(TargetPoll.Seen::rules))) {
            told.stream().filter(key -> key.kind().equals(ApiKinds.RULE_SET)).forEach(keys::add);
        }
        if (counts.isPresent() && seen.isPresent()) {
            seen.get()
                    .jobs()
                    .differences(
                            counts.get().jobs(),
                            (job, before, after) -> now.compilation()
                                    .bundle()
                                    .flatMap(bundle -> bundle.jobs().find(job))
                                    .map(JobEntry::resource)
                                    .ifPresent(keys::add));
        }
        state.objects().differences(reportedObjects, (key, before, after) -> {
            if (before != null && after != null && before.generation() != after.generation()) {
                keys.add(key);
            }
        });
        reportedObjects = state.objects();
        state.unreadable().differences(reportedUnreadable, (key, before, after) -> keys.add(key));
        counts = seen;
        reported = inventory;
        reportedUnreadable = state.unreadable();
        reportedUnread = state.unread();
        Map<ResourceKey, List<Diagnostic>> blames = new HashMap<>();
        rollout.blames()
                .forEach(blame -> blame.resource()
                        .ifPresent(key -> blames.computeIfAbsent(key, k -> new ArrayList<>())
                                .add(blame)));
        state.unreadable().forEach((key, why) -> blames.put(key, List.of(why)));
        keys.remove(server);
        keys.removeIf(ResourceKey::isServer);
        Optional<Finding> standstill = standstill(declared(state), now);
        keys.forEach(key ->
                reportResource(key, now, inventory, status, standstill, passing, blames.getOrDefault(key, List.of())));
        if (!passing) {
            parts.board().spoken(server);
        }
    }

    @SuppressWarnings("ReferenceEquality") // The same instance is the same version of a resource.
    private void reportResource(
            ResourceKey key,
            SteadyCompiler.Step now,
            Inventory inventory,
            Status status,
            Optional<Finding> standstill,
            boolean passing,
            List<Diagnostic> blames) {
        Optional<Declared<?>> declared = inventory.find(key);
        Optional<Declared<?>> taken = rollout.taken(key);
        boolean loaded = declared.isPresent()
                && taken.isPresent()
                && taken.get() == declared.get()
                && reportedUnreadable.get(key).isEmpty();
        if (passing && declared.isPresent() && !loaded) {
            unsettled.add(key);
            return;
        }
        if (declared.isEmpty()
                || !(now.written().selects(key) || now.compilation().selects(key))) {
            unsettled.remove(key);
            if (told.remove(key)) {
                parts.board().withdraw(key, server);
            }
            return;
        }
        if (standstill.filter(why -> why.reason() == ConditionReason.PAUSED).isPresent()
                && !rollout.wasVerified()
                && reportedObjects
                        .get(key)
                        .filter(object -> EarlierStatus.saysLoaded(object, server))
                        .isPresent()) {
            // Since the start nothing was looked at, and nothing changes while it is paused.
            unsettled.remove(key);
            return;
        }
        List<Diagnostic> diagnostics = new ArrayList<>(now.written().diagnostics(key));
        diagnostics.addAll(blames);
        diagnostics.addAll(unread(key, now, reportedUnread));
        List<ResourceReport.Job> jobs = now.compilation().jobs(key).stream()
                .map(job -> new ResourceReport.Job(job.endpoint(), job.name(), counts(job.name())))
                .toList();
        OptionalInt groups = OptionalInt.empty();
        Optional<RuleCounts> rules = Optional.empty();
        if (key.kind().equals(ApiKinds.RULE_SET)) {
            List<RuleGroupEntry> entries = now.compilation().ruleGroups(key);
            groups = OptionalInt.of(entries.size());
            rules = rules(entries);
        }
        told.add(key);
        if (loaded) {
            unsettled.remove(key);
        } else {
            unsettled.add(key);
        }
        parts.board()
                .report(
                        key,
                        new ResourceReport(
                                server,
                                reportedObjects
                                        .get(key)
                                        .map(StoredObject::generation)
                                        .orElse(0L),
                                groups,
                                rules,
                                diagnostics,
                                loaded,
                                taken.isPresent() && !loaded,
                                loaded ? Status.VERIFIED : status,
                                standstill,
                                jobs));
    }

    /** What the API server says in place of credentials that a resource names. */
    private static List<Diagnostic> unread(
            ResourceKey key, SteadyCompiler.Step now, BucketMap<SecretId, String> unread) {
        if (unread.isEmpty()) {
            return List.of();
        }
        List<Diagnostic> found = new ArrayList<>();
        for (SecretId id :
                now.declared().find(key).map(DeclaredJson::credentials).orElse(Set.of())) {
            boolean known = now.declared().secret(id).isPresent();
            unread.get(id)
                    .ifPresent(words -> found.add(new Diagnostic(
                            DiagnosticCode.CREDENTIAL_MISSING,
                            known ? Severity.WARNING : Severity.ERROR,
                            Optional.of(key),
                            FieldPath.ROOT,
                            Optional.empty(),
                            (id.isConfigMap() ? "the ConfigMap " : "the Secret ") + id.namespace() + "/"
                                    + id.objectName() + " can't be read, and counts as "
                                    + (known ? "it was when it last could" : "missing") + "; the API server says: "
                                    + words,
                            "",
                            "delete it and create it anew")));
        }
        found.sort(Diagnostic.ORDER);
        return found;
    }

    /** Those of the groups that the server has loaded; before the first look nothing is known. */
    private Optional<RuleCounts> rules(List<RuleGroupEntry> groups) {
        return counts.map(seen -> groups.stream()
                .flatMap(group ->
                        Optional.ofNullable(seen.rules().get(new TargetPoll.GroupKey(group.file(), group.group())))
                                .stream())
                .reduce(RuleCounts.NONE, RuleCounts::plus));
    }

    /** A job that was looked at and has no target has none; one that is new wasn't looked at yet. */
    private Optional<JobCounts> counts(String job) {
        return counts.flatMap(seen -> poll.isAwaited(job) ? seen.jobs().get(job) : Optional.of(seen.of(job)));
    }

    /** Ends; the server goes on running. */
    @Override
    public void close() {
        bell.close();
        thread.interrupt();
        try {
            // It may be about to ask for credentials.
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writes.close();
        poll.close();
        rollout.close();
        driver.close();
        parts.credentials().forget(server);
    }
}
