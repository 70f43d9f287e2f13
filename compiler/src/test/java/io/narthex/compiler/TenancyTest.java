package io.narthex.compiler;

import static io.narthex.compiler.Yaml.inventory;
import static io.narthex.compiler.Yaml.monitor;
import static io.narthex.compiler.Yaml.resource;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server asks of Monitors of other namespaces binds them, and harms nobody. */
class TenancyTest {

    private static final ResourceKey MAIN = new ResourceKey("PrometheusServer", "default", "main");
    private static final ResourceKey FOREIGN = new ResourceKey("Monitor", "team", "web");
    private static final String SOURCE = "source: {static: {targets: ['127.0.0.1:8000']}}\n";

    /** Returns a server that takes a Monitor of its own namespace and one of another. */
    private static Inventory declared(String server, String endpoint) {
        return inventory(resource("PrometheusServer", "main", "monitors: {namespaceSelector: {}}\n" + server + "\n")
                + monitor("own", SOURCE)
                + monitor("web", SOURCE + "endpoints: [{name: metrics" + endpoint + "}]\n")
                        .replace("name: web\n", "name: web\n  namespace: team\n"));
    }

    private static String job(Compilation compilation, String name) {
        String all = compilation.bundle().orElseThrow().files().values().stream()
                .map(BundleFile::content)
                .map(bytes -> new String(bytes, UTF_8))
                .collect(Collectors.joining());
        String job = all.substring(all.indexOf("job_name: " + name));
        int end = job.indexOf("job_name: ", 1);
        return end < 0 ? job : job.substring(0, end);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3.16.0 | {enforcedLabels: {'': x}}              | spec.tenancy.enforcedLabels",
                "3.16.0 | {enforcedLabels: {team: ''}}           | spec.tenancy.enforcedLabels.team",
                "3.16.0 | {enforcedLabels: {__address__: x}}     | spec.tenancy.enforcedLabels.__address__",
                "3.16.0 | {enforcedLabels: {__name__: x}}        | spec.tenancy.enforcedLabels.__name__",
                "3.16.0 | {enforcedLabels: {__scrape_interval__: 1s}} | spec.tenancy.enforcedLabels.__scrape_interval__",
                "3.16.0 | {enforcedLabels: {job: x}}             | spec.tenancy.enforcedLabels.job",
                "3.16.0 | {enforcedLabels: {le: x}}              | spec.tenancy.enforcedLabels.le",
                "3.16.0 | {namespaceLabel: instance}             | spec.tenancy.namespaceLabel",
                "3.16.0 | {namespaceLabel: alertname}            | spec.tenancy.namespaceLabel",
                "2.55.0 | {namespaceLabel: tenant-ns}            | spec.tenancy.namespaceLabel",
                "3.1.0  | {namespaceLabel: tenant-ns}            | spec.tenancy.namespaceLabel",
            })
    void aLabelThatCantBeEnforcedIsTheServersFault(String version, String tenancy, String field) {
        Compilation compilation = Yaml.compile(declared("tenancy: " + tenancy, ""), version);
        assertThat(compilation.bundle()).isEmpty();
        assertThat(compilation.diagnostics()).isNotEmpty().allSatisfy(found -> {
            assertThat(found.code()).isEqualTo(DiagnosticCode.INVALID_SERVER_VALUE);
            assertThat(found.resource()).contains(MAIN);
            assertThat(found.field().toString()).startsWith(field);
        });
    }

    @Test
    void theServersOwnNamesDecide() {
        assertThat(Yaml.compile(declared("tenancy: {namespaceLabel: tenant-ns}", ""), "3.16.0")
                        .diagnostics())
                .isEmpty();
        assertThat(Yaml.compile(
                                declared(
                                        "scrapeDefaults: {nameValidation: legacy}\ntenancy: {namespaceLabel: tenant-ns}",
                                        ""),
                                "3.16.0")
                        .bundle())
                .isEmpty();
    }

    @Test
    void aMonitorWhoseNamesForbidTheLabelIsRefusedAlone() {
        Compilation compilation =
                Yaml.compile(declared("tenancy: {namespaceLabel: tenant-ns}", ", nameValidation: legacy"), "3.16.0");
        assertThat(compilation.diagnostics()).singleElement().satisfies(found -> {
            assertThat(found.resource()).contains(FOREIGN);
            assertThat(found.field()).hasToString("spec.endpoints[metrics].nameValidation");
            assertThat(found.message())
                    .isEqualTo("the legacy name validation refuses the label \"tenant-ns\", which the server enforces");
        });
        assertThat(compilation.jobs(FOREIGN)).isEmpty();
        assertThat(compilation.bundle()).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{pod: {}}                                        | true",
                "{pod: {namespaces: {names: [team]}}}             | true",
                "{pod: {namespaces: {all: true}}}                 | false",
                "{service: {namespaces: {names: [team, other]}}}  | false",
                "{ingress: {namespaces: {names: [default]}}}      | false",
                "{static: {targets: ['127.0.0.1:1']}}             | true",
            })
    void whoMayLookIntoHisNamespaceOnlyDoes(String source, boolean taken) {
        Inventory inventory = inventory(resource("PrometheusServer", "main", """
                        monitors: {namespaceSelector: {}}
                        kubernetes: {url: 'http://127.0.0.1:8001'}
                        tenancy: {ownNamespaceOnly: true}
                        """)
                + monitor("own", "source: {pod: {namespaces: {all: true}}}\n")
                + monitor("web", "source: " + source + "\n").replace("name: web\n", "name: web\n  namespace: team\n"));
        Compilation compilation = Yaml.compile(inventory, "3.16.0");
        assertThat(compilation.jobs(new ResourceKey("Monitor", "default", "own")))
                .hasSize(1);
        assertThat(compilation.jobs(FOREIGN)).hasSize(taken ? 1 : 0);
        assertThat(compilation.diagnostics())
                .extracting(found -> found.code() + " " + found.field())
                .containsExactlyElementsOf(taken ? List.of() : List.of("SOURCE_DENIED spec.source"));
    }

    @Test
    void rulesOfOthersAreEvaluatedNoMoreOftenThanGranted() {
        String rules = resource(
                "RuleSet",
                "fast",
                "groups: [{name: g, interval: 1s, rules: [{record: a, expr: vector(1)}]},"
                        + " {name: h, rules: [{record: b, expr: vector(1)}]}]\n");
        Inventory inventory = inventory(resource(
                        "PrometheusServer",
                        "main",
                        "ruleSets: {namespaceSelector: {}}\nevaluationInterval: 15s\ntenancy: {minEvaluationInterval: 30s}\n")
                + rules
                + rules.replace("name: fast\n", "name: fast\n  namespace: team\n"));
        Compilation compilation = Yaml.compile(inventory, "3.16.0");
        assertThat(compilation.diagnostics()).allSatisfy(found -> {
            assertThat(found.code()).isEqualTo(DiagnosticCode.INTERVAL_RAISED);
            assertThat(found.resource()).contains(new ResourceKey("RuleSet", "team", "fast"));
        });
        // Who says nothing has the server's own interval, which is shorter, too.
        assertThat(compilation.diagnostics())
                .extracting(found -> found.field().toString())
                .containsExactlyInAnyOrder("spec.groups[g].interval", "spec.groups[h].interval");
        assertThat(compilation.bundle().orElseThrow().files().values().stream()
                        .filter(file -> file.path().startsWith("rules-"))
                        .map(file -> file.path().replaceAll("[0-9]+", "N") + ": "
                                + new String(file.content(), UTF_8)
                                        .lines()
                                        .filter(line -> line.contains("interval"))
                                        .toList()))
                .containsExactlyInAnyOrder(
                        "rules-N.yml: [  interval: 1s]", "rules-team-N.yml: [  interval: 30s,   interval: 30s]");
    }

    @Test
    void whereTenancyBindsNobodyFillsTheDiskWithFailures() {
        Compilation bound =
                Yaml.compile(declared("tenancy: {overrideHonorLabels: true}", ", logFailures: true"), "3.16.0");
        assertThat(job(bound, "monitor/team/web")).doesNotContain("scrape_failure_log_file");
        assertThat(bound.diagnostics()).singleElement().satisfies(found -> {
            assertThat(found.severity()).isEqualTo(Severity.WARNING);
            assertThat(found.field()).hasToString("spec.endpoints[metrics].logFailures");
        });
        Compilation free = Yaml.compile(declared("", ", logFailures: true"), "3.16.0");
        assertThat(job(free, "monitor/team/web")).contains("scrape_failure_log_file");
        assertThat(free.diagnostics()).isEmpty();
    }

    /** Before 2.45 each job is written with the defaults, from then on Prometheus applies them. */
    @ParameterizedTest
    @ValueSource(strings = {"2.44.0", "3.16.0"})
    void aBoundLiftsNoDefault(String version) {
        boolean inherits = version.startsWith("3");
        for (String limit : List.of(
                "samples|sample_limit",
                "targets|target_limit",
                "labels|label_limit",
                "labelNameLength|label_name_length_limit",
                "labelValueLength|label_value_length_limit")) {
            String field = limit.substring(0, limit.indexOf('|'));
            String written = limit.substring(limit.indexOf('|') + 1);
            String server = "scrapeDefaults: {limits: {" + field + ": 1000}}\ntenancy: {limits: {" + field + ": %d}}";

            String silent = job(Yaml.compile(declared(server.formatted(50_000), ""), version), "monitor/team/web");
            if (inherits) {
                assertThat(silent).doesNotContain(written);
            } else {
                assertThat(silent).contains(written + ": 1000\n");
            }
            // What is asked for counts up to the bound, and the bound where it is the stricter one.
            assertThat(job(
                            Yaml.compile(
                                    declared(server.formatted(50_000), ", limits: {" + field + ": 2000}"), version),
                            "monitor/team/web"))
                    .contains(written + ": 2000\n");
            assertThat(job(
                            Yaml.compile(declared(server.formatted(1000), ", limits: {" + field + ": 2000}"), version),
                            "monitor/team/web"))
                    .contains(written + ": 1000\n");
            assertThat(job(Yaml.compile(declared(server.formatted(500), ""), version), "monitor/team/web"))
                    .contains(written + ": 500\n");
        }
    }

    @Test
    void aBoundLiftsNoDefaultOfBytesOrDroppedTargets() {
        String server = "scrapeDefaults: {limits: {bodySize: 1MB, keptDroppedTargets: 10}}\n"
                + "tenancy: {limits: {bodySize: 50MB, keptDroppedTargets: 500}}";
        assertThat(job(Yaml.compile(declared(server, ""), "3.16.0"), "monitor/team/web"))
                .doesNotContain("body_size_limit", "keep_dropped_targets");
        assertThat(job(Yaml.compile(declared(server, ""), "2.44.0"), "monitor/team/web"))
                .contains("body_size_limit: 1MiB\n");
        assertThat(job(Yaml.compile(declared("tenancy: {limits: {samples: 7}}", ""), "3.16.0"), "monitor/team/web"))
                .contains("sample_limit: 7\n");
    }

    @Test
    void aBoundLiftsNoDefaultOfLabelledServices() {
        Inventory inventory = Yaml.inventory(resource(
                        "PrometheusServer",
                        "main",
                        "scrapeDefaults: {limits: {samples: 1000}}\ntenancy: {limits: {samples: 50000}}"))
                .with(Swarms.server().own("scrape", "true", "port", "1").build());
        assertThat(job(Swarms.compile(inventory), "swarm")).doesNotContain("sample_limit");
    }
}
