package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.access.Identity;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.api.v1alpha1.CertificateSource;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.ResourceKey;
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
import io.narthex.rollout.kubernetes.Deployment;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.KubernetesPrometheus;
import io.narthex.rollout.kubernetes.NotOurs;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.rollout.kubernetes.PodOverlay;
import io.narthex.rollout.kubernetes.ServerObjects;
import io.narthex.rollout.kubernetes.VolumeClaims;
import io.narthex.source.kubernetes.ClusterState;
import io.narthex.time.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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

    /** What is over by then isn't told of. */
    static final Duration MOMENT = Duration.ofSeconds(3);

    /** Of what is in the way nobody may tell that it is gone, such as a quota that was raised. */
    private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(3), Duration.ofSeconds(30));

    private static final Duration BREATH = Duration.ofMillis(300);
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
    private final ServerReporter reporter;
    private final Thread thread;

    private final Bell bell;

    /** Whether something happened to what it made that may end what is in the way. */
    private volatile boolean touched;

    // Of the reconciler's thread.
    private final Retries retries;
    private Inventory tried = Inventory.EMPTY;
    private Instant reportAt = Instant.MAX;
    private Instant recheckAt;
    private boolean recheckDue;
    private Inventory heard = Inventory.EMPTY;
    private final Gathering gathering = new Gathering();
    private Instant gatherUntil = Instant.MAX;
    private Optional<Deployment> desired = Optional.empty();
    private @Nullable Declared<PrometheusServerSpec> desiredBy;
    private Optional<String> obstacle = Optional.empty();
    private final Complaint complaint = new Complaint(LOG);
    private boolean stumbled;
    private boolean restored;
    private BucketMap<ResourceKey, Diagnostic> kept = BucketMap.empty();
    private volatile boolean isKept = true;
    /** The StatefulSet by which the newest step was judged. */
    private Optional<String> judgedBy = Optional.empty();
    /** That by which what is desired was. */
    private Optional<String> desiredBeside = Optional.empty();

    private Optional<SideObjects.Unready> judgedWith = Optional.empty();

    /** What was compiled last while the server is left as it is. */
    private Inventory idle = Inventory.EMPTY;

    /**
     * Makes one that does nothing before {@link #start}.
     *
     * @param accountsChanged is called when {@link #accounts} become others
     */
    ServerReconciler(ResourceKey server, String uid, OperatorParts parts, Runnable accountsChanged) {
        this.server = server;
        this.uid = uid;
        this.bell = new Bell(parts.timer());
        this.retries = new Retries(PAUSES, parts.timer());
        this.parts = parts;
        this.view = new ServerView(server, parts.settings().consent());
        ObjectNames names = ObjectNames.of(server);
        this.driver = new KubernetesPrometheus(
                parts.client(),
                names,
                DeploymentFactory.owner(server.name(), uid),
                parts.managed(),
                parts.timer(),
                parts.clock(),
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
        this.recheckAt = parts.timer().instant().plus(parts.settings().recheck());
        this.identity = new IdentitySecret(
                parts.client(), names, DeploymentFactory.owner(server.name(), uid), parts.clock(), parts.timer());
        this.held = new HeldVersions(parts.client(), names, DeploymentFactory.owner(server.name(), uid));
        this.accepted = new AcceptedServer(parts.client(), server);
        this.account = new PodAccount(names, this::statefulSet, parts.managed()::pods, accountsChanged);
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
        this.reporter = new ServerReporter(
                server,
                parts,
                rollout,
                driver,
                side,
                poll,
                new ResourceReporter(server, parts, view, rollout, poll),
                this::statefulSet);
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

    /** Returns the service accounts as which its pods run or are to run; empty where none are made so far. From any thread. */
    List<String> accounts() {
        return account.names();
    }

    /** Says why not all bindings of the server in other namespaces are there; empty where they are. From any thread. */
    void bindings(Optional<String> obstacle) {
        if (side.elsewhere(obstacle)) {
            wake();
        }
    }

    /** Has it look at the newest state. From any thread. */
    void wake() {
        bell.ring();
    }

    /** Says that the rollout got on. From any thread. */
    private void moved() {
        if (!reporter.isSilent() || !ServerReporter.isUnderWay(rollout.status())) {
            wake();
        }
    }

    /** Says that a pod or the StatefulSet changed. From any thread. */
    void objectChanged() {
        touched = true;
        account.look();
        rollout.wake();
        wake();
    }

    /** Says that a Secret of the server's namespace changed. From any thread. */
    void secretChanged(String name, String resourceVersion) {
        ObjectNames names = ObjectNames.of(server);
        if (name.equals(names.held())) {
            held.changed(resourceVersion);
            wake();
        } else if (name.startsWith(names.base() + "-") && driver.secretChanged(name, resourceVersion)) {
            rollout.wake();
        }
    }

    /** Says that changes of Secrets may have gone unheard. From any thread. */
    void secretsUnknown() {
        driver.secretsUnknown();
        rollout.wake();
        held.unknown();
        wake();
    }

    private void run() {
        MDC.put(RolloutLoop.MARKER, server.namespace() + "/" + server.name());
        try {
            while (true) {
                bell.await(Collections.min(List.of(retries.at(), reportAt, recheckAt, gatherUntil, side.lookAt())));
                reportAt = Instant.MAX;
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
                retries.begin();
                try {
                    reconcile();
                    stumbled = false;
                } catch (KubernetesClientException e) {
                    stumble(e, now);
                } catch (RuntimeException | StackOverflowError e) {
                    LOG.error("{} can't be reconciled by a bug of Narthex; trying again", server, e);
                    retries.failed();
                }
                complain();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is over in a moment isn't worth a word. */
    private void stumble(KubernetesClientException e, Instant begun) {
        if (!stumbled && parts.timer().instant().isBefore(begun.plus(MOMENT))) {
            stumbled = true;
            retries.failedFor(BREATH);
            return;
        }
        obstacle = Optional.of(ApiServerWords.of(e));
        report(parts.source().state());
        retries.failed();
    }

    private void report(ClusterState state) {
        boolean isLeftOpen = reporter.report(
                state, new ServerReporter.Situation(obstacle, desired, gatherUntil.isBefore(Instant.MAX), held.lost()));
        if (isLeftOpen) {
            reportAt = parts.timer().instant().plus(MOMENT);
        }
    }

    /** Says each obstacle once, however often it is met. */
    private void complain() {
        obstacle.or(side::lacking).ifPresentOrElse(words -> complaint.say(server + ": " + words), complaint::forget);
    }

    /** Notes whether something else than time may have ended what is in the way. */
    private void noteChanges(ClusterState state) {
        Inventory newest = view.of(state);
        if (touched || !newest.equals(tried)) {
            touched = false;
            if (!newest.equals(tried)) {
                side.changed();
            }
            tried = newest;
            retries.changed();
        }
    }

    private void reconcile() throws InterruptedException {
        ClusterState state = parts.source().state();
        noteChanges(state);
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
            bind();
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
        Instant due = gathering.due(ServerReporter.isUnderWay(rollout.status()));
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

    /** Recalls what ran before the operator was started, where that wasn't done yet; returns whether it is done. */
    private boolean restore() {
        if (restored) {
            return true;
        }
        try {
            List<Declared<?>> versions = held.read(view.of(parts.source().state()));
            view.recall(versions);
            rollout.restore(versions);
        } catch (NotOurs e) {
            // Without it what runs of refused resources would be taken away.
            obstacle = Optional.of(String.valueOf(e.getMessage()));
            retries.failed();
            return false;
        }
        rollout.restore(statefulSet()
                .flatMap(accepted::read)
                .<List<Declared<?>>>map(List::of)
                .orElse(List.of()));
        restored = true;
        return true;
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
        if (!restore()) {
            return;
        }
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
        if (!restore()) {
            return;
        }
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
     * one that is taken away. Of a server that has no pods yet, only an account that Narthex doesn't make is looked for: what
     * it makes is written before the StatefulSet anyway.
     */
    private boolean isAccountReady(SteadyCompiler.Step step) throws InterruptedException {
        Optional<String> now =
                statefulSet().map(set -> set.getSpec().getTemplate().getSpec().getServiceAccountName());
        Optional<String> wanted =
                step.server().map(version -> DeploymentFactory.serviceAccount(ObjectNames.of(server), version.spec()));
        if (now.equals(wanted)) {
            return true;
        }
        Optional<Deployment> next = deployment(step);
        if (next.isEmpty() || (now.isEmpty() && next.get().makesAccount())) {
            return true;
        }
        String name = wanted.orElseThrow();
        return side.prepare(name, next.get().boundTo(account.with(name)).accountObjects());
    }

    /**
     * Has the accounts keep their rights as which its pods run, whatever becomes of a restart, and takes them from those as
     * which none runs any more.
     */
    private void bind() throws InterruptedException {
        if (desired.isPresent()) {
            side.write(objects(desired.get()));
        }
    }

    private List<HasMetadata> objects(Deployment deployment) {
        return deployment.boundTo(account.names()).objects();
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
                retries.failed();
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
            if (!side.write(objects(deployment))
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
            retries.failed();
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
        if (step.isPresent()
                && (!isKept || held.isTold() || kept != parts.source().state().unreadable())) {
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
        if (keys.isEmpty() && step.written().count(Severity.ERROR) == 0) {
            held.missNothing();
        }
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
            reporter.taken();
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
