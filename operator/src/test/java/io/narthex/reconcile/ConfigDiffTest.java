package io.narthex.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.narthex.reconcile.Change.Kind;
import io.narthex.reconcile.Change.Part;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A comparison speaks of what a configuration means, not of how its files are cut. */
class ConfigDiffTest {

    private static final String INDEX = "prometheus.yml";

    private static ConfigView view(List<String> flags, String... pathsAndContents) throws Exception {
        SortedMap<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < pathsAndContents.length; i += 2) {
            files.put(pathsAndContents[i], pathsAndContents[i + 1].getBytes(UTF_8));
        }
        return ConfigView.of(files, INDEX, flags);
    }

    private static final String JOB = """
            scrape_configs:
              - job_name: "monitor/default/server/metrics"
                scrape_interval: %s
                static_configs:
                  - targets: ["127.0.0.1:8000"]
            """;

    @Test
    void aJobThatMovedToAnotherFileIsNoChange() throws Exception {
        ConfigView before = view(List.of(), INDEX, JOB.formatted("5s"));
        ConfigView after = view(
                List.of(),
                INDEX,
                "scrape_config_files: [jobs-07-4f1c09aa.yml]\nrule_files: ['x-*.none']\n",
                "jobs-07-4f1c09aa.yml",
                JOB.formatted("5s"));

        assertThat(ConfigDiff.between(before, after)).isEmpty();
    }

    @Test
    void aChangedFieldOfAJobIsShownWithBothValues() throws Exception {
        assertThat(ConfigDiff.between(
                        view(List.of(), INDEX, JOB.formatted("15s")), view(List.of(), INDEX, JOB.formatted("5s"))))
                .containsExactly(new Change(
                        Kind.CHANGED, Part.JOB, "monitor/default/server/metrics", "scrape_interval", "15s", "5s"));
    }

    @Test
    void jobsThatComeAndGoAreSummedUp() throws Exception {
        ConfigView none = view(List.of(), INDEX, "global: {}\n");
        ConfigView one = view(List.of(), INDEX, "global: {}\n" + JOB.formatted("5s"));

        assertThat(ConfigDiff.between(none, one))
                .containsExactly(
                        new Change(Kind.ADDED, Part.JOB, "monitor/default/server/metrics", "", "", "1 static target"));
        assertThat(ConfigDiff.between(one, none))
                .containsExactly(new Change(
                        Kind.REMOVED, Part.JOB, "monitor/default/server/metrics", "", "1 static target", ""));
    }

    @Test
    void flagsAndSettingsAreComparedByName() throws Exception {
        ConfigView before = view(
                List.of("--storage.tsdb.retention.time=200h", "--web.enable-lifecycle"),
                INDEX,
                "global: {scrape_interval: 15s, external_labels: {site: a}}");
        ConfigView after = view(
                List.of("--storage.tsdb.retention.time=15d"),
                INDEX,
                "global: {scrape_interval: 15s, external_labels: {site: b}}");

        assertThat(ConfigDiff.between(before, after))
                .containsExactly(
                        new Change(Kind.CHANGED, Part.SETTING, "global.external_labels.site", "", "a", "b"),
                        new Change(Kind.CHANGED, Part.FLAG, "--storage.tsdb.retention.time", "", "200h", "15d"),
                        new Change(Kind.REMOVED, Part.FLAG, "--web.enable-lifecycle", "", "", ""));
    }

    @Test
    void theUserThatNarthexAddsIsNoChange() throws Exception {
        ConfigView declared = view(List.of(), "web.yml", "basic_auth_users: {alice: a}\n");
        ConfigView running = view(List.of(), "web.yml", "basic_auth_users: {alice: a, narthex-operator: b}\n");
        ConfigView other = view(List.of(), "web.yml", "basic_auth_users: {alice: b, narthex-operator: b}\n");

        assertThat(ConfigDiff.between(running, declared)).isEmpty();
        assertThat(ConfigDiff.between(running, other))
                .containsExactly(new Change(Kind.CHANGED, Part.FILE, "web.yml", "", "", ""));
        assertThat(running.toString()).doesNotContain("narthex-operator");
    }

    @Test
    void tlsOfTheServerIsASetting() throws Exception {
        ConfigView plain = view(List.of(), "web.yml", "basic_auth_users: {alice: a}\n");
        ConfigView tls = view(
                List.of(), "web.yml", "basic_auth_users: {alice: a}\ntls_server_config: {cert_file: c, key_file: k}\n");

        assertThat(ConfigDiff.between(plain, tls))
                .containsExactly(
                        new Change(Kind.ADDED, Part.SETTING, "web.tls", "", "", "true"),
                        new Change(Kind.CHANGED, Part.FILE, "web.yml", "", "", ""));
    }

    @Test
    void ruleGroupsAreNamedByTheirFileAndName() throws Exception {
        String rules = "groups: [{name: targets, rules: [{record: 'job:up:sum', expr: 'sum(up) by (job)'}]}]";
        ConfigView before = view(List.of(), "rules-0001.yml", rules);
        ConfigView changed = view(List.of(), "rules-0001.yml", rules.replace("sum(up)", "max(up)"));

        assertThat(ConfigDiff.between(before, changed))
                .containsExactly(new Change(Kind.CHANGED, Part.RULE_GROUP, "rules-0001: targets", "", "", ""));
    }

    @Test
    void whatIsNoConfigurationIsRefusedByName() {
        assertThatThrownBy(() -> view(List.of(), INDEX, "a: [")).hasMessageContaining(INDEX + ": not YAML");
        assertThatThrownBy(() -> view(List.of(), INDEX, "- 1")).hasMessageContaining(INDEX + ": not a mapping");
    }
}
