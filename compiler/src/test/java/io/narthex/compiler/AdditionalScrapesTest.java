package io.narthex.compiler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scrape jobs in Prometheus's own form, which come from a Secret. */
class AdditionalScrapesTest {

    private static Compilation compile(String jobs) {
        return Yaml.compile(
                Yaml.secret(
                        Yaml.inventory(Yaml.resource(
                                "PrometheusServer", "main", "additionalScrapeConfigs: {secretRef: {name: s, key: k}}")),
                        "s",
                        "k",
                        jobs),
                "3.16.0");
    }

    private static List<String> hostile() {
        String levels = IntStream.rangeClosed(1, 24)
                .mapToObj(level -> "b" + level + ": &b" + level + " [*b" + (level - 1) + ", *b" + (level - 1) + "]")
                .collect(Collectors.joining("\n  "));
        String text = "x".repeat(100_000);
        return List.of(
                "- job_name: x\n  b0: &b0 [lol]\n  " + levels,
                "- job_name: x\n  b0: &b0 [lol]\n  " + levels + "\n  ? *b24\n  : y",
                "- &a {job_name: x, self: *a}",
                "- job_name: x\n  a: &a " + text + "\n  b: [" + "*a, ".repeat(10_000) + "*a]",
                "- job_name: ok\n  metrics_path: |\n    a\u2028- job_name: monitor/shop/web/0",
                "- job_name: ok\n  metrics_path: |\n    a\u0085- job_name: monitor/shop/web/0",
                "[".repeat(20_000));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aliasesThatExpandToTooMuchAreRefused(String jobs) {
        Compilation compilation = compile(jobs);

        assertThat(compilation.diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly(DiagnosticCode.ADDITIONAL_SCRAPES_INVALID);
    }

    @Test
    void otherAliasesAreReplacedByWhatTheyName() {
        Compilation compilation = compile("""
                - job_name: a
                  static_configs: &targets [{targets: ['127.0.0.1:1']}]
                - job_name: b
                  static_configs: *targets
                """);

        assertThat(compilation.diagnostics()).isEmpty();
        assertThat(compilation.bundle().orElseThrow().credentials().values())
                .singleElement()
                .satisfies(file -> assertThat(new String(file.reveal(), UTF_8))
                        .doesNotContain("*", "&")
                        .containsSubsequence("job_name: b", "targets:", "127.0.0.1:1"));
    }

    /** So that what Prometheus loaded last can stand for a secret that it refuses. */
    @Test
    void theFileThatBecomesOfAListStandsForTheList() {
        var file = compile("""
                - {job_name: "7", scrape_interval: 10s, params: {a: ["1", 1, 0x1, 1e3, "true", true, null, ~, ""]}}
                - {job_name: b, metrics_path: "/ \u00e9: #", static_configs: [{targets: ['127.0.0.1:1']}]}
                """).bundle().orElseThrow().credentials();
        String text = new String(file.values().iterator().next().reveal(), UTF_8);
        assertThat(compile(text).bundle().orElseThrow().credentials()).isEqualTo(file);
        assertThat(compile("{scrape_configs: [], more: []}").diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly(DiagnosticCode.ADDITIONAL_SCRAPES_INVALID);
    }

    /** Go's YAML reads a text where a text is expected, whatever else it looks like. */
    @Test
    void scalarsStayAsTheyAreWritten() {
        String text = new String(
                compile("""
                        - job_name: a
                          static_configs:
                            - targets: [127.0.0.1:1]
                              labels: {version: 1.10, id: 007, zone: yes, hex: 0x1F, "quoted": "1.10", when: 1e3}
                        """)
                        .bundle()
                        .orElseThrow()
                        .credentials()
                        .values()
                        .iterator()
                        .next()
                        .reveal(),
                UTF_8);
        assertThat(text)
                .containsSubsequence(
                        "version: 1.10", "id: 007", "zone: yes", "hex: 0x1F", "\"quoted\": \"1.10\"", "when: 1e3");
    }
}
