package io.narthex.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.DiscoveryService;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.model.SourceMap;
import io.narthex.compiler.swarm.DockerSecret;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.rollout.Culprit;
import io.narthex.testbed.Specs;
import io.narthex.testing.SelfSigned;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A mistake never takes a working job away. */
class SteadyCompilerTest {

    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "default", "main");
    private static final ResourceKey WEB = new ResourceKey("Monitor", "default", "web");
    private static final ResourceKey DB = new ResourceKey("Monitor", "default", "db");
    private static final CompileOptions OPTIONS =
            CompileOptions.local(PrometheusVersion.NEWEST_KNOWN, new Layout("/config", "/data"));

    private final SteadyCompiler steady =
            new SteadyCompiler(Compiler.create(), (texts, trees, about) -> Map.of(), InstantSource.system());

    private static <T> Declared<T> declared(ResourceKey key, Class<T> type, String spec) {
        return new Declared<>(key, Map.of(), Map.of(), Specs.read(spec, type), SourceMap.NONE);
    }

    private static Declared<MonitorSpec> monitor(ResourceKey key, String interval) {
        return declared(
                key,
                MonitorSpec.class,
                "{source: {static: {targets: ['a:1']}}, endpoints: [{interval: 10s, timeout: " + interval + "}]}");
    }

    private static Inventory inventory() {
        return Inventory.EMPTY
                .with(declared(SERVER, PrometheusServerSpec.class, "{}"))
                .with(monitor(WEB, "5s"))
                .with(monitor(DB, "5s"));
    }

    private SteadyCompiler.Step take(Inventory inventory) {
        return steady.take(inventory, SERVER, OPTIONS, Optional.empty());
    }

    private static int jobs(SteadyCompiler.Step step) {
        return step.compilation().bundle().orElseThrow().jobs().size();
    }

    @Test
    void whatIsRefusedGoesOnAsPrometheusLastTookIt() {
        SteadyCompiler.Step first = take(inventory());
        steady.loaded(first);

        SteadyCompiler.Step second = take(inventory().with(monitor(WEB, "60s")));

        assertThat(second.held()).containsExactly(WEB);
        assertThat(jobs(second)).isEqualTo(2);
        assertThat(second.compilation().bundle().orElseThrow().generation())
                .isEqualTo(first.compilation().bundle().orElseThrow().generation());
        assertThat(second.written().diagnostics(WEB)).isNotEmpty();
    }

    /** Somebody's mistake in the server, and everybody's Monitors go on. */
    @Test
    void ofAServerThatThePlatformRefusesTheVersionBeforeGoesOnWithTheNewestMonitors() {
        PlatformCheck check = (server, bundle) -> server.spec().paused() ? List.of(refusal("not here")) : List.of();
        Inventory refused = inventory()
                .with(declared(SERVER, PrometheusServerSpec.class, "{paused: true, scrapeInterval: 7s}"))
                .with(monitor(new ResourceKey("Monitor", "default", "new"), "5s"));
        SteadyCompiler.Step never = steady.take(refused, SERVER, spec -> OPTIONS, Optional.empty(), check);
        assertThat(never.refusals()).hasSize(1);
        assertThat(never.bundle()).as("nothing of it ran before").isEmpty();

        SteadyCompiler.Step first = steady.take(inventory(), SERVER, spec -> OPTIONS, Optional.empty(), check);
        assertThat(first.bundle()).isPresent();
        steady.loaded(first);
        SteadyCompiler.Step step = steady.take(refused, SERVER, spec -> OPTIONS, Optional.empty(), check);
        assertThat(step.held()).contains(SERVER);
        assertThat(step.server().orElseThrow().spec().scrapeInterval()).isNull();
        assertThat(step.bundle().orElseThrow().jobs().size()).isEqualTo(jobs(first) + 1);
    }

    /** Such as a storage that the StatefulSet, which somebody made anew, no longer has. */
    @Test
    void aVersionBeforeThatThePlatformRefusesByNowIsNotCarriedOutEither() {
        PlatformCheck none = (server, bundle) -> List.of();
        steady.loaded(steady.take(inventory(), SERVER, spec -> OPTIONS, Optional.empty(), none));
        PlatformCheck all = (server, bundle) ->
                List.of(refusal(server.spec().scrapeInterval() == null ? "the first" : "the second"));
        Inventory second = inventory().with(declared(SERVER, PrometheusServerSpec.class, "{scrapeInterval: 7s}"));

        SteadyCompiler.Step step = steady.take(second, SERVER, spec -> OPTIONS, Optional.empty(), all);
        assertThat(step.bundle()).isEmpty();
        assertThat(step.refusals())
                .extracting(Diagnostic::message)
                .containsExactly("the second", "nor can the version before be carried out: the first");

        SteadyCompiler.Step mended = steady.take(second, SERVER, spec -> OPTIONS, Optional.empty(), none);
        assertThat(mended.bundle()).isPresent();
        assertThat(mended.refusals()).isEmpty();
    }

    /** As for an operator that was started anew, which knows the version from what was kept. */
    @Test
    void aKeptVersionOfAServerThatIsRefusedGoesOn() {
        PlatformCheck check =
                (server, bundle) -> server.spec().scrapeInterval() == null ? List.of() : List.of(refusal("not here"));
        steady.restore(List.of(declared(SERVER, PrometheusServerSpec.class, "{}")));
        Inventory refused = inventory().with(declared(SERVER, PrometheusServerSpec.class, "{scrapeInterval: 7s}"));

        SteadyCompiler.Step step = steady.take(refused, SERVER, spec -> OPTIONS, Optional.empty(), check);
        assertThat(step.serverChanged()).isFalse();
        assertThat(step.bundle().orElseThrow().jobs().size()).isEqualTo(2);
        assertThat(step.server().orElseThrow().spec().scrapeInterval()).isNull();

        // One that says the same as the newest is no other.
        steady.restore(List.of(declared(SERVER, PrometheusServerSpec.class, "{scrapeInterval: 7s}")));
        assertThat(steady.take(refused, SERVER, spec -> OPTIONS, Optional.empty(), check)
                        .bundle())
                .isEmpty();
    }

    private static Diagnostic refusal(String message) {
        return new Diagnostic(
                DiagnosticCode.SETTING_NOT_SERVED,
                Severity.ERROR,
                Optional.of(SERVER),
                FieldPath.of("spec"),
                Optional.empty(),
                message,
                "",
                "leave it out");
    }

    private static Declared<PrometheusServerSpec> server(String spec) {
        return declared(SERVER, PrometheusServerSpec.class, spec);
    }

    /** The author of the server is to allow that; the authors of Monitors have nothing to do with it. */
    @Test
    void whileARetentionMayNotShrinkEverythingElseGoesOn() {
        Inventory shrunk = inventory()
                .with(server("{retention: {time: 5d}}"))
                .with(monitor(new ResourceKey("Monitor", "default", "new"), "5s"));
        steady.loaded(take(inventory().with(server("{retention: {time: 10d}}"))));

        SteadyCompiler.Step step = take(shrunk);
        assertThat(step.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.code()).isEqualTo(DiagnosticCode.DATA_LOSS_REFUSED);
            assertThat(refusal.message()).contains("10d -> 5d");
        });
        assertThat(step.held()).containsExactly(SERVER);
        assertThat(step.bundle().orElseThrow().retention().time()).hasValue(Duration.ofDays(10));
        assertThat(jobs(step)).isEqualTo(3);
        steady.loaded(step);
        assertThat(take(shrunk).refusals())
                .as("for as long as it isn't allowed")
                .hasSize(1);

        SteadyCompiler.Step allowed = take(shrunk.with(server("{retention: {time: 5d, allowDataLoss: true}}")));
        assertThat(allowed.refusals()).isEmpty();
        assertThat(allowed.held()).isEmpty();
        assertThat(allowed.bundle().orElseThrow().retention().time()).hasValue(Duration.ofDays(5));
    }

    @Test
    void whatRanBeforeTheStartSaysWhatARetentionWas() {
        steady.restore(List.of(server("{retention: {time: 10d}}")));
        assertThat(take(inventory().with(server("{retention: {time: 5d}}"))).refusals())
                .hasSize(1);
        assertThat(take(inventory().with(server("{retention: {time: 11d}}"))).refusals())
                .isEmpty();
    }

    @Test
    void whatNeverRanIsLeftOut() {
        SteadyCompiler.Step step = take(inventory().with(monitor(WEB, "60s")));

        assertThat(step.held()).containsExactly(WEB);
        assertThat(jobs(step)).isEqualTo(1);
        assertThat(step.monitors()).isEqualTo(1);
    }

    /** As for an operator that was started anew. */
    @Test
    void whatWasTakenBeforeIsFallenBackToWhereTheNewestIsRefused() {
        int all = jobs(take(inventory()));
        steady.restore(List.of(monitor(WEB, "4s"), monitor(new ResourceKey("Monitor", "default", "gone"), "4s")));

        SteadyCompiler.Step step = take(inventory().with(monitor(WEB, "60s")));
        assertThat(step.held()).containsExactly(WEB);
        assertThat(jobs(step)).isEqualTo(all);
        assertThat(step.inventory().find(WEB).orElseThrow().spec())
                .isEqualTo(monitor(WEB, "4s").spec());
        assertThat(take(inventory()).inventory().find(WEB).orElseThrow().spec())
                .as("one that isn't refused")
                .isEqualTo(monitor(WEB, "5s").spec());
    }

    @Test
    void onlyWhatPrometheusHasntTakenIsChanged() {
        SteadyCompiler.Step first = take(inventory());
        assertThat(first.changed()).containsExactlyInAnyOrder(WEB, DB);
        steady.loaded(first);

        assertThat(take(first.inventory()).changed()).isEmpty();
        assertThat(take(first.inventory().with(monitor(DB, "6s"))).changed()).containsExactly(DB);
    }

    @Test
    void whomPrometheusBlamesIsLeftOutUntilItChanges() {
        Inventory before = inventory();
        steady.loaded(take(before));
        Inventory after = before.with(monitor(DB, "6s"));
        SteadyCompiler.Step step = take(after);

        assertThat(steady.blame(step, List.of(new Culprit(DB, "no")))).isTrue();
        assertThat(steady.blame(step, List.of(new Culprit(DB, "no")))).isFalse();

        assertThat(take(after).held()).containsExactly(DB);
        assertThat(steady.blames())
                .singleElement()
                .satisfies(blame -> assertThat(blame.message()).contains("no"));
        assertThat(take(after.with(monitor(DB, "7s"))).held()).isEmpty();
        assertThat(steady.blames()).isEmpty();
    }

    @Test
    void ofAServerThatCanNotBeReadNothingRuns() {
        assertThat(take(Inventory.EMPTY.with(monitor(WEB, "5s"))).bundle()).isEmpty();
    }

    /** Prometheus says only that it can't apply the configuration. */
    @Test
    void jobsThatAServersAuthorWroteAreHeldBackByThemselves() {
        SecretId id = new SecretId(SERVER.namespace(), "own", "jobs");
        Inventory own = inventory()
                .with(declared(
                        SERVER,
                        PrometheusServerSpec.class,
                        "{additionalScrapeConfigs: {secretRef: {name: own, key: jobs}}}"));
        SteadyCompiler.Step first = take(own.with(id, SecretValue.of("[{job_name: mine}]")));
        steady.loaded(first);
        SecretValue wrong = SecretValue.of("[{job_name: mine, nonsense: true}]");
        SteadyCompiler.Step second = take(own.with(id, wrong));
        assertThat(second.changed()).isEmpty();
        List<Culprit> culprits = second.culprits("it can't be applied");
        assertThat(culprits).extracting(Culprit::resource).containsExactly(SERVER);
        assertThat(steady.blame(second, culprits)).isTrue();

        SteadyCompiler.Step third = take(own.with(id, wrong).with(monitor(WEB, "6s")));

        assertThat(third.changed()).containsExactly(WEB);
        assertThat(third.serverChanged()).isFalse();
        assertThat(third.compilation().bundle().orElseThrow().credentials())
                .isEqualTo(first.compilation().bundle().orElseThrow().credentials());
        assertThat(steady.blames())
                .extracting(diagnostic -> diagnostic.field().toString())
                .containsExactly("spec.additionalScrapeConfigs");
        assertThat(take(own.with(id, SecretValue.of("[{job_name: yours}]"))).serverChanged())
                .as("mended")
                .isTrue();
        assertThat(steady.blames()).isEmpty();
    }

    private static final SecretId OWN_KEY = new SecretId("default", "rw", "key");

    private final Inventory writing = inventory()
            .with(declared(
                    SERVER,
                    PrometheusServerSpec.class,
                    "{remoteWrite: [{url: 'http://a/', auth: {basic: {username: u, password: {secretRef:"
                            + " {name: rw, key: key}}}}}]}"));

    /** Begins a certificate, which Prometheus reads when it loads its configuration. */
    private static final String PEM = "-----BEGIN CERTIFICATE-----";

    private Inventory writing(String secret) {
        return writing.with(OWN_KEY, SecretValue.of(PEM + secret));
    }

    private static Optional<SecretValue> own(SteadyCompiler.Step step) {
        return step.inventory()
                .secret(OWN_KEY)
                .map(value -> SecretValue.of(new String(value.reveal(), UTF_8).replace(PEM, "")));
    }

    /** Prometheus reads it when it sends it, and the one before may be revoked. */
    @Test
    void aPasswordIsNeitherSuspectedNorPutBackForWhatStandsBesideIt() {
        SecretId password = new SecretId("default", "rw", "password");
        Inventory both = inventory().with(declared(SERVER, PrometheusServerSpec.class, """
                                remoteWrite:
                                  - url: http://a/
                                    auth: {basic: {username: u, password: {secretRef: {name: rw, key: key}}}}
                                  - name: b
                                    url: http://b/
                                    auth: {basic: {username: u, password: {secretRef: {name: rw, key: password}}}}
                                """));
        Inventory fit = both.with(OWN_KEY, SecretValue.of(PEM + "fit")).with(password, SecretValue.of("old"));
        Inventory unfit = both.with(OWN_KEY, SecretValue.of(PEM + "unfit")).with(password, SecretValue.of("new"));
        steady.loaded(take(fit));
        steady.loaded(take(unfit));
        SteadyCompiler.Step refused = take(unfit.with(monitor(WEB, "6s")));
        assertThat(steady.search(refused, "no")).isTrue();
        SteadyCompiler.Step without = take(unfit.with(monitor(WEB, "6s")));
        assertThat(own(without)).hasValue(SecretValue.of("fit"));
        assertThat(without.inventory().secret(password)).hasValue(SecretValue.of("new"));
        steady.loaded(without);
        assertThat(steady.blames()).extracting(Diagnostic::resource).containsExactly(Optional.of(SERVER));
        assertThat(take(unfit.with(password, SecretValue.of("newer")).with(monitor(WEB, "6s")))
                        .inventory()
                        .secret(password))
                .hasValue(SecretValue.of("newer"));
    }

    /** Prometheus reads it when it loads its configuration next, which somebody else has changed. */
    @Test
    void whatPrometheusRefusesOfAServersCredentialsIsNobodyElsesFault() {
        steady.loaded(take(writing("fit")));
        SteadyCompiler.Step rotated = take(writing("unfit"));
        assertThat(own(rotated)).hasValue(SecretValue.of("unfit"));
        steady.loaded(rotated);

        Inventory later = writing("unfit").with(monitor(WEB, "6s"));
        SteadyCompiler.Step refused = take(later);
        assertThat(refused.serverChanged())
                .as("the Monitor isn't the only change")
                .isTrue();
        assertThat(steady.search(refused, "it can't be applied")).isTrue();

        SteadyCompiler.Step without = take(later);
        assertThat(own(without)).hasValue(SecretValue.of("fit"));
        assertThat(without.changed()).containsExactly(WEB);
        assertThat(without.serverChanged()).isFalse();
        assertThat(steady.blames()).as("nothing is proved yet").isEmpty();
        steady.loaded(without);
        assertThat(steady.blames()).singleElement().satisfies(blame -> {
            assertThat(blame.resource()).hasValue(SERVER);
            assertThat(blame.message()).contains("credentials", "it can't be applied");
        });

        SteadyCompiler.Step next = take(later.with(monitor(DB, "6s")));
        assertThat(own(next)).as("it goes on").hasValue(SecretValue.of("fit"));
        assertThat(next.changed()).containsExactly(DB);
        assertThat(next.serverChanged()).isFalse();

        assertThat(own(take(writing("mended")))).hasValue(SecretValue.of("mended"));
        assertThat(steady.blames()).isEmpty();
    }

    @Test
    void aServersCredentialsAreAcquittedWhereAMonitorIsRefusedWithoutThem() {
        steady.loaded(take(writing("old")));
        steady.loaded(take(writing("new")));
        Inventory later = writing("new").with(monitor(WEB, "6s"));
        assertThat(steady.search(take(later), "no")).isTrue();
        SteadyCompiler.Step without = take(later);
        List<Culprit> culprits = without.culprits("no");
        assertThat(culprits).extracting(Culprit::resource).containsExactly(WEB);
        assertThat(steady.blame(without, culprits)).isTrue();

        SteadyCompiler.Step next = take(later);
        assertThat(own(next)).hasValue(SecretValue.of("new"));
        assertThat(next.held()).containsExactly(WEB);
        steady.loaded(next);
        assertThat(steady.blames()).extracting(Diagnostic::resource).containsExactly(Optional.of(WEB));
    }

    @Test
    void ofSeveralChangesWithAServersCredentialsThoseAreFoundThatAreRefused() {
        steady.loaded(take(writing("old")));
        steady.loaded(take(writing("new")));
        Inventory later = writing("new").with(monitor(WEB, "6s")).with(monitor(DB, "6s"));
        assertThat(steady.search(take(later), "no")).isTrue();
        assertThat(steady.search(take(later), "no")).as("one of the Monitors").isTrue();
        SteadyCompiler.Step half = take(later);
        assertThat(own(half)).hasValue(SecretValue.of("old"));
        assertThat(half.changed()).hasSize(1);
        steady.loaded(half);
        assertThat(steady.blames()).as("others are refused without them").isEmpty();
        assertThat(own(take(later))).hasValue(SecretValue.of("new"));
    }

    /** Whoever deletes a secret may want nobody to use it any more. */
    @Test
    void aServersCredentialThatIsGoneIsNotBroughtBack() {
        steady.loaded(take(writing("fit")));
        steady.loaded(take(writing("unfit")));
        Inventory later = writing("unfit").with(monitor(WEB, "6s"));
        steady.search(take(later), "no");
        steady.loaded(take(later));
        assertThat(own(take(later.without(OWN_KEY)))).isEmpty();
    }

    @Test
    void aFileOfAServersCredentialsThatPrometheusNamesIsTheServers() {
        steady.loaded(take(writing("fit")));
        SteadyCompiler.Step step = take(writing("unfit").with(monitor(WEB, "6s")));
        String file = step.compilation().serverCredentials().keySet().iterator().next();
        assertThat(step.isOfServer("open /config/" + file + ": no")).isTrue();
        assertThat(step.isOfServer("open /config/other: no")).isFalse();
        assertThat(step.culprits("open /config/" + file + ": no"))
                .extracting(Culprit::resource)
                .containsExactly(SERVER);
        assertThat(steady.blame(step, List.of(new Culprit(SERVER, "open /config/" + file + ": no"))))
                .isTrue();
        assertThat(own(take(writing("unfit").with(monitor(WEB, "6s"))))).hasValue(SecretValue.of("fit"));
        assertThat(steady.blames())
                .singleElement()
                .satisfies(blame -> assertThat(blame.message()).contains("credentials"));
    }

    /** No reload tells of the server's own: its Prometheus would answer nobody any more. */
    @Test
    void aKeyThatDoesNotFitItsCertificateLeavesThePairBefore() {
        SelfSigned before = SelfSigned.make();
        SelfSigned other = SelfSigned.make();
        Inventory secure = inventory()
                .with(
                        declared(
                                SERVER,
                                PrometheusServerSpec.class,
                                "{web: {tls: {cert: {secretRef: {name: rw, key: cert}}, key: {secretRef: {name: rw, key: key}}}}}"));
        SecretId certificate = new SecretId("default", "rw", "cert");
        Inventory fit = secure.with(certificate, SecretValue.of(before.certificate()))
                .with(OWN_KEY, SecretValue.of(before.key()));
        SteadyCompiler.Step first = take(fit);
        Inventory unfit =
                fit.with(certificate, SecretValue.of(other.certificate())).with(monitor(WEB, "6s"));

        // As for an operator that was started anew.
        SteadyCompiler.Step unknown = take(unfit);
        assertThat(unknown.inventory().secret(certificate)).hasValue(SecretValue.of(other.certificate()));
        assertThat(steady.missedCredentials())
                .isEqualTo(unknown.compilation().serverCredentials().keySet());
        steady.restoreCredentials(first.bundle().orElseThrow().credentials());
        assertThat(steady.missedCredentials()).isEmpty();

        SteadyCompiler.Step step = take(unfit);
        assertThat(step.inventory().secret(certificate)).hasValue(SecretValue.of(before.certificate()));
        assertThat(step.changed()).contains(WEB);
        assertThat(step.written().diagnostics(SERVER))
                .extracting(Diagnostic::code)
                .contains(DiagnosticCode.CERTIFICATE_INVALID);
        assertThat(take(unfit.with(OWN_KEY, SecretValue.of(other.key())))
                        .inventory()
                        .secret(certificate))
                .hasValue(SecretValue.of(other.certificate()));
    }

    @Test
    void whomPrometheusBlamesIsTriedAgainWithAnotherCredential() {
        SecretId password = new SecretId("default", "login", "password");
        Inventory wrong = inventory().with(openAndClosed("/metrics")).with(password, SecretValue.of("unfit"));
        SteadyCompiler.Step step = take(wrong);
        steady.blame(step, List.of(new Culprit(WEB, "no")));

        assertThat(take(wrong.with(new SecretId("default", "other", "password"), SecretValue.of("x")))
                        .held())
                .containsExactly(WEB);
        // What can't be read for a moment makes nothing right.
        take(wrong.without(password));
        assertThat(take(wrong).held()).containsExactly(WEB);
        assertThat(take(wrong.with(password, SecretValue.of("fit"))).held()).isEmpty();
        assertThat(steady.blames()).isEmpty();
    }

    /** Docker gives nobody a secret's content: another one of the same name is another secret. */
    @Test
    void onASwarmWhomPrometheusBlamesIsTriedAgainWithAnotherSecret() {
        Inventory wrong = inventory().with(openAndClosed("/metrics")).with(login("old"));
        steady.blame(takeOfSwarm(wrong), List.of(new Culprit(WEB, "no")));

        assertThat(takeOfSwarm(wrong).held()).containsExactly(WEB);
        takeOfSwarm(wrong.withoutDockerSecret("login"));
        assertThat(takeOfSwarm(wrong).held()).containsExactly(WEB);
        assertThat(takeOfSwarm(wrong.with(login("new"))).held()).isEmpty();
    }

    private static DockerSecret login(String id) {
        return new DockerSecret(id, "login", Map.of());
    }

    private static Declared<MonitorSpec> openAndClosed(String path) {
        return declared(
                WEB,
                MonitorSpec.class,
                "{source: {static: {targets: ['a:1']}}, endpoints: [{name: open, path: " + path
                        + "}, {name: closed, auth: {basic: {username: u, password: {secretRef:"
                        + " {name: login, key: password}}}}}]}");
    }

    private static List<String> names(SteadyCompiler.Step step, ResourceKey key) {
        return step.compilation().jobs(key).stream().map(JobEntry::name).toList();
    }

    @Test
    void whatRunsInPartGoesOnWhateverElseChanges() {
        Inventory rest = inventory().with(openAndClosed("/a"));
        steady.loaded(take(rest.with(new SecretId("default", "login", "password"), SecretValue.of("p"))));
        SteadyCompiler.Step part = take(rest);
        assertThat(names(part, WEB)).containsExactly("monitor/default/web/open");
        steady.loaded(part);

        SteadyCompiler.Step other = take(rest.with(monitor(DB, "6s")));
        assertThat(names(other, WEB)).containsExactly("monitor/default/web/open");
        steady.loaded(other);

        SteadyCompiler.Step worse = take(rest.with(openAndClosed("'no path?'")));
        assertThat(names(worse, WEB)).as("falls back to what ran in part").containsExactly("monitor/default/web/open");
    }

    @Test
    void whatNeverRanRunsAsFarAsItIsRight() {
        SteadyCompiler.Step first = take(inventory().with(openAndClosed("/a")));

        assertThat(first.held()).containsExactly(WEB);
        assertThat(names(first, WEB)).containsExactly("monitor/default/web/open");
        assertThat(first.monitors()).isEqualTo(2);
    }

    @Test
    void onlyWhatIsInTheBundleCanBeToBlame() {
        Inventory unselected = inventory()
                .with(monitor(WEB, "60s"))
                .with(monitor(new ResourceKey("Monitor", "elsewhere", "other"), "5s"));

        assertThat(take(unselected).changed()).containsExactly(DB);
    }

    private static SwarmService service(String id, String name, List<SwarmService.Port> ports, String... labelled) {
        Map<String, String> labels = new HashMap<>(Map.of(SwarmService.STACK_LABEL, "shop", "tier", "web"));
        for (int i = 0; i < labelled.length; i += 2) {
            labels.put("prometheus.io/" + labelled[i], labelled[i + 1]);
        }
        return new SwarmService(
                id,
                name,
                labels,
                Map.of(),
                SwarmService.Mode.REPLICATED,
                SwarmService.EndpointMode.VIP,
                List.of(new SwarmService.Attachment("n1", "narthex")),
                ports,
                Optional.empty(),
                "shop/server:1");
    }

    private SteadyCompiler.Step takeOfSwarm(Inventory inventory) {
        return steady.take(
                inventory,
                SERVER,
                CompileOptions.of(Platform.SWARM, PrometheusVersion.NEWEST_KNOWN, new Layout("/config", "/data"))
                        .withDiscovery(new DiscoveryService("http://narthex:9480", SecretValue.of("token"))),
                Optional.empty());
    }

    private static List<String> discovered(SteadyCompiler.Step step) {
        return step.compilation().discovery().pools().stream()
                .flatMap(pool -> pool.endpoints().stream())
                .map(endpoint -> endpoint.service().id() + ":" + endpoint.port())
                .toList();
    }

    @Test
    void aMistakeInALabelDisablesOneEndpointOfTheServiceThatIsThereNow() {
        Inventory server = Inventory.EMPTY.with(declared(SERVER, PrometheusServerSpec.class, "{}"));
        String[] right = {"scrape", "true", "endpoint.app.port", "8000", "endpoint.two.port", "8001"};
        String[] wrong = {"scrape", "true", "endpoint.app.port", "8000", "endpoint.two.port", "99999"};

        SteadyCompiler.Step never = takeOfSwarm(server.with(service("id1", "shop_server", List.of(), wrong)));
        assertThat(discovered(never)).containsExactly("id1:8000");

        steady.loaded(takeOfSwarm(server.with(service("id1", "shop_server", List.of(), right))));
        SteadyCompiler.Step again = takeOfSwarm(server.with(service("id2", "shop_server", List.of(), wrong)));
        assertThat(discovered(again)).containsExactly("id2:8000");
        assertThat(again.written().count(Severity.ERROR)).isPositive();
    }

    @Test
    void aServiceThatAMonitorCantScrapeTakesNoOtherTargetsAway() {
        Inventory some = Inventory.EMPTY
                .with(declared(SERVER, PrometheusServerSpec.class, "{}"))
                .with(declared(WEB, MonitorSpec.class, "{source: {swarm: {selector: {matchLabels: {tier: web}}}}}"))
                .with(service(
                        "a",
                        "shop_a",
                        List.of(new SwarmService.Port(80, Optional.empty(), "tcp", SwarmService.PublishMode.INGRESS))));
        Inventory unclear = some.with(service("c", "shop_c", List.of()));

        SteadyCompiler.Step first = takeOfSwarm(unclear);
        assertThat(first.written().diagnostics(WEB))
                .extracting(Diagnostic::code)
                .contains(DiagnosticCode.SERVICE_PORT_UNCLEAR);
        assertThat(first.held()).isEmpty();
        assertThat(discovered(first)).containsExactly("a:80");
        steady.loaded(first);

        assertThat(discovered(takeOfSwarm(unclear.with(service("d", "shop_d", List.of())))))
                .containsExactly("a:80");
    }

    @Test
    void withoutSomeTheRestStays() {
        SteadyCompiler.Step step = take(inventory());

        assertThat(steady.without(step, java.util.Set.of(WEB), OPTIONS)
                        .orElseThrow()
                        .jobs()
                        .size())
                .isEqualTo(1);
    }
}
