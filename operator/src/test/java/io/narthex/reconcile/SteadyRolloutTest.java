package io.narthex.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.SourceMap;
import io.narthex.rollout.Action;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.Decision;
import io.narthex.rollout.Driver;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Release;
import io.narthex.rollout.RolloutState;
import io.narthex.rollout.Status;
import io.narthex.testbed.Specs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the rollout of a server's release says reaches the compiler: what was taken, what was refused, and of whom. */
class SteadyRolloutTest {

    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "default", "main");
    private static final ResourceKey WEB = new ResourceKey("Monitor", "default", "web");
    private static final ResourceKey DB = new ResourceKey("Monitor", "default", "db");
    private static final CompileOptions OPTIONS =
            CompileOptions.local(PrometheusVersion.NEWEST_KNOWN, new Layout("/config", "/data"));

    /** A server that stands where the test says. */
    private static final class Stage implements Driver {
        private volatile Optional<Release> desired = Optional.empty();
        private volatile Status status = RolloutState.initial().status();
        private volatile Optional<Observed.Found> found = Optional.empty();
        private volatile CountDownLatch mayLook = new CountDownLatch(0);

        @Override
        public Optional<Release> desired() {
            return desired;
        }

        @Override
        public Observed observe(Optional<Observed.Found> answer) throws InterruptedException {
            mayLook.await();
            found = answer;
            return new Observed(Optional.empty(), new TreeMap<>(), Optional.empty(), Optional.empty(), answer);
        }

        @Override
        public void execute(Action action) {
            throw new AssertionError(action);
        }

        @Override
        public Status inWords(Status ignored) {
            return status;
        }
    }

    private final Stage stage = new Stage();
    private final AtomicReference<Optional<String>> complaint = new AtomicReference<>(Optional.empty());
    private final SteadyRollout rollout = new SteadyRollout(
            SERVER, Compiler.create(), stage, Optional::empty, this::decide, true, InstantSource.system(), () -> {});

    private volatile boolean byOutdated;

    private Decision decide(RolloutState state, Optional<Release> desired, Observed observed, Instant now) {
        Optional<String> said = complaint.getAndSet(Optional.empty());
        Action action = said.isPresent()
                ? new Action.FindCulprit(
                        desired.orElseThrow(),
                        new Refusal(desired.orElseThrow().id(), Reason.CONFIG_REFUSED, said.get()),
                        byOutdated)
                : new Action.Wait(Instant.MAX);
        return new Decision(RolloutState.initial(), action);
    }

    @BeforeEach
    void start() {
        rollout.start();
    }

    @AfterEach
    void close() {
        rollout.close();
    }

    private static Declared<MonitorSpec> monitor(ResourceKey key, String timeout) {
        return declared(
                key,
                MonitorSpec.class,
                "{source: {static: {targets: ['a:1']}}, endpoints: [{interval: 10s, timeout: " + timeout + "}]}");
    }

    private static <T> Declared<T> declared(ResourceKey key, Class<T> type, String spec) {
        return new Declared<>(key, Map.of(), Map.of(), Specs.read(spec, type), SourceMap.NONE);
    }

    private static Inventory inventory() {
        return Inventory.EMPTY
                .with(declared(SERVER, PrometheusServerSpec.class, "{}"))
                .with(monitor(WEB, "5s"))
                .with(monitor(DB, "5s"));
    }

    private SteadyCompiler.Step desire(Inventory inventory) {
        SteadyCompiler.Step step = rollout.compile(inventory, spec -> OPTIONS);
        rollout.adopt(step);
        Release release = Release.of(step.compilation().bundle().orElseThrow());
        rollout.desire(release, () -> stage.desired = Optional.of(release));
        rollout.settle();
        return step;
    }

    private void stand(Status.Phase phase, List<Culprit> culprits) {
        stage.status = new Status(phase, Reason.VERIFIED, "", Optional.of("g"), Optional.empty(), culprits);
        rollout.wake();
        await().until(() -> rollout.status().equals(stage.status));
    }

    private void take(Inventory inventory) {
        desire(inventory);
        stand(Status.Phase.READY, List.of());
        await().until(() -> rollout.look().isPresent());
    }

    /** Else a change would pass for done for as long as nobody looked at it. */
    @Test
    void whatWasJustDesiredIsUnderWayUntilItIsLookedAt() {
        take(inventory());
        stage.mayLook = new CountDownLatch(1);

        desire(inventory().with(monitor(WEB, "3s")));

        assertThat(rollout.status().phase()).isEqualTo(Status.Phase.PROGRESSING);
        assertThat(rollout.status().verified()).as("what runs meanwhile").contains("g");
        stage.mayLook.countDown();
        await().until(() -> rollout.status().equals(stage.status));
    }

    /** Its version says for which release of Prometheus, so each version of a server is compiled with its own options. */
    @Test
    void aServerThatFallsBackIsCompiledAsItsEarlierVersionAsks() {
        take(inventory());
        Declared<PrometheusServerSpec> refused = declared(
                SERVER, PrometheusServerSpec.class, "{version: 2.42.0, scrapeTimeout: 2m, scrapeInterval: 1m}");
        List<PrometheusServerSpec> asked = new ArrayList<>();

        SteadyCompiler.Step step = rollout.compile(inventory().with(refused), spec -> {
            asked.add(spec);
            return OPTIONS;
        });

        PrometheusServerSpec earlier =
                declared(SERVER, PrometheusServerSpec.class, "{}").spec();
        assertThat(step.held()).containsExactly(SERVER);
        assertThat(step.server().orElseThrow().spec()).isEqualTo(earlier);
        assertThat(asked).containsExactly(refused.spec(), earlier);
    }

    @Test
    void whatPrometheusTookIsWhatARefusedVersionFallsBackTo() {
        take(inventory());

        SteadyCompiler.Step step = desire(inventory().with(monitor(WEB, "60s")));

        assertThat(step.held()).containsExactly(WEB);
        assertThat(step.compilation().bundle().orElseThrow().jobs().size()).isEqualTo(2);
        assertThat(rollout.wasVerified()).isTrue();
    }

    @Test
    void whatWasTakenIsToldOnce() {
        take(inventory());

        assertThat(rollout.look()).isEmpty();
    }

    /** Between the compiler's work and the rollout's first look at it, the rollout still stands where it stood. */
    @Test
    void aStandingOfTheReleaseBeforeSaysNothingOfThisOne() {
        take(inventory());
        SteadyCompiler.Step next = rollout.compile(inventory().with(monitor(DB, "6s")), spec -> OPTIONS);
        rollout.adopt(next);
        rollout.desire(Release.of(next.compilation().bundle().orElseThrow()), () -> {});
        rollout.settle();

        assertThat(rollout.look()).isEmpty();
    }

    @Test
    void onlyWhatIsSettledNeedsNothing() {
        Inventory inventory = inventory();
        SteadyCompiler.Step step = rollout.compile(inventory, spec -> OPTIONS);
        assertThat(rollout.isSettled(inventory)).isFalse();
        rollout.adopt(step);
        assertThat(rollout.settle()).isFalse();

        assertThat(rollout.isSettled(inventory)).isTrue();
        assertThat(rollout.isSettled(inventory.with(monitor(DB, "6s")))).isFalse();
    }

    @Test
    void whatPrometheusRefusesIsLeftOutOfTheNextStep() {
        take(inventory());
        Inventory after = inventory().with(monitor(DB, "6s"));
        desire(after);
        stand(Status.Phase.ROLLED_BACK, List.of(new Culprit(DB, "no")));
        await().until(() -> {
            rollout.look();
            return !rollout.isSettled(after);
        });

        assertThat(desire(after).held()).containsExactly(DB);
        assertThat(rollout.blames()).hasSize(1);
    }

    private List<Culprit> culprits(String refusal) {
        complaint.set(Optional.of(refusal));
        rollout.wake();
        await().until(() -> complaint.get().isEmpty());
        stage.found = Optional.empty();
        rollout.wake();
        await().until(() -> stage.found.isPresent());
        return stage.found.orElseThrow().culprits();
    }

    @Test
    void ofSeveralChangesTheOneThatPrometheusNamesIsTheCulprit() {
        SteadyCompiler.Step step = desire(inventory());
        String job = step.compilation().jobs(DB).getFirst().name();

        assertThat(culprits("job \"" + job + "\" is bad"))
                .extracting(Culprit::resource)
                .containsExactly(DB);
    }

    /** Such as "/etc/prometheus/config/NAME: yaml: line 3: …", which names no job. */
    @Test
    void ofSeveralChangesTheOneWhoseFilePrometheusNamesIsTheCulprit() {
        SteadyCompiler.Step step = desire(inventory());
        String file = step.compilation().jobs(DB).getFirst().file();
        assertThat(step.compilation().jobs(WEB).getFirst().file()).isNotEqualTo(file);

        assertThat(culprits("\"/etc/config/" + file + "\": yaml: line 3: not so"))
                .extracting(Culprit::resource)
                .containsExactly(DB);
    }

    @Test
    void ofThoseThatShareTheNamedFileNobodyIsBlamed() {
        Inventory many = inventory();
        // More than there are files.
        for (int number = 0; number < 300; number++) {
            many = many.with(monitor(new ResourceKey("Monitor", "default", "m" + number), "5s"));
        }
        SteadyCompiler.Step step = desire(many);
        String file = step.compilation().jobs(DB).getFirst().file();
        assertThat(step.changed().stream()
                        .filter(key ->
                                step.compilation().jobs(key).getFirst().file().equals(file)))
                .hasSizeGreaterThan(1);

        assertThat(culprits("\"/etc/config/" + file + "\": yaml: line 3: not so"))
                .isEmpty();
    }

    @Test
    void ofSeveralChangesNobodyIsBlamedWhereNoneIsNamed() {
        desire(inventory());

        assertThat(culprits("something is bad")).isEmpty();
    }

    @Test
    void whatNobodyIsNamedForIsTriedInParts() {
        take(inventory());
        Inventory after = inventory().with(monitor(DB, "6s")).with(monitor(WEB, "6s"));
        desire(after);
        stand(Status.Phase.ROLLED_BACK, List.of());
        assertThat(culprits("something is bad")).isEmpty();
        await().until(() -> {
            rollout.look();
            return !rollout.isSettled(after);
        });

        SteadyCompiler.Step part = desire(after);
        assertThat(part.changed()).hasSize(1);
        assertThat(part.held()).hasSize(1);
        stand(Status.Phase.READY, List.of());
        await().until(() -> rollout.look().isPresent());

        assertThat(rollout.isSettled(after)).isFalse();
        assertThat(desire(after).changed()).isEqualTo(part.held());
    }

    /** Such as a client certificate of remoteWrite whose key is another's. */
    @Test
    void whereNothingElseChangedTheServerIsToBlame() {
        Inventory before = inventory();
        take(before);
        Inventory after = before.with(declared(SERVER, PrometheusServerSpec.class, "{scrapeInterval: 9s}"));
        desire(after);

        List<Culprit> found = culprits("something is bad");

        assertThat(found).extracting(Culprit::resource).containsExactly(SERVER);
        stand(Status.Phase.ROLLED_BACK, found);
        await().until(() -> {
            rollout.look();
            return !rollout.isSettled(after);
        });
        SteadyCompiler.Step step = desire(after.with(monitor(DB, "6s")));
        assertThat(step.server().orElseThrow().spec().scrapeInterval()).isNull();
        assertThat(step.changed()).containsExactly(DB);
        assertThat(rollout.blames())
                .singleElement()
                .satisfies(blame -> assertThat(blame.resource()).contains(SERVER));
    }

    @Test
    void whatPrometheusDoesNotStartWithIsTheServersWhoeverElseChanged() {
        Inventory before = inventory();
        take(before);
        Inventory after = before.with(monitor(DB, "6s"))
                .with(declared(SERVER, PrometheusServerSpec.class, "{routePrefix: /other}"));
        desire(after);
        stage.status = new Status(
                Status.Phase.ROLLED_BACK,
                Reason.START_FAILED,
                "unknown long flag",
                Optional.of("g"),
                Optional.empty(),
                List.of());
        rollout.wake();
        await().until(() -> {
            rollout.look();
            return !rollout.isSettled(after);
        });

        SteadyCompiler.Step step = desire(after);
        assertThat(step.held()).containsExactly(SERVER);
        assertThat(step.changed()).containsExactly(DB);
        assertThat(rollout.blames())
                .singleElement()
                .satisfies(blame -> assertThat(blame.message()).contains("unknown long flag"));
    }

    @Test
    void ofOneChangeBesideOneOfTheServerThereIsDoubt() {
        take(inventory());
        desire(inventory()
                .with(monitor(DB, "6s"))
                .with(declared(SERVER, PrometheusServerSpec.class, "{scrapeInterval: 9s}")));

        assertThat(culprits("something is bad")).isEmpty();
    }

    // While pods are being replaced, and it doesn't go on.

    private void standWhileARollDoes(Status.Phase phase, List<Culprit> culprits) {
        stage.status = new Status(phase, Reason.STARTING, "p0", Optional.empty(), Optional.empty(), culprits);
        rollout.wake();
        await().until(() -> rollout.status().equals(stage.status));
        assertThat(rollout.look()).as("nobody runs the server's version").isEmpty();
    }

    private List<Culprit> culpritsOfOutdated(String refusal) {
        byOutdated = true;
        List<Culprit> culprits = culprits(refusal);
        standWhileARollDoes(Status.Phase.PROGRESSING, culprits);
        return culprits;
    }

    private static Inventory rolling() {
        return inventory().with(declared(SERVER, PrometheusServerSpec.class, "{scrapeInterval: 9s}"));
    }

    @Test
    void ofWhatPodsLoadedThatAreToBeReplacedNothingIsSuspected() {
        take(inventory());
        Inventory first = rolling().with(monitor(WEB, "6s"));
        desire(first);
        standWhileARollDoes(Status.Phase.PARTIAL, List.of());

        SteadyCompiler.Step step = desire(first.with(monitor(DB, "6s")));

        assertThat(step.changed()).containsExactlyInAnyOrder(WEB, DB);
        assertThat(step.suspects()).containsExactly(DB);
        assertThat(culpritsOfOutdated("something is bad"))
                .extracting(Culprit::resource)
                .containsExactly(DB);
    }

    /** What they lack may be what the next pods bring. */
    @Test
    void theServerIsNotBlamedForWhatPodsRefuseThatAreToBeReplaced() {
        Inventory before = inventory();
        take(before);
        Inventory after = before.with(declared(SERVER, PrometheusServerSpec.class, "{scrapeInterval: 9s}"));
        desire(after);

        assertThat(culpritsOfOutdated("something is bad")).isEmpty();

        assertThat(rollout.isSettled(after)).as("there is nothing to try").isTrue();
    }

    @Test
    void whatPodsRefusedThatWereToBeReplacedIsTriedAgainOnceTheyAre() {
        take(inventory());
        Inventory after = rolling().with(monitor(DB, "6s"));
        String job = desire(after).compilation().jobs(DB).getFirst().name();
        assertThat(culpritsOfOutdated("job \"" + job + "\" is bad"))
                .extracting(Culprit::resource)
                .containsExactly(DB);
        assertThat(rollout.isSettled(after)).isFalse();
        assertThat(desire(after).held()).containsExactly(DB);
        standWhileARollDoes(Status.Phase.PARTIAL, List.of());
        assertThat(rollout.isSettled(after)).as("the roll has to go on first").isTrue();

        stand(Status.Phase.READY, List.of());
        await().until(() -> rollout.look().isPresent());

        assertThat(rollout.isSettled(after)).isFalse();
        SteadyCompiler.Step again = desire(after);
        assertThat(again.held()).isEmpty();
        byOutdated = false;
        refuse(after, culprits("job \"" + job + "\" is bad"));
        assertThat(desire(after).held()).containsExactly(DB);
        stand(Status.Phase.READY, List.of());
        rollout.look();
        assertThat(rollout.isSettled(after)).as("the last word is said").isTrue();
    }

    @Test
    void whatNobodyIsNamedForIsTriedInPartsWhileARollStands() {
        take(inventory());
        Inventory after = rolling().with(monitor(DB, "6s")).with(monitor(WEB, "6s"));
        desire(after);
        assertThat(culpritsOfOutdated("something is bad")).isEmpty();
        assertThat(rollout.isSettled(after)).isFalse();
        assertThat(desire(after).held()).as("the server alone comes first").containsExactlyInAnyOrder(DB, WEB);
        standWhileARollDoes(Status.Phase.PARTIAL, List.of());

        SteadyCompiler.Step half = desire(after);

        assertThat(half.held()).hasSize(1);
        assertThat(culpritsOfOutdated("something is bad"))
                .extracting(Culprit::resource)
                .isEqualTo(List.copyOf(half.suspects()));
    }

    /** Of such a file no other resource makes any part, though one may have changed at the same time. */
    @Test
    void whatTheServersAuthorWroteHimselfKeepsNobodyElseFromPrometheus() {
        SecretId jobs = new SecretId("default", "more", "jobs");
        Inventory before = inventory()
                .with(declared(
                        SERVER,
                        PrometheusServerSpec.class,
                        "{additionalScrapeConfigs: {secretRef: {name: more, key: jobs}}}"))
                .with(jobs, SecretValue.of("[{job_name: more}]"));
        take(before);
        String loaded = additional(desire(before));
        Inventory after = before.with(monitor(DB, "6s")).with(jobs, SecretValue.of("[{job_name: more, x: 1}]"));
        String file = additional(desire(after));
        List<Culprit> culprits = culprits("\"/config/" + file + "\": field x not found");
        assertThat(culprits).extracting(Culprit::resource).containsExactly(SERVER);
        refuse(after, culprits);

        SteadyCompiler.Step next = desire(after);
        assertThat(additional(next)).as("as it was loaded last").isEqualTo(loaded);
        assertThat(next.inventory().find(DB)).isEqualTo(after.find(DB));
        assertThat(rollout.blames())
                .extracting(blame -> blame.field() + " " + blame.message())
                .containsExactly("spec.additionalScrapeConfigs Prometheus refuses these jobs: \"/config/" + file
                        + "\": field x not found");
        stand(Status.Phase.READY, List.of());
        await().until(() -> rollout.look().isPresent());

        Inventory mended = after.with(jobs, SecretValue.of("[{job_name: more, scheme: https}]"));
        assertThat(additional(desire(mended))).isNotEqualTo(loaded);
        assertThat(rollout.blames()).isEmpty();
    }

    /** As for an operator that was started anew: the version stands beside the server, the jobs in what was last good. */
    @Test
    void jobsOfTheServersAuthorAreKnownFromTheFileThatBecameOfThem() throws Exception {
        SecretId jobs = new SecretId("default", "more", "jobs");
        Declared<PrometheusServerSpec> server = declared(
                SERVER, PrometheusServerSpec.class, "{additionalScrapeConfigs: {secretRef: {name: more, key: jobs}}}");
        Inventory before = inventory().with(server).with(jobs, SecretValue.of("""
                - {job_name: more, scrape_interval: 1e1s, params: {a: ['1', 0x1, "true"]}, metrics_path: "/ \u00e9"}
                - job_name: "7"
                """));
        SteadyCompiler.Step first = desire(before);
        String loaded = additional(first);
        Optional<SecretValue> file =
                Optional.ofNullable(first.bundle().orElseThrow().credentials().get(loaded));
        rollout.restore(List.of(server));
        Inventory after = before.with(jobs, SecretValue.of("[{job_name: more, x: 1}]"));
        assertThat(rollout.isOwnJobsMissed()).isFalse();
        refuse(after, culprits("\"" + additional(desire(after)) + "\": field x not found"));
        assertThat(rollout.isOwnJobsMissed()).isTrue();

        rollout.restoreOwnJobs(() -> file);
        assertThat(additional(desire(after))).isEqualTo(loaded);
        assertThat(rollout.isOwnJobsMissed()).isFalse();
    }

    private void refuse(Inventory inventory, List<Culprit> culprits) {
        stand(Status.Phase.ROLLED_BACK, culprits);
        await().until(() -> {
            rollout.look();
            return !rollout.isSettled(inventory);
        });
    }

    private static String additional(SteadyCompiler.Step step) {
        return step.bundle().orElseThrow().credentials().keySet().stream()
                .filter(path -> path.startsWith(Bundle.ADDITIONAL_JOBS))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void ofOneChangeThereIsNoDoubt() {
        Inventory before = inventory();
        take(before);
        desire(before.with(monitor(DB, "6s")));

        assertThat(culprits("something is bad")).extracting(Culprit::resource).containsExactly(DB);
    }
}
