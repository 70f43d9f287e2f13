package io.narthex.compiler;

import static io.narthex.compiler.Yaml.compile;
import static io.narthex.compiler.Yaml.inventory;
import static io.narthex.compiler.Yaml.monitor;
import static io.narthex.compiler.Yaml.resource;
import static io.narthex.compiler.Yaml.secret;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Expression;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.Origin;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a few resources become. */
class CompilerTest {

    private static final String STATIC = "source: {static: {targets: ['127.0.0.1:8000']}}\n";

    private static String text(Bundle bundle) {
        return bundle.files().values().stream()
                .filter(file -> file.path().startsWith("jobs"))
                .map(file -> new String(file.content(), UTF_8))
                .collect(Collectors.joining());
    }

    private static List<String> codes(Compilation compilation) {
        return compilation.diagnostics().stream().map(d -> d.code().id()).toList();
    }

    @Test
    void aMonitorBecomesAJobInAPartThatTheIndexNames() {
        Compilation compilation = compile(inventory(monitor("shop", STATIC)), "3.16.0");
        Bundle bundle = compilation.bundle().orElseThrow();
        assertThat(compilation.diagnostics()).isEmpty();
        JobEntry job = bundle.jobs().find("monitor/default/shop/metrics").orElseThrow();
        assertThat(job.interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(job.label()).isEqualTo("shop");
        String index = new String(bundle.index().content(), UTF_8);
        assertThat(index).contains(job.file()).contains(bundle.marker());
        assertThat(bundle.marker()).matches("generation-[0-9a-f]{16}-\\*\\.none");
        assertThat(text(bundle)).contains("127.0.0.1:8000").contains("job: shop");
        assertThat(bundle.flags())
                .contains(
                        "--config.file=/state/config/prometheus.yml",
                        "--storage.tsdb.path=/state/data",
                        "--web.listen-address=127.0.0.1:9090",
                        "--web.cors.origin=^$");
        assertThat(compilation.jobs(new ResourceKey("Monitor", "default", "shop")))
                .containsExactly(job);
    }

    @Test
    void below243JobsStandInTheIndex() {
        Bundle bundle =
                compile(inventory(monitor("shop", STATIC)), "2.42.0").bundle().orElseThrow();
        String index = new String(bundle.index().content(), UTF_8);
        assertThat(bundle.files()).isEmpty();
        assertThat(index).contains("scrape_configs:\n- job_name: monitor/default/shop/metrics\n");
        assertThat(bundle.jobs()
                        .find("monitor/default/shop/metrics")
                        .orElseThrow()
                        .file())
                .isEqualTo("prometheus.yml");
    }

    @Test
    void aTimeoutLongerThanTheIntervalIsToldAndItsEndpointLeftOut() {
        Compilation compilation = compile(
                inventory(monitor(
                        "shop", STATIC + "endpoints:\n- {name: slow, interval: 5s, timeout: 30s}\n- {name: good}\n")),
                "3.16.0");
        Diagnostic found = compilation.diagnostics().getFirst();
        assertThat(compilation.diagnostics()).hasSize(1);
        assertThat(compilation.count(Severity.ERROR)).isEqualTo(1);
        assertThat(found.code().id()).isEqualTo("NX1204");
        assertThat(found.message()).isEqualTo("timeout 30s is longer than interval 5s");
        assertThat(found.allowed()).isEqualTo("at most 5s");
        assertThat(found.remedy()).isEqualTo("set timeout to 5s or less, or raise interval");
        assertThat(found.position()).isPresent();
        assertThat(compilation.bundle().orElseThrow().jobs().all().map(JobEntry::endpoint))
                .containsExactly("good");
    }

    @Test
    void aTimeoutIsHeldAgainstTheServersInterval() {
        Compilation compilation = compile(
                inventory(monitor("shop", STATIC + "endpoints: [{name: a, timeout: 30s}]\n")
                        + resource("PrometheusServer", "main", "scrapeInterval: 15s\n")),
                "3.16.0");
        assertThat(compilation.diagnostics().getFirst().message())
                .isEqualTo("timeout 30s is longer than the server's interval 15s");
    }

    @Test
    void credentialsBecomeFilesAndAreNeverInTheConfiguration() {
        Inventory without = inventory(
                monitor(
                        "shop",
                        STATIC
                                + "endpoints: [{name: a, auth: {basic: {username: u, password: {secretRef: {name: s, key: k}}}}}]\n"));
        Compilation missing = compile(without, "3.16.0");
        assertThat(codes(missing)).containsExactly("NX1501");
        assertThat(missing.diagnostics().getFirst().message()).contains(".secrets/s/k");
        assertThat(missing.bundle().orElseThrow().jobs().size()).isZero();

        Compilation found = compile(secret(without, "s", "k", "hunter2"), "3.16.0");
        Bundle bundle = found.bundle().orElseThrow();
        assertThat(found.diagnostics()).isEmpty();
        assertThat(bundle.credentials()).containsOnlyKeys("credentials/default/s/k");
        assertThat(text(bundle))
                .contains("password_file: credentials/default/s/k")
                .doesNotContain("hunter2");
        assertThat(bundle + " " + bundle.credentials()).doesNotContain("hunter2");
        assertThat(compile(secret(without, "s", "k", "other"), "3.16.0")
                        .bundle()
                        .orElseThrow()
                        .generation())
                .isEqualTo(bundle.generation());
    }

    @Test
    void below313RedirectsAreNotFollowedWithCredentials() {
        Inventory inventory = secret(
                inventory(
                        monitor(
                                "shop",
                                STATIC
                                        + "endpoints: [{name: a, auth: {authorization: {credentials: {secretRef: {name: s, key: k}}}}}]\n")),
                "s",
                "k",
                "x");
        Compilation compilation = compile(inventory, "3.5.0");
        assertThat(codes(compilation)).containsExactly("NX1610");
        assertThat(text(compilation.bundle().orElseThrow())).contains("follow_redirects: false");
        assertThat(compile(inventory, "3.16.0").diagnostics()).isEmpty();
    }

    @Test
    void retentionIsAFlagBelow311AndInTheFileFromThereOn() {
        Inventory inventory = inventory(resource("PrometheusServer", "main", "retention: {time: 200h, size: 10GB}\n"));
        Bundle older = compile(inventory, "3.5.0").bundle().orElseThrow();
        assertThat(older.flags()).contains("--storage.tsdb.retention.time=8d8h", "--storage.tsdb.retention.size=10GiB");
        assertThat(older.retention().time()).contains(Duration.ofHours(200));
        Bundle newer = compile(inventory, "3.11.0").bundle().orElseThrow();
        assertThat(newer.flags()).noneMatch(flag -> flag.contains("retention"));
        assertThat(new String(newer.index().content(), UTF_8)).contains("retention:");
        assertThat(newer.retention()).isEqualTo(older.retention());
    }

    @Test
    void flagsThatNarthexOwnsAreRefusedWithTheFieldToUse() {
        Compilation compilation = compile(
                inventory(resource("PrometheusServer", "main", "extraFlags: {storage.tsdb.retention.time: 30d}\n")),
                "3.16.0");
        assertThat(codes(compilation)).containsExactly("NX1302");
        assertThat(compilation.diagnostics().getFirst().remedy()).contains("spec.retention.time");
        assertThat(compilation.bundle()).isEmpty();
    }

    @Test
    void onlyWhatIsReadAtStartChangesTheRestartKey() {
        Bundle plain =
                compile(inventory(monitor("shop", STATIC)), "3.16.0").bundle().orElseThrow();
        Bundle more = compile(inventory(monitor("shop", STATIC) + monitor("two", STATIC)), "3.16.0")
                .bundle()
                .orElseThrow();
        Bundle retention = compile(inventory(resource("PrometheusServer", "main", "retention: {time: 1d}\n")), "3.16.0")
                .bundle()
                .orElseThrow();
        Bundle title = compile(inventory(resource("PrometheusServer", "main", "web: {pageTitle: Shop}\n")), "3.16.0")
                .bundle()
                .orElseThrow();
        assertThat(more.restartKey()).isEqualTo(plain.restartKey());
        assertThat(more.generation()).isNotEqualTo(plain.generation());
        assertThat(retention.restartKey()).isEqualTo(plain.restartKey());
        assertThat(title.restartKey()).isNotEqualTo(plain.restartKey());
    }

    @Test
    void linesOfAJobTellWhereTheyComeFrom() {
        Compilation compilation =
                compile(inventory(monitor("shop", STATIC + "endpoints:\n- name: metrics\n  interval: 5s\n")), "3.16.0");
        String job = "monitor/default/shop/metrics";
        Origin interval = compilation.origins(job).stream()
                .filter(origin -> origin.text().equals("scrape_interval: 5s"))
                .findFirst()
                .orElseThrow();
        assertThat(interval.field()).hasToString("spec.endpoints[metrics].interval");
        Bundle bundle = compilation.bundle().orElseThrow();
        BundleFile file = Objects.requireNonNull(
                bundle.files().get(bundle.jobs().find(job).orElseThrow().file()));
        assertThat(new String(file.content(), UTF_8).lines().toList().get(interval.line() - 1))
                .endsWith("scrape_interval: 5s");
    }

    @Test
    void theCredentialsOfAJobCantBeRedirectedSilently() {
        Inventory inventory = secret(
                inventory(monitor(
                        "shop",
                        STATIC
                                + "endpoints: [{name: a, auth: {authorization: {credentials: {secretRef: {name: s, key: k}}}},"
                                + " relabelings: [{targetLabel: __address__, replacement: '127.0.0.2:1'}]}]\n")),
                "s",
                "k",
                "x");
        assertThat(codes(compile(inventory, "3.16.0"))).containsExactly("NX1502");
    }

    @Test
    void aMonitorThatNobodyTakesIsToldWhy() {
        Inventory inventory = inventory(monitor("shop", STATIC)
                + resource("PrometheusServer", "main", "monitors: {selector: {matchLabels: {team: web}}}\n"));
        Compiler compiler = Compiler.create();
        Compilation compilation = compiler.compile(inventory, DefaultServer.KEY, Yaml.options("3.16.0"));
        assertThat(compilation.selects(new ResourceKey("Monitor", "default", "shop")))
                .isFalse();
        assertThat(compilation.bundle().orElseThrow().jobs().size()).isZero();
        Diagnostic diagnostic = compiler.unselected(inventory).getFirst();
        assertThat(diagnostic.code().id()).isEqualTo("NX1202");
        assertThat(diagnostic.message()).contains("monitors.selector wants the label team=web, which is absent");
    }

    @Test
    void aServerThatIsNotDeclaredIsToldAndNothingMade() {
        Compilation compilation = compile(Inventory.EMPTY, "3.16.0");
        assertThat(codes(compilation)).containsExactly("NX1308");
        assertThat(compilation.bundle()).isEmpty();
    }

    @Test
    void rulesStandInFilesUnderTheirOwnNames() {
        Compilation compilation = compile(
                inventory(resource(
                        "RuleSet",
                        "shop",
                        "groups: [{name: web, rules: [{alert: Down, expr: 'up == 0', for: 5m}]},"
                                + " {name: bad, rules: [{record: a b, expr: up}]}]\n")),
                "3.1.0");
        Bundle bundle = compilation.bundle().orElseThrow();
        assertThat(codes(compilation)).containsExactly("NX1402");
        String file = new String(bundle.files().firstEntry().getValue().content(), UTF_8);
        assertThat(file).contains("name: web").contains("for: 5m").doesNotContain("bad");
        assertThat(new String(bundle.index().content(), UTF_8))
                .contains(bundle.files().firstKey());
        assertThat(compilation.expressions().stream().map(Expression::text)).containsExactly("up", "up == 0");
    }
}
