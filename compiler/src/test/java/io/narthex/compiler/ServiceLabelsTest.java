package io.narthex.compiler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.narthex.compiler.discovery.DiscoveryEndpoint;
import io.narthex.compiler.discovery.DiscoveryPool;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.compiler.swarm.SwarmService.PublishMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What labels of a Swarm's services mean: the grammar, which label counts, and what becomes of mistakes. */
class ServiceLabelsTest {

    private static List<DiscoveryEndpoint> shared(Compilation compilation) {
        return compilation.discovery().pool(DiscoveryPool.SHARED).orElseThrow().endpoints();
    }

    private static DiscoveryEndpoint only(Compilation compilation) {
        assertThat(shared(compilation)).hasSize(1);
        return shared(compilation).getFirst();
    }

    private static Diagnostic onlyDiagnostic(Compilation compilation) {
        assertThat(compilation.diagnostics()).hasSize(1);
        return compilation.diagnostics().getFirst();
    }

    @Test
    void twoLabelsMakeAnEndpointWithTheDefaultsOfTheServer() {
        Compilation compilation = Swarms.compile(Swarms.server().own("scrape", "true", "port", "8000"));
        DiscoveryEndpoint endpoint = only(compilation);
        assertThat(endpoint.id()).isEqualTo("swarm/shop/server/metrics");
        assertThat(endpoint.port()).isEqualTo(8000);
        assertThat(endpoint.labels())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "job", "server",
                        "__scheme__", "http",
                        "__metrics_path__", "/metrics",
                        "__scrape_interval__", "1m",
                        "__scrape_timeout__", "10s"));
        assertThat(compilation.diagnostics()).isEmpty();
    }

    @Test
    void everySettingReachesTheTarget() {
        Compilation compilation = Swarms.compile(Swarms.server()
                .network("shop_backend")
                .own("scrape", "true", "port", "8000", "path", "/m", "scheme", "https", "job", "django")
                .own("interval", "5s", "timeout", "3s", "network", "backend", "server", "main")
                .own("param.module", "http_2xx", "label.team", "shop"));
        DiscoveryEndpoint endpoint = only(compilation);
        assertThat(endpoint.network()).contains("shop_backend");
        assertThat(endpoint.labels())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "job", "django",
                        "team", "shop",
                        "__scheme__", "https",
                        "__metrics_path__", "/m",
                        "__scrape_interval__", "5s",
                        "__scrape_timeout__", "3s",
                        "__param_module", "http_2xx"));
        assertThat(compilation.diagnostics()).isEmpty();
    }

    @Test
    void aChangedLabelDoesNotChangeTheConfiguration() {
        Compiler compiler = Compiler.create();
        Inventory before = Swarms.inventory(
                Swarms.server().own("scrape", "true", "port", "8000").build());
        Compilation first = compiler.compile(before, DefaultServer.KEY, Swarms.options("3.16.0"));
        Compilation changed = compiler.compile(
                before.with(Swarms.server()
                        .own("scrape", "true", "port", "9000", "job", "x", "interval", "5s")
                        .build()),
                DefaultServer.KEY,
                Swarms.options("3.16.0"));
        Compilation gone = compiler.compile(Swarms.inventory(), DefaultServer.KEY, Swarms.options("3.16.0"));
        assertThat(changed.bundle().orElseThrow().generation())
                .isEqualTo(first.bundle().orElseThrow().generation())
                .isEqualTo(gone.bundle().orElseThrow().generation());
        assertThat(changed.bundle().orElseThrow().restartKey())
                .isEqualTo(gone.bundle().orElseThrow().restartKey());
        assertThat(only(changed).labels()).containsEntry("job", "x");
        assertThat(shared(gone)).isEmpty();
    }

    @Test
    void anUnchangedServiceIsTheSameInventory() {
        Inventory inventory =
                Swarms.inventory(Swarms.server().own("scrape", "true").build());
        assertThat(inventory.with(Swarms.server().own("scrape", "true").build()))
                .isSameAs(inventory);
        assertThat(inventory.with(Swarms.secret("a", "shop")).with(Swarms.secret("a", "shop")))
                .isNotSameAs(inventory);
        Inventory withSecret = inventory.with(Swarms.secret("a", "shop"));
        assertThat(withSecret.with(Swarms.secret("a", "shop"))).isSameAs(withSecret);
    }

    @ParameterizedTest
    @CsvSource({
        "true, 1, ",
        "TRUE, 1, ",
        "false, 0, ",
        "False, 0, ",
        "1, 1, LABEL_BOOLEAN",
        "yes, 1, LABEL_BOOLEAN",
        "0, 0, LABEL_BOOLEAN",
        "NO, 0, LABEL_BOOLEAN",
        "on, 0, LABEL_VALUE_INVALID",
        "'', 0, LABEL_VALUE_INVALID",
        "'  true ', 1, "
    })
    void booleans(String value, int endpoints, DiagnosticCode code) {
        Compilation compilation =
                Swarms.compile(Swarms.server().own("endpoint.a.scrape", value, "endpoint.a.port", "8000"));
        assertThat(shared(compilation)).hasSize(endpoints);
        assertThat(Swarms.codes(compilation)).isEqualTo(code == null ? List.of() : List.of(code));
    }

    @Test
    void onePairOfQuotesComesOffWithAWarning() {
        Compilation compilation =
                Swarms.compile(Swarms.server().own("scrape", "\"true\"", "port", "'8000'", "label.a", "\""));
        assertThat(only(compilation).port()).isEqualTo(8000);
        assertThat(only(compilation).labels()).containsEntry("a", "\"");
        assertThat(Swarms.codes(compilation)).containsExactly(DiagnosticCode.LABEL_QUOTED, DiagnosticCode.LABEL_QUOTED);
        assertThat(compilation.diagnostics().getFirst().field().toString()).isEqualTo("labels[\"prometheus.io/port\"]");
    }

    @Test
    void labelsOfTheContainerCountWithAWarningOfTheWrongPlace() {
        Compilation compilation = Swarms.compile(
                Swarms.server().container("prometheus.io/scrape", "true").container("prometheus.io/port", "8000"));
        assertThat(only(compilation).port()).isEqualTo(8000);
        Diagnostic diagnostic = onlyDiagnostic(compilation);
        assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.LABEL_ON_CONTAINER);
        assertThat(diagnostic.field().toString()).startsWith("containerLabels[");
        assertThat(diagnostic.remedy()).contains("deploy.labels");
    }

    @Test
    void theServiceGoesBeforeTheContainer() {
        Compilation compilation = Swarms.compile(
                Swarms.server().own("scrape", "true", "port", "8000").container("prometheus.io/port", "9000"));
        assertThat(only(compilation).port()).isEqualTo(8000);
        assertThat(Swarms.codes(compilation))
                .containsExactlyInAnyOrder(DiagnosticCode.LABEL_ON_CONTAINER, DiagnosticCode.LABELS_CONFLICT);
        assertThat(compilation.diagnostics())
                .anySatisfy(
                        one -> assertThat(one.message()).contains("\"8000\"").contains("\"9000\""));
    }

    @Test
    void scrapeFalseOfTheServiceGoesBeforeEverything() {
        Compilation compilation = Swarms.compile(Swarms.server()
                .own("scrape", "false", "endpoint.a.scrape", "true", "endpoint.a.port", "1")
                .container("prometheus.io/scrape", "true")
                .label("io.prometheus.enabled", "true")
                .label("io.prometheus.scrape_port", "80"));
        assertThat(shared(compilation)).isEmpty();
    }

    @Test
    void scrapeFalseOfTheContainerYieldsToAnEndpointsOwnWord() {
        Compilation compilation = Swarms.compile(Swarms.server()
                .own("endpoint.a.scrape", "true", "endpoint.a.port", "1", "endpoint.b.port", "2")
                .container("prometheus.io/scrape", "false"));
        assertThat(shared(compilation)).extracting(DiscoveryEndpoint::id).containsExactly("swarm/shop/server/a");
    }

    @Test
    void endpointsInheritWhatTheyDoNotSayThemselves() {
        Compilation compilation = Swarms.compile(Swarms.server()
                .own("interval", "30s", "path", "/all", "label.team", "shop")
                .own("endpoint.app.port", "8000", "endpoint.app.path", "/app")
                .own("endpoint.jobs.port", "8001", "endpoint.jobs.scrape", "true")
                .own("endpoint.off.port", "8002", "endpoint.off.scrape", "false"));
        assertThat(shared(compilation))
                .extracting(DiscoveryEndpoint::id)
                .containsExactly("swarm/shop/server/app", "swarm/shop/server/jobs");
        assertThat(shared(compilation).get(0).labels())
                .containsEntry("__metrics_path__", "/app")
                .containsEntry("__scrape_interval__", "30s")
                .containsEntry("team", "shop");
        assertThat(shared(compilation).get(1).labels()).containsEntry("__metrics_path__", "/all");
        assertThat(compilation.diagnostics()).isEmpty();
    }

    @Test
    void theBareEndpointStandsBesideNamedOnesOnlyWhereItAsksForIt() {
        assertThat(shared(Swarms.compile(Swarms.server().own("scrape", "true", "port", "1", "endpoint.b.port", "2"))))
                .extracting(DiscoveryEndpoint::port)
                .containsExactly(2, 1);
        assertThat(shared(Swarms.compile(Swarms.server().own("port", "1", "endpoint.b.port", "2"))))
                .extracting(DiscoveryEndpoint::port)
                .containsExactly(2);
    }

    @Test
    void settingsWithoutScrapeAreToldOf() {
        Compilation compilation = Swarms.compile(Swarms.server().own("port", "8000"));
        assertThat(shared(compilation)).isEmpty();
        assertThat(onlyDiagnostic(compilation).code()).isEqualTo(DiagnosticCode.LABELS_WITHOUT_SCRAPE);
    }

    @ParameterizedTest
    @CsvSource({
        "prot, port",
        "Port, port",
        "pathh, path",
        "schema, scheme",
        "netwrok, network",
        "severs, server",
        "basic-auth.usernam, basic-auth.username",
        "tls.ca-secrets, tls.ca-secret",
        "authorisation.secret, authorization.secret"
    })
    void aMisspelledSettingThatMattersDisablesTheEndpoint(String typo, String meant) {
        Compilation compilation =
                Swarms.compile(Swarms.server().own("scrape", "true", typo, "x").expose(8000));
        assertThat(shared(compilation)).isEmpty();
        Diagnostic diagnostic = onlyDiagnostic(compilation);
        assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.LABEL_UNKNOWN);
        assertThat(diagnostic.severity()).isEqualTo(Severity.ERROR);
        assertThat(diagnostic.remedy()).isEqualTo("did you mean prometheus.io/" + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"intervall", "timeouts", "description", "jobs", "labels.team", "endpoint.a", "x"})
    void anyOtherUnknownLabelIsIgnoredWithAWarning(String key) {
        Compilation compilation = Swarms.compile(Swarms.server().own("scrape", "true", "port", "8000", key, "x"));
        assertThat(shared(compilation)).isNotEmpty();
        assertThat(Swarms.codes(compilation)).containsOnly(DiagnosticCode.LABEL_UNKNOWN);
        assertThat(compilation.diagnostics())
                .allSatisfy(one -> assertThat(one.severity()).isEqualTo(Severity.WARNING));
    }

    @Test
    void aTypoInOneEndpointLeavesTheOthers() {
        Compilation compilation = Swarms.compile(
                Swarms.server().own("endpoint.a.port", "1", "endpoint.a.pth", "/x", "endpoint.b.port", "2"));
        assertThat(shared(compilation)).extracting(DiscoveryEndpoint::id).containsExactly("swarm/shop/server/b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Admin", "-a", "a-", "a_b", "123456789012345678901234567890123"})
    void namesOfEndpointsAreChecked(String id) {
        Compilation compilation = Swarms.compile(Swarms.server().own("endpoint." + id + ".port", "1"));
        assertThat(shared(compilation)).isEmpty();
        assertThat(onlyDiagnostic(compilation).severity()).isEqualTo(Severity.ERROR);
    }

    @ParameterizedTest
    @CsvSource({
        "port, 0",
        "port, 65536",
        "port, http",
        "port, 8000/tcp",
        "path, metrics",
        "path, /m?x=1",
        "scheme, HTTPS",
        "scheme, ftp",
        "interval, 999ms",
        "interval, 10",
        "interval, 0s",
        "timeout, abc",
        "param.1x, a",
        "label.__x, a",
        "label.a-b, a",
        "job, ''"
    })
    void aWrongValueDisablesThatEndpointAlone(String key, String value) {
        Compilation compilation = Swarms.compile(
                Swarms.server().own("endpoint.a.port", "1", "endpoint.b.port", "2", "endpoint.a." + key, value));
        assertThat(shared(compilation)).extracting(DiscoveryEndpoint::id).containsExactly("swarm/shop/server/b");
        Diagnostic diagnostic = onlyDiagnostic(compilation);
        assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.LABEL_VALUE_INVALID);
        assertThat(diagnostic.field().toString()).isEqualTo("labels[\"prometheus.io/endpoint.a." + key + "\"]");
        assertThat(diagnostic.resource())
                .contains(Inventory.keyOf(Swarms.server().build()));
    }

    @Test
    void theTimeoutFitsTheInterval() {
        assertThat(only(Swarms.compile(Swarms.server().own("scrape", "true", "port", "1", "interval", "5s")))
                        .labels())
                .containsEntry("__scrape_timeout__", "5s");
        Compilation compilation =
                Swarms.compile(Swarms.server().own("scrape", "true", "port", "1", "interval", "5s", "timeout", "6s"));
        assertThat(shared(compilation)).isEmpty();
        assertThat(onlyDiagnostic(compilation).code()).isEqualTo(DiagnosticCode.TIMEOUT_EXCEEDS_INTERVAL);
    }

    @Test
    void theOnlyPortIsTheDefault() {
        assertThat(only(Swarms.compile(Swarms.server().own("scrape", "true").expose(8000)))
                        .port())
                .isEqualTo(8000);
        assertThat(only(Swarms.compile(Swarms.server()
                                .own("scrape", "true")
                                .publish(8000, PublishMode.INGRESS)
                                .expose(8000)))
                        .port())
                .isEqualTo(8000);
    }

    @Test
    void withoutExactlyOnePortNothingIsGuessed() {
        Compilation none = Swarms.compile(Swarms.server().own("scrape", "true"));
        assertThat(shared(none)).isEmpty();
        assertThat(onlyDiagnostic(none).code()).isEqualTo(DiagnosticCode.LABEL_PORT_UNCLEAR);
        Compilation several =
                Swarms.compile(Swarms.server().own("scrape", "true").expose(443, 80));
        assertThat(shared(several)).isEmpty();
        assertThat(onlyDiagnostic(several).message()).contains("80, 443");
    }

    @ParameterizedTest
    @ValueSource(strings = {"instance", "stack", "service", "task", "node", "job", "region"})
    void whereATargetComesFromIsNotForLabelsToSay(String name) {
        Inventory inventory =
                Yaml.inventory(Yaml.resource("PrometheusServer", "main", "externalLabels:\n  region: eu"));
        Compilation compilation = Swarms.compile(inventory.with(Swarms.server()
                .own("scrape", "true", "port", "1", "label." + name, "x")
                .build()));
        assertThat(shared(compilation)).isEmpty();
        assertThat(onlyDiagnostic(compilation).code()).isEqualTo(DiagnosticCode.LABEL_PROTECTED);
    }

    @Test
    void aNetworkIsOneOfTheServicesOwn() {
        Compilation compilation = Swarms.compile(
                Swarms.server().network("shop_default").own("scrape", "true", "port", "1", "network", "backend"));
        assertThat(shared(compilation)).isEmpty();
        assertThat(onlyDiagnostic(compilation).code()).isEqualTo(DiagnosticCode.LABEL_NETWORK_UNKNOWN);
        assertThat(onlyDiagnostic(compilation).allowed()).isEqualTo("shop_default");
    }

    @Test
    void theServerThatIsNamedTakesTheService() {
        Inventory inventory = Yaml.inventory(Yaml.resource("PrometheusServer", "main", "scrapeInterval: 1m")
                        + Yaml.resource("PrometheusServer", "other", "scrapeInterval: 1m"))
                .with(Swarms.service("shop", "a")
                        .own("scrape", "true", "port", "1", "server", "other", "prot", "x")
                        .build())
                .with(Swarms.service("shop", "b")
                        .own("scrape", "true", "port", "1")
                        .build())
                .with(Swarms.service("shop", "c")
                        .own("scrape", "true", "port", "1", "server", "mian")
                        .build());
        Compilation compilation = Swarms.compile(inventory);
        assertThat(shared(compilation)).extracting(DiscoveryEndpoint::id).containsExactly("swarm/shop/b/metrics");
        assertThat(compilation.diagnostics()).isEmpty();
        assertThat(Compiler.create().unselected(inventory))
                .singleElement()
                .satisfies(one -> assertThat(one.code()).isEqualTo(DiagnosticCode.SERVICE_UNSELECTED))
                .satisfies(one -> assertThat(one.allowed()).isEqualTo("main, other"));
    }

    @Test
    void twoEndpointsOfTheSameTargetCollide() {
        Compilation samePath = Swarms.compile(Swarms.server()
                .own("endpoint.a.port", "1", "endpoint.b.port", "1", "endpoint.c.port", "1")
                .own("endpoint.c.path", "/other"));
        assertThat(shared(samePath)).extracting(DiscoveryEndpoint::id).containsExactly("swarm/shop/server/a");
        assertThat(Swarms.codes(samePath))
                .containsExactly(DiagnosticCode.ENDPOINTS_COLLIDE, DiagnosticCode.ENDPOINTS_COLLIDE);
        assertThat(shared(Swarms.compile(Swarms.server()
                        .own("endpoint.a.port", "1", "endpoint.c.port", "1")
                        .own("endpoint.c.path", "/other", "endpoint.c.job", "other"))))
                .hasSize(2);
    }

    @Test
    void limits() {
        Swarms.Builder endpoints = Swarms.server();
        for (int i = 0; i < 17; i++) {
            endpoints.own("endpoint.e%02d.port".formatted(i), Integer.toString(1000 + i));
        }
        assertThat(shared(Swarms.compile(endpoints))).hasSize(16);
        assertThat(onlyDiagnostic(Swarms.compile(endpoints)).code()).isEqualTo(DiagnosticCode.LABELS_TOO_MANY);

        Swarms.Builder alerts = Swarms.server();
        for (int i = 0; i < 33; i++) {
            alerts.own("alert.A%02d.expr".formatted(i), "up == 0");
        }
        Compilation compiled = Swarms.compile(alerts);
        assertThat(compiled.expressions()).hasSize(32);
        assertThat(onlyDiagnostic(compiled).code()).isEqualTo(DiagnosticCode.LABELS_TOO_MANY);

        Compilation huge =
                Swarms.compile(Swarms.server().own("scrape", "true", "port", "1", "label.a", "x".repeat(64 * 1024)));
        assertThat(shared(huge)).isEmpty();
        assertThat(onlyDiagnostic(huge).code()).isEqualTo(DiagnosticCode.LABELS_TOO_MANY);
    }

    // Credentials.

    private static Swarms.Builder guarded() {
        return Swarms.server()
                .own("scrape", "true", "port", "1", "basic-auth.username", "prom")
                .own("basic-auth.password-secret", "pw");
    }

    @ParameterizedTest
    @CsvSource({
        "shop, true",
        "shop/server, true",
        "'a, shop/server', true",
        "shop/other, false",
        "sho, false",
        "'', false",
        "server, false"
    })
    void aSecretSaysWhoseLabelsMayNameIt(String exposedTo, boolean allowed) {
        Compilation compilation =
                Swarms.compile(Swarms.inventory(guarded().build()).with(Swarms.secret("pw", exposedTo)));
        assertThat(compilation.discovery().pool("swarm/shop/server/metrics").isPresent())
                .isEqualTo(allowed);
        assertThat(compilation.bundle().orElseThrow().mountedSecrets().keySet())
                .isEqualTo(allowed ? Set.of("/run/secrets/pw") : Set.of());
        assertThat(Swarms.codes(compilation))
                .isEqualTo(allowed ? List.of() : List.of(DiagnosticCode.SECRET_NOT_EXPOSED));
    }

    @Test
    void aSecretThatIsNotThereLooksLikeOneThatIsNotExposed() {
        Compilation missing = Swarms.compile(guarded());
        Compilation hidden = Swarms.compile(Swarms.inventory(guarded().build()).with(Swarms.secret("pw", "other")));
        assertThat(missing.diagnostics()).isEqualTo(hidden.diagnostics()).hasSize(1);
    }

    @Test
    void anEndpointWithCredentialsIsAJobOfItsOwn() {
        Compiler compiler = Compiler.create();
        Inventory before = Swarms.inventory(
                guarded().own("interval", "5s", "label.team", "x").build());
        Compilation without = compiler.compile(before, DefaultServer.KEY, Swarms.options("3.16.0"));
        assertThat(without.discovery().pools()).hasSize(1);
        Compilation compilation =
                compiler.compile(before.with(Swarms.secret("pw", "shop")), DefaultServer.KEY, Swarms.options("3.16.0"));
        String files = files(compilation);
        assertThat(files)
                .contains("job_name: swarm/shop/server/metrics")
                .contains("password_file: /run/secrets/pw")
                .contains("scrape_interval: 5s")
                .contains("http://narthex_operator:9480/sd/v1/default/main/swarm/shop/server/metrics");
        assertThat(compilation
                        .discovery()
                        .pool("swarm/shop/server/metrics")
                        .orElseThrow()
                        .endpoints())
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint.labels()).isEqualTo(Map.of("job", "server", "team", "x")));
        assertThat(shared(compilation)).isEmpty();
        assertThat(compilation.jobs(Inventory.keyOf(guarded().build()))).hasSize(1);
    }

    @Test
    void authoritiesMeanHttps() {
        Inventory inventory = Swarms.inventory(Swarms.server()
                        .own("scrape", "true", "port", "1", "tls.ca-secret", "ca")
                        .build())
                .with(Swarms.secret("ca", "shop"));
        assertThat(files(Swarms.compile(inventory)))
                .contains("ca_file: /run/secrets/ca")
                .contains("scheme: https");
        assertThat(Swarms.codes(Swarms.compile(inventory.with(Swarms.server()
                        .own("scrape", "true", "port", "1", "tls.ca-secret", "ca", "scheme", "http")
                        .build()))))
                .containsExactly(DiagnosticCode.LABEL_VALUE_INVALID);
    }

    @Test
    void credentialsAreCompleteAndOfOneKind() {
        Inventory secrets = Swarms.inventory().with(Swarms.secret("pw", "shop"));
        assertThat(Swarms.codes(Swarms.compile(secrets.with(Swarms.server()
                        .own("scrape", "true", "port", "1", "basic-auth.username", "a")
                        .build()))))
                .containsExactly(DiagnosticCode.LABEL_VALUE_INVALID);
        assertThat(Swarms.codes(Swarms.compile(
                        secrets.with(guarded().own("authorization.secret", "pw").build()))))
                .containsExactly(DiagnosticCode.AUTH_AMBIGUOUS);
    }

    // Aliases.

    @Test
    void labelsOfStacksThatConfigurePrometheusTheirOwnWay() {
        Compilation compilation = Swarms.compile(Swarms.server()
                .label("io.prometheus.enabled", "true")
                .label("io.prometheus.job_name", "app")
                .label("io.prometheus.scrape_port", "8080")
                .label("io.prometheus.scrape_scheme", "https")
                .label("io.prometheus.metrics_path", "/m")
                .label("io.prometheus.param_module", "x"));
        assertThat(only(compilation).port()).isEqualTo(8080);
        assertThat(only(compilation).labels())
                .containsEntry("job", "app")
                .containsEntry("__scheme__", "https")
                .containsEntry("__metrics_path__", "/m")
                .containsEntry("__param_module", "x");
        assertThat(compilation.diagnostics()).isEmpty();
    }

    @Test
    void theLabelOfPrometheusOwnGuide() {
        Compilation compilation = Swarms.compile(
                Swarms.server().label("prometheus-job", "cadvisor").expose(8080));
        assertThat(only(compilation).labels()).containsEntry("job", "cadvisor");
        assertThat(shared(Swarms.compile(Swarms.server().label("prometheus.port", "1"))))
                .isEmpty();
        assertThat(shared(Swarms.compile(Swarms.server()
                        .label("prometheus.job", "x")
                        .label("prometheus.port", "1")
                        .label("prometheus.disabled", "true"))))
                .isEmpty();
    }

    @Test
    void targetsOfAWriterOfTargetFiles() {
        Compilation compilation = Swarms.compile(Swarms.server()
                .label("prometheus.enable", "true")
                .label("prometheus.targets.app.port", "8000")
                .label("prometheus.targets.app.labels.team", "x")
                .label("prometheus.targets.jobs.port", "8001")
                .label("prometheus.targets.jobs.params.a", "b"));
        assertThat(shared(compilation))
                .extracting(endpoint -> endpoint.labels().get("job"))
                .containsExactly("app", "jobs");
        assertThat(shared(compilation).get(1).labels()).containsEntry("__param_a", "b");
    }

    @Test
    void labelsOfDockerFlowMonitor() {
        Compilation compilation = Swarms.compile(Swarms.server()
                .label("com.df.notify", "true")
                .label("com.df.scrapePort", "8080")
                .label("com.df.servicePath", "/demo")
                .label("com.df.alertName.1", "memload")
                .label("com.df.alertIf.1", "node_load1 > 3")
                .label("com.df.alertFor.1", "30s")
                .label("com.df.alertLabels.1", "severity=high,receiver=system")
                .label("com.df.alertAnnotations.1", "summary=Load is high")
                .label("com.df.alertName.2", "memlimit")
                .label("com.df.alertIf.2", "@service_mem_limit:0.8"));
        assertThat(only(compilation).port()).isEqualTo(8080);
        assertThat(files(compilation))
                .contains("alert: memload")
                .contains("for: 30s")
                .contains("receiver: system")
                .doesNotContain("memlimit");
        assertThat(onlyDiagnostic(compilation).code()).isEqualTo(DiagnosticCode.LABEL_NOT_TRANSLATED);
    }

    @Test
    void familiesAreNeverMixed() {
        Compilation compilation = Swarms.compile(Swarms.server()
                .own("scrape", "true")
                .label("io.prometheus.enabled", "true")
                .label("io.prometheus.scrape_port", "8080")
                .label("prometheus.job", "x"));
        assertThat(shared(compilation)).isEmpty();
        assertThat(Swarms.codes(compilation))
                .contains(DiagnosticCode.LABEL_PORT_UNCLEAR, DiagnosticCode.LABELS_CONFLICT);
        Compilation second = Swarms.compile(Swarms.server()
                .label("io.prometheus.enabled", "true")
                .label("io.prometheus.scrape_port", "8080")
                .label("prometheus.job", "x")
                .label("com.df.scrapePort", "9000"));
        assertThat(only(second).port()).isEqualTo(8080);
        assertThat(Swarms.codes(second))
                .containsExactly(DiagnosticCode.LABELS_CONFLICT, DiagnosticCode.LABELS_CONFLICT);
    }

    @Test
    void anOwnScrapeFalseAnswersForTheOthers() {
        Compilation compilation = Swarms.compile(Swarms.server()
                .container("prometheus.io/scrape", "false")
                .label("io.prometheus.enabled", "true")
                .label("io.prometheus.scrape_port", "8080"));
        assertThat(shared(compilation)).isEmpty();
    }

    // Alerts.

    @Test
    void alertsBecomeGroupsOfTheirOwn() {
        Compilation compilation = Swarms.compile(Swarms.server()
                .own("alert.Down.expr", "up == 0", "alert.Down.for", "5m", "alert.Down.keep-firing-for", "1m")
                .own("alert.Down.labels.severity", "page")
                .own("alert.Down.annotations.summary", "{{ $labels.instance }} is down")
                .own("alert.Bad.expr", "up == 1", "alert.Bad.for", "200hh"));
        assertThat(files(compilation))
                .contains("name: swarm/shop/server/Down")
                .contains("expr: up == 0")
                .contains("keep_firing_for: 1m")
                .doesNotContain("Bad");
        Diagnostic diagnostic = onlyDiagnostic(compilation);
        assertThat(diagnostic.field().toString()).isEqualTo("labels[\"prometheus.io/alert.Bad.for\"]");
    }

    @Test
    void expressionsAreCheckedByPrometheusOwnParser() {
        Inventory inventory = Swarms.inventory(
                Swarms.server().own("alert.Down.expr", "up = 0").build());
        assertThat(Swarms.compile(inventory).expressions())
                .singleElement()
                .satisfies(one -> assertThat(one.text()).isEqualTo("up = 0"))
                .satisfies(one ->
                        assertThat(one.field().toString()).isEqualTo("labels[\"prometheus.io/alert.Down.expr\"]"));
        Compiler compiler = Compiler.create();
        compiler.compile(inventory, DefaultServer.KEY, Swarms.options("3.16.0"));
        Compilation checked = compiler.compile(
                inventory.withQueries(
                        inventory.queries().with("up = 0", new QueryVerdict.Refused("unexpected =", Optional.empty()))),
                DefaultServer.KEY,
                Swarms.options("3.16.0"));
        assertThat(onlyDiagnostic(checked).code()).isEqualTo(DiagnosticCode.INVALID_QUERY);
        assertThat(checked.bundle().orElseThrow().files().keySet()).noneMatch(path -> path.contains("rules"));
    }

    @Test
    void anAlertWithoutExpressionAndALostDollarAreToldOf() {
        assertThat(Swarms.codes(Swarms.compile(Swarms.server().own("alert.Down.for", "5m"))))
                .containsExactly(DiagnosticCode.ALERT_INCOMPLETE);
        for (String lost : List.of("{{ }} is down", "{{ .instance }} is down", "x {{}}", "{{.labels.job}}")) {
            assertThat(Swarms.codes(
                            Swarms.compile(Swarms.server().own("alert.D.expr", "up", "alert.D.annotations.s", lost))))
                    .contains(DiagnosticCode.LABEL_DOLLAR_LOST);
        }
        assertThat(Swarms.codes(Swarms.compile(Swarms.server()
                        .own("alert.D.expr", "up", "alert.D.annotations.s", "{{ $labels.job }} {{ $value }}"))))
                .isEmpty();
    }

    @Test
    void theGrantedNumberOfTargetsIsEachServicesOwn() {
        Inventory inventory = Yaml.inventory(
                        Yaml.resource("PrometheusServer", "main", "tenancy: {limits: {targets: 50, samples: 1000}}"))
                .with(Swarms.server().own("scrape", "true", "port", "1").build());
        Compilation compilation = Swarms.compile(inventory);
        assertThat(compilation.bundle().orElseThrow().files().values().stream()
                        .map(file -> new String(file.content(), UTF_8))
                        .filter(text -> text.contains("job_name: swarm\n")))
                .singleElement()
                .satisfies(
                        text -> assertThat(text).contains("sample_limit: 1000").doesNotContain("target_limit"));
        assertThat(compilation.discovery().pool("swarm").orElseThrow().limit()).hasValue(50);
    }

    /** Twenty seconds and more where each run of spaces is divided in all ways. */
    @Test
    void manySpacesInATemplateCostNothing() {
        String[] labels = {"alert.D.expr", "up", "alert.D.annotations.s", "{{" + " ".repeat(60_000) + "x"};

        Compilation compilation = assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> Swarms.compile(Swarms.server().own(labels)));

        assertThat(Swarms.codes(compilation)).doesNotContain(DiagnosticCode.LABEL_DOLLAR_LOST);
    }

    @Test
    void enforcementTakesNoAlertsFromLabelsAndHasTheLastWord() {
        Inventory inventory = Yaml.inventory(Yaml.resource(
                        "PrometheusServer",
                        "main",
                        "tenancy:\n  namespaceLabel: team\n  enforcedLabels: {zone: a}\n  minScrapeInterval: 30s"))
                .with(Swarms.server()
                        .own("scrape", "true", "port", "1", "label.zone", "b", "interval", "5s")
                        .own("alert.Down.expr", "up == 0")
                        .build());
        Compilation compilation = Swarms.compile(inventory);
        assertThat(only(compilation).labels())
                .containsEntry("zone", "a")
                .containsEntry("team", "shop")
                .containsEntry("__scrape_interval__", "30s");
        assertThat(compilation.expressions()).isEmpty();
        assertThat(Swarms.codes(compilation))
                .containsExactlyInAnyOrder(DiagnosticCode.ALERTS_BY_LABEL_REFUSED, DiagnosticCode.INTERVAL_RAISED);
    }

    @Test
    void aServerThatDoesNotGrantTheSourceTakesNoLabels() {
        Inventory inventory = Yaml.inventory(
                        Yaml.resource("PrometheusServer", "main", "tenancy:\n  allowedSources: [static]"))
                .with(Swarms.server().own("scrape", "true", "port", "1").build());
        assertThat(shared(Swarms.compile(inventory))).isEmpty();
        assertThat(Swarms.codes(Swarms.compile(inventory))).containsExactly(DiagnosticCode.SOURCE_DENIED);
    }

    // Without Narthex's discovery.

    @Test
    void withoutNarthexTheTasksAreFoundByDns() {
        Inventory inventory = Yaml.inventory(Yaml.resource("PrometheusServer", "main", "discovery: Native"))
                .with(Swarms.server()
                        .own("scrape", "true", "port", "8000", "interval", "5s", "label.team", "x")
                        .build());
        Compilation compilation = Swarms.compile(inventory);
        assertThat(compilation.discovery().pools()).isEmpty();
        assertThat(files(compilation))
                .contains("job_name: swarm/shop/server/metrics")
                .contains("tasks.shop_server")
                .contains("type: A")
                .contains("replacement: shop_server")
                .doesNotContain("http_sd_configs");
        assertThat(compilation.bundle().orElseThrow().credentials()).doesNotContainKey("discovery.token");
    }

    @Test
    void elsewhereThanOnSwarmLabelsMeanNothing() {
        Compilation compilation = Yaml.compile(
                Swarms.inventory(
                        Swarms.server().own("scrape", "true", "port", "1").build()),
                "3.16.0");
        assertThat(compilation.discovery().pools()).isEmpty();
        assertThat(compilation.bundle().orElseThrow().jobs().size()).isZero();
    }

    // Monitors.

    private static Inventory monitored(String source, SwarmService... services) {
        Inventory inventory = Yaml.inventory(Yaml.monitor(
                "web",
                "job: web\nsource:\n  swarm:\n" + source.indent(4)
                        + "endpoints:\n  - name: metrics\n    interval: 5s"));
        for (SwarmService service : services) {
            inventory = inventory.with(service);
        }
        return inventory;
    }

    @Test
    void aMonitorFindsServicesByNameOrLabels() {
        SwarmService server = Swarms.server().label("team", "a").expose(8000).build();
        SwarmService other = Swarms.service("other").expose(8000).build();
        for (String source : List.of("services: [shop_server]", "selector:\n  matchLabels: {team: a}")) {
            Compilation compilation = Swarms.compile(monitored(source, server, other));
            DiscoveryPool pool =
                    compilation.discovery().pool("monitor/default/web/metrics").orElseThrow();
            assertThat(pool.endpoints())
                    .singleElement()
                    .satisfies(one -> assertThat(one.service()).isEqualTo(server))
                    .satisfies(one -> assertThat(one.port()).isEqualTo(8000))
                    .satisfies(one -> assertThat(one.meta()).isTrue());
            assertThat(files(compilation))
                    .contains("/sd/v1/default/main/monitor/default/web/metrics")
                    .contains("refresh_interval: 10s");
            assertThat(compilation.diagnostics()).isEmpty();
        }
    }

    @Test
    void aMonitorThatFindsNothingIsToldSo() {
        SwarmService server = Swarms.server().build();
        assertThat(onlyDiagnostic(Swarms.compile(monitored("services: [server]", server))))
                .satisfies(one -> assertThat(one.code()).isEqualTo(DiagnosticCode.NO_SUCH_SERVICE))
                .satisfies(one -> assertThat(one.allowed()).isEqualTo("shop_server"))
                .satisfies(one -> assertThat(one.position()).isPresent());
        assertThat(Swarms.codes(Swarms.compile(monitored("selector:\n  matchLabels: {team: a}", server))))
                .containsExactly(DiagnosticCode.NO_SUCH_SERVICE);
        assertThat(Swarms.codes(Swarms.compile(monitored("services: [shop_server]", server))))
                .containsExactly(DiagnosticCode.SERVICE_PORT_UNCLEAR);
    }

    @Test
    void aMonitorBeatsLabels() {
        SwarmService server = Swarms.server()
                .own("scrape", "true", "endpoint.more.port", "9000")
                .expose(8000)
                .build();
        Compilation compilation = Swarms.compile(monitored("services: [shop_server]", server));
        assertThat(shared(compilation)).extracting(DiscoveryEndpoint::id).containsExactly("swarm/shop/server/more");
        Diagnostic diagnostic = onlyDiagnostic(compilation);
        assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.TARGET_DECLARED_TWICE);
        assertThat(diagnostic.message()).contains("monitor/default/web/metrics").contains("swarm/shop/server/metrics");
        assertThat(compilation.count(Severity.WARNING)).isEqualTo(1);
        assertThat(compilation.diagnostics(Inventory.keyOf(server))).hasSize(1);
    }

    @Test
    void aSelectorNeedsNarthex() {
        Inventory inventory = Yaml.add(
                monitored("selector:\n  matchLabels: {team: a}"),
                Yaml.resource("PrometheusServer", "main", "discovery: Native"));
        assertThat(Swarms.codes(Swarms.compile(inventory))).containsExactly(DiagnosticCode.SOURCE_NOT_SERVED);
    }

    /** Returns all that Prometheus reads, as one text. */
    private static String files(Compilation compilation) {
        StringBuilder text = new StringBuilder();
        compilation
                .bundle()
                .orElseThrow()
                .files()
                .values()
                .forEach(file -> text.append(new String(file.content(), StandardCharsets.UTF_8)));
        return text.toString().replace("\"", "");
    }
}
