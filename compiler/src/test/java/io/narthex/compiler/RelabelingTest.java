package io.narthex.compiler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users' steps of relabeling may do. */
class RelabelingTest {

    private static Compilation ofKubernetes(Inventory inventory) {
        return Compiler.create()
                .compile(
                        inventory,
                        DefaultServer.KEY,
                        CompileOptions.of(Platform.KUBERNETES, PrometheusVersion.NEWEST_KNOWN, Yaml.LAYOUT));
    }

    private static List<DiagnosticCode> codes(Compilation compilation) {
        return compilation.diagnostics().stream().map(Diagnostic::code).toList();
    }

    private static Inventory stepping(String endpoint, String step) {
        return Yaml.inventory(Yaml.monitor(
                "shop",
                "source: {static: {targets: ['127.0.0.1:8000']}}\nendpoints: [{" + endpoint + "relabelings: [" + step
                        + "]}]\n"));
    }

    /** Java's own expressions would try for years here. */
    @ParameterizedTest
    @ValueSource(
            strings = {"{sourceLabels: [job], targetLabel: '%s-'}", "{action: labelmap, regex: x, replacement: '%s-'}"})
    void aNameMadeOfManyGroupsIsReadInNoTime(String step) {
        Inventory inventory = stepping("nameValidation: legacy, ", step.formatted("a$a".repeat(340)));

        Compilation compilation = assertTimeoutPreemptively(Duration.ofMinutes(1), () -> ofKubernetes(inventory));

        assertThat(codes(compilation)).containsExactly(DiagnosticCode.INVALID_RELABELING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a | true",
                "_a1${1}b$c | true",
                "$1 | true",
                "${1}_ | true",
                "${1}$2 | true",
                "1$a | false",
                "a$ | false",
                "a${ | false",
                "a-$1 | false",
            })
    void aLegacyNameMadeOfGroupsIsWhatPrometheusTakes(String name, boolean valid) {
        List<DiagnosticCode> codes = codes(ofKubernetes(stepping(
                "nameValidation: legacy, ",
                "{action: labelmap, regex: '(?P<c>(.)(.))', replacement: '" + name + "'}")));

        assertThat(codes.contains(DiagnosticCode.INVALID_RELABELING) && !codes.equals(List.of()))
                .isEqualTo(!valid);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{action: labelmap, regex: __meta_kubernetes_pod_annotation_addr, replacement: __address__}",
                "{action: labelmap, regex: '__meta_kubernetes_pod_annotation_(address__)x', replacement: '__$1'}",
                "{action: labelmap, regex: '__meta_kubernetes_x|(.*)'}",
                "{action: labelmap, regex: '__meta_kubernetes_pod_label_app_(.+)'}",
                "{action: labelmap, regex: '__meta_kubernetes_pod_label(.+)'}",
                "{action: labelmap, regex: '(.+)'}",
                "{action: labelmap}",
            })
    void aMapOfLabelsThatCanDecideWhereCredentialsGoIsRefused(String step) {
        assertThat(codes(ofKubernetes(secret(stepping(AUTH, step))))).contains(DiagnosticCode.CREDENTIAL_REDIRECTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{action: labelmap, regex: '__meta_kubernetes_pod_label_(.+)'}",
                "{action: labelmap, regex: '__meta_kubernetes_service_annotation_(.*)', replacement: '${1}'}",
                "{action: labelmap, regex: '__meta_kubernetes_node_labelpresent_(.+)', replacement: '$1'}",
                "{action: labelmap, regex: '(.+)', replacement: 'k8s_$1'}",
            })
    void aMapOfAllLabelsOfAnObjectIsNot(String step) {
        assertThat(codes(ofKubernetes(secret(stepping(AUTH, step))))).isEmpty();
    }

    private static final String AUTH = "auth: {basic: {username: u, password: {secretRef: {name: s, key: k}}}}, ";

    private static Inventory secret(Inventory inventory) {
        return Yaml.secret(inventory, "s", "k", "p");
    }

    @Test
    void noTargetIsScrapedMoreOftenThanTheServerGrants() {
        String foreign = Yaml.monitor(
                        "shop",
                        "source: {static: {targets: ['127.0.0.1:8000']}}\n"
                                + "endpoints: [{interval: 5s, timeout: 4s, relabelings:"
                                + " [{targetLabel: __scrape_interval__, replacement: 10ms}]}]\n")
                .replace("name: shop", "name: shop\n  namespace: team");
        Compilation compilation = ofKubernetes(Yaml.inventory(Yaml.resource(
                        "PrometheusServer",
                        "main",
                        "monitors: {namespaceSelector: {}}\ntenancy: {minScrapeInterval: 30s}\n")
                + foreign));

        assertThat(codes(compilation)).containsExactly(DiagnosticCode.INTERVAL_RAISED, DiagnosticCode.INTERVAL_RAISED);
        assertThat(compilation.bundle().orElseThrow().files().values().stream()
                        .map(file -> new String(file.content(), UTF_8))
                        .collect(Collectors.joining()))
                .contains("scrape_interval: 30s")
                .containsSubsequence(
                        "replacement: \"10ms\"",
                        "target_label: __scrape_interval__\n    replacement: \"30s\"\n",
                        "target_label: __scrape_timeout__\n    replacement: \"4s\"\n");
    }
}
