package io.narthex.reconcile.kubernetes;

import static io.narthex.reconcile.kubernetes.TestNamespace.condition;
import static io.narthex.reconcile.kubernetes.TestNamespace.self;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.Watch;
import io.narthex.prometheus.Certificates;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is declared wrongly is named, and what worked goes on: whoever notices it, and also where the operator is started anew. */
class MistakesIT {

    @RegisterExtension
    static final OperatorExtension CLUSTER = OperatorExtension.forEach();

    private TestNamespace home;

    @BeforeEach
    void begin() {
        home = CLUSTER.namespace();
    }

    @Test
    void whatPrometheusRefusesIsNamedAndTheRestGoesOn() throws Exception {
        home.declareServerThatScrapesItself();
        home.declare("RuleSet", "bad", "groups: [{name: g, rules: [{record: a, expr: 'sum(('}]}]\n");
        home.awaitCondition("RuleSet", "bad", "Ready", "False Invalid");
        assertThat(home.status("RuleSet", "bad").toString()).contains("NX1410");
        home.awaitCondition("PrometheusServer", "main", "ConfigLoaded", "True AsDeclared");
        assertThat(home.condition("Monitor", "self", "Ready")).isEqualTo("True AsDeclared");

        home.declare("RuleSet", "bad", "groups: [{name: g, rules: [{record: a, expr: 'sum(up)'}]}]\n");
        home.awaitCondition("RuleSet", "bad", "Ready", "True AsDeclared");

        // What the server's author got wrong in jobs of his own is held back by itself.
        home.secret(
                "own",
                Map.of(
                        "jobs",
                        "[{job_name: own, static_configs: [{targets: ['127.0.0.1:9090']}], scrape_interval: 4s}]"));
        home.declare(
                "PrometheusServer",
                "main",
                "scrapeInterval: 1s\nadditionalScrapeConfigs: {secretRef: {name: own, key: jobs}}\n");
        home.awaitIntervals("4s", 1);
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        home.secret("own", Map.of("jobs", "[{job_name: own, nonsense: true}]"));
        home.awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Refused");
        assertThat(home.status("PrometheusServer", "main").toString()).contains("spec.additionalScrapeConfigs");
        home.declare("Monitor", "self", self("2s"));
        home.awaitIntervals("2s", 1);
        home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        CLUSTER.stopOperator();
        CLUSTER.startOperator();
        home.declare("Monitor", "self", self("3s"));
        home.awaitIntervals("3s", 1);
        home.awaitIntervals("4s", 1);
        home.awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Refused");
        home.secret(
                "own",
                Map.of(
                        "jobs",
                        "[{job_name: own, static_configs: [{targets: ['127.0.0.1:9090']}], scrape_interval: 5s}]"));
        home.awaitIntervals("5s", 1);
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
    }

    /** Such as a key of another certificate: Prometheus says that it can't apply the configuration, and no more. */
    @Test
    void whatPrometheusRefusesWithoutANameIsFoundByTryingParts(@TempDir Path folder) throws Exception {
        Certificates one = Certificates.make(folder, "dns:one");
        Certificates other = Certificates.make(folder, "dns:other");
        home.secret("client", Map.of("tls.crt", one.certificate(), "tls.key", one.key(), "other.key", other.key()));
        List<String> names = List.of("a", "b", "c", "d", "e", "f");
        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        for (String name : names) {
            home.declare("Monitor", name, withKey("tls.key", "1s"));
        }
        for (String name : names) {
            home.awaitLoaded(name, "True AsDeclared");
        }

        // So that they reach it together.
        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\npaused: true\n");
        home.awaitCondition("PrometheusServer", "main", "Ready", "Unknown Paused");
        for (String name : names) {
            home.declare("Monitor", name, withKey(name.equals("d") ? "other.key" : "tls.key", "2s"));
        }
        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");

        home.awaitLoaded("d", "False Refused");
        for (String name : names) {
            if (!name.equals("d")) {
                home.awaitLoaded(name, "True AsDeclared");
            }
        }
        home.awaitIntervals("2s", 5);
        home.awaitIntervals("1s", 1);
        home.awaitCondition("PrometheusServer", "main", "ConfigLoaded", "True AsDeclared");
        assertThat(home.status("Monitor", "d").toString())
                .contains("NX2050", "the server goes on with the version before");
    }

    private static String withKey(String key, String interval) {
        return """
                source: {static: {targets: ['127.0.0.1:9090']}}
                endpoints:
                - interval: %s
                  tls: {cert: {secretRef: {name: client, key: tls.crt}}, key: {secretRef: {name: client, key: %s}}}
                """.formatted(interval, key);
    }

    /** Neither its configuration nor what else it asks for: how many pods, which image, what else is in them. */
    @Test
    void ofARefusedVersionOfAServerNothingIsCarriedOut() throws Exception {
        home.declareServerThatScrapesItself();
        StatefulSet before = home.set();

        String more = """
                scrapeInterval: 1s
                replicas: 2
                pod: {annotations: {new: pod}}
                remoteWrite:
                  - url: http://127.0.0.1:9/write
                    auth: {authorization: {credentials: {secretRef: {name: not-yet, key: t}}}}
                """;
        home.declare("PrometheusServer", "main", more);
        home.awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False CredentialMissing");
        home.declare("Monitor", "self", self("2s"));
        home.awaitIntervals("2s", 1);
        assertThat(home.set().getMetadata().getGeneration())
                .isEqualTo(before.getMetadata().getGeneration());
        assertThat(home.set().getSpec().getReplicas()).isEqualTo(1);

        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\nstorage: {existingClaim: other}\n");
        home.awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Invalid");
        assertThat(home.status("PrometheusServer", "main").toString()).contains("NX1312", "allowDataLoss");
        // Somebody's mistake in the server keeps nobody's Monitors from it.
        home.declare("Monitor", "self", self("3s"));
        home.awaitIntervals("3s", 1);
        home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        // Nor does it after a restart of the operator, even where nobody was there when it was made.
        CLUSTER.stopOperator();
        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\nshards: 2\n");
        List<String> said = new CopyOnWriteArrayList<>();
        try (Watch _ =
                home.watch("Monitor", "self", seen -> said.add(condition(TestNamespace.status(seen), "Ready")))) {
            CLUSTER.startOperator();
            home.awaitSaid("PrometheusServer", "main", "NX1311");
            home.declare("Monitor", "second", self("4s"));
            home.awaitIntervals("4s", 1);
            home.awaitIntervals("3s", 1);
            home.awaitCondition("Monitor", "second", "Ready", "True AsDeclared");
        }
        assertThat(said).as("what is said of a Monitor that runs").containsOnly("True AsDeclared");
        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\nretention: {time: 1h}\n");
        home.awaitCondition("PrometheusServer", "main", "Ready", "False DataLossRefused");
        home.declare("Monitor", "self", self("5s"));
        home.awaitIntervals("5s", 1);
        home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        assertThat(home.set().getMetadata().getGeneration())
                .isEqualTo(before.getMetadata().getGeneration());
        home.declare("PrometheusServer", "main", more);
        home.awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False CredentialMissing");

        home.secret("not-yet", Map.of("t", "token"));
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(home.set().getSpec().getReplicas()).isEqualTo(2);
        assertThat(home.set().getSpec().getTemplate().getMetadata().getAnnotations())
                .containsEntry("new", "pod");
    }

    /** The API server has the newest version only; what ran before outlives the operator all the same. */
    @Test
    void aMistakeTakesNothingAwayWhenTheOperatorIsStartedAnew() throws Exception {
        home.declareServerThatScrapesItself();
        home.declare(
                "Monitor",
                "self",
                "source: {static: {targets: ['127.0.0.1:9090']}}\nendpoints: [{interval: 1s, timeout: 30s}]\n");
        home.awaitCondition("Monitor", "self", "Ready", "False Invalid");
        CLUSTER.stopOperator();
        CLUSTER.startOperator();
        home.declare("Monitor", "second", self("2s"));
        home.awaitCondition("Monitor", "second", "Ready", "True AsDeclared");
        assertThat(home.condition("Monitor", "self", "Ready")).isEqualTo("False Invalid");
        assertThat(home.up()).isEqualTo(2);
        home.declare("Monitor", "self", self("2s"));
        home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
    }
}
