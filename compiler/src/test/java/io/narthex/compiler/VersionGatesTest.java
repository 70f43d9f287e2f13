package io.narthex.compiler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Severity;
import io.narthex.testing.SelfSigned;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a release lacks is left out, said otherwise, or not applied at all: whichever is as safe as what was asked for. */
class VersionGatesTest {

    private static final String SOURCE = "source: {static: {targets: ['127.0.0.1:8000']}}\n";

    private static final String KEY = SelfSigned.make().key();

    private static Compilation monitor(String version, String endpoint) {
        return compile(version, Yaml.monitor("shop", SOURCE + "endpoints:\n- name: plain\n- " + endpoint + "\n"));
    }

    private static Compilation server(String version, String spec) {
        return compile(version, Yaml.resource("PrometheusServer", "main", spec) + "\n" + Yaml.monitor("shop", SOURCE));
    }

    private static Compilation compile(String version, String yaml) {
        Inventory inventory = Yaml.secret(Yaml.inventory(yaml), "s", "k", "v");
        inventory = Yaml.secret(inventory, "s", "key", KEY);
        return Yaml.compile(inventory, version);
    }

    private static String text(Compilation compilation) {
        Bundle bundle = compilation.bundle().orElseThrow();
        return Stream.concat(Stream.of(bundle.index()), bundle.files().values().stream())
                .map(BundleFile::content)
                .map(content -> new String(content, UTF_8))
                .collect(Collectors.joining());
    }

    private static List<DiagnosticCode> errors(Compilation compilation) {
        return compilation.diagnostics().stream()
                .filter(diagnostic -> diagnostic.severity() == Severity.ERROR)
                .map(Diagnostic::code)
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3.7 | 3.8 | auth: {oauth2: {clientId: i, tokenUrl: 'https://127.0.0.1/', jwtBearer: {key: {secretRef: {name: s, key: key}}}}}",
                "2.48 | 2.49 | auth: {basic: {usernameFrom: {secretRef: {name: s, key: k}}, password: {secretRef: {name: s, key: k}}}}",
                "2.54 | 2.55 | headers: [{name: X-Tenant, value: shop}]",
                "2.42 | 2.43 | proxy: {url: 'http://127.0.0.1:3128', noProxy: '127.0.0.1'}",
                "2.42 | 2.43 | proxy: {fromEnvironment: true}",
                "2.44 | 2.45 | nativeHistograms: {bucketLimit: 160}",
            })
    void anEndpointIsNotScrapedWithoutWhatItNeeds(String lacking, String having, String field) {
        Compilation refused = monitor(lacking + ".0", "{name: gated, " + field + "}");
        assertThat(errors(refused)).containsExactly(DiagnosticCode.NEEDED_NOT_IN_VERSION);
        assertThat(text(refused)).contains("monitor/default/shop/plain").doesNotContain("shop/gated");
        assertThat(refused.bundle().orElseThrow().credentials()).isEmpty();
        Compilation taken = monitor(having + ".0", "{name: gated, " + field + "}");
        assertThat(errors(taken)).isEmpty();
        assertThat(text(taken)).contains("shop/gated");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2.44 | 2.45 | remoteWrite: [{name: a, url: 'https://a.invalid/', auth: {azureAd: {managedIdentity: {clientId: 00000000-0000-0000-0000-000000000000}}}}]",
                "3.4 | 3.5 | remoteWrite: [{name: a, url: 'https://a.invalid/', auth: {azureAd: {managedIdentity: {}}}}]",
                "2.54 | 2.55 | remoteWrite: [{name: a, url: 'https://a.invalid/', headers: [{name: X-Key, valueFrom: {secretRef: {name: s, key: k}}}]}]",
                "2.50 | 2.51 | alertmanagers: [{name: a, targets: ['127.0.0.1:9093'], alertRelabelings: [{action: drop, sourceLabels: [team], regex: x}]}]",
                "2.47 | 2.48 | alertmanagers: [{name: a, targets: ['127.0.0.1:9093'], auth: {sigv4: {region: x}}}]",
                "3.10 | 3.11 | retention: {percentage: 70}",
                "3.7 | 3.8 | remoteRead: [{name: a, url: 'https://a.invalid/', auth: {oauth2: {clientId: i, tokenUrl: 'https://127.0.0.1/', jwtBearer: {key: {secretRef: {name: s, key: key}}}}}}]",
            })
    void aServerIsNotRunWithoutWhatItNeeds(String lacking, String having, String field) {
        Compilation refused = server(lacking + ".0", field);
        assertThat(errors(refused)).containsExactly(DiagnosticCode.NEEDED_NOT_IN_VERSION);
        assertThat(refused.bundle()).isEmpty();
        Compilation taken = server(having + ".0", field);
        assertThat(errors(taken)).isEmpty();
        assertThat(taken.bundle()).isPresent();
    }

    @Test
    void limitsOfAllJobsStandInEachBeforeTheyCanStandForAll() {
        String limits = "scrapeDefaults: {limits: {samples: 5000, bodySize: 1MB}}";
        assertThat(text(server("2.44.0", limits)))
                .contains("  body_size_limit: 1MiB\n  sample_limit: 5000\n")
                .contains("global: {}\n");
        assertThat(text(server("2.45.0", limits))).contains("global:\n  body_size_limit: 1MiB\n  sample_limit: 5000\n");
    }

    @Test
    void aJobsOwnLimitWinsOverThatOfAll() {
        Compilation compilation = compile(
                "2.42.0",
                Yaml.resource("PrometheusServer", "main", "scrapeDefaults: {limits: {samples: 5000, labels: 30}}")
                        + "\n"
                        + Yaml.monitor(
                                "shop", SOURCE + "endpoints: [{name: metrics, limits: {samples: 7, labels: 0}}]"));
        assertThat(text(compilation)).contains("  sample_limit: 7\n  label_limit: 30\n");
    }

    @Test
    void additionalJobsAreNotRunWithoutTheLimitsOfAll() {
        Inventory inventory = Yaml.secret(
                Yaml.inventory(Yaml.resource(
                        "PrometheusServer",
                        "main",
                        "scrapeDefaults: {limits: {samples: 5000}}\n"
                                + "additionalScrapeConfigs: {secretRef: {name: s, key: k}}")),
                "s",
                "k",
                "- job_name: more\n");
        assertThat(errors(Yaml.compile(inventory, "2.44.0"))).containsExactly(DiagnosticCode.NEEDED_NOT_IN_VERSION);
        assertThat(errors(Yaml.compile(inventory, "2.45.0"))).isEmpty();
    }

    @Test
    void labelsOfARuleGroupStandInItsRulesBeforeGroupsHaveThem() {
        String rules = Yaml.resource("RuleSet", "shop", """
                groups:
                - name: g
                  labels: {team: web, severity: none}
                  rules:
                  - {alert: Down, expr: up == 0, labels: {severity: page}}
                """);
        assertThat(text(compile("2.55.0", rules)))
                .contains("    labels:\n      severity: page\n      team: web\n")
                .doesNotContain("severity: none");
        assertThat(text(compile("3.0.0", rules)))
                .contains("  labels:\n    severity: none\n    team: web\n  rules:\n")
                .contains("    labels:\n      severity: page\n");
    }

    @Test
    void plainHeadersOfRemoteWriteHaveAFieldOfTheirOwn() {
        String write = "remoteWrite: [{name: a, url: 'https://a.invalid/', headers: [{name: X-Tenant, value: shop}]}]";
        assertThat(text(server("2.54.0", write))).contains("  headers:\n    X-Tenant: shop\n");
        assertThat(text(server("2.55.0", write))).contains("  http_headers:\n    X-Tenant:\n");
    }

    /** From 3.4 to 3.6 Prometheus would refuse the whole configuration. */
    @ParameterizedTest
    @CsvSource({"3.3, false", "3.4, true", "3.6, true", "3.7, false"})
    void aJobOfLegacyNamesIsGivenAnEscapingThatFits(String version, boolean given) {
        String text = text(monitor(version + ".0", "{name: legacy, nameValidation: legacy}"));
        assertThat(text.contains("  metric_name_escaping_scheme: underscores\n"))
                .isEqualTo(given);
    }

    @Test
    void escapingForUtf8NeedsNamesInUtf8() {
        assertThat(errors(server("3.16.0", "scrapeDefaults: {nameValidation: legacy, nameEscaping: allow-utf-8}")))
                .containsExactly(DiagnosticCode.INVALID_SERVER_VALUE);
        assertThat(errors(server("3.16.0", "scrapeDefaults: {nameValidation: utf8, nameEscaping: allow-utf-8}")))
                .isEmpty();
    }

    @Test
    void flagsAndFeaturesThatTheReleaseLacksAreToldAndLeftOut() {
        Compilation compilation = server(
                "3.16.0",
                "extraFlags: {alertmanager.timeout: 5s, storage.tsdb.no-lockfile: '', of.another.build: '1'}\n"
                        + "features: [promql-at-modifier, agent, old-ui, of-another-build]");
        assertThat(compilation.diagnostics())
                .extracting(
                        Diagnostic::code,
                        Diagnostic::severity,
                        diagnostic -> diagnostic.field().toString())
                .containsExactlyInAnyOrder(
                        tuple(
                                DiagnosticCode.FLAG_NOT_IN_VERSION,
                                Severity.WARNING,
                                "spec.extraFlags[\"alertmanager.timeout\"]"),
                        tuple(DiagnosticCode.FEATURE_NOT_IN_VERSION, Severity.INFO, "spec.features[0]"),
                        tuple(DiagnosticCode.FEATURE_NOT_IN_VERSION, Severity.WARNING, "spec.features[1]"));
        assertThat(compilation.bundle().orElseThrow().flags())
                .contains(
                        "--storage.tsdb.no-lockfile",
                        "--of.another.build=1",
                        "--enable-feature=of-another-build,old-ui")
                .noneMatch(flag -> flag.startsWith("--alertmanager.timeout"));
    }

    @Test
    void flagsOfTheOtherModeAreRefused() {
        assertThat(errors(server("3.16.0", "extraFlags: {storage.agent.no-lockfile: ''}")))
                .containsExactly(DiagnosticCode.AGENT_CONFLICT);
        assertThat(errors(server("3.16.0", "agent: {}\nextraFlags: {storage.tsdb.no-lockfile: ''}")))
                .containsExactly(DiagnosticCode.AGENT_CONFLICT);
        assertThat(errors(server("3.16.0", "agent: {}\nextraFlags: {storage.agent.no-lockfile: ''}")))
                .isEmpty();
    }
}
