package io.narthex.reconcile.kubernetes;

import static io.narthex.reconcile.kubernetes.TestNamespace.LONG;
import static io.narthex.reconcile.kubernetes.TestNamespace.self;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.ReleaseJson;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.rollout.kubernetes.SecretData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a server may see of other namespaces, and what is said of whatever it may not see or does not take. */
class NamespacesIT {

    @RegisterExtension
    static final OperatorExtension CLUSTER = OperatorExtension.forEach();

    private TestNamespace home;

    @BeforeEach
    void begin() {
        home = CLUSTER.namespace();
    }

    @Test
    void aMonitorThatNobodyTakesSaysWhy() throws Exception {
        home.declare("PrometheusServer", "main", "monitors: {selector: {matchLabels: {team: a}}}\n");
        home.declare("Monitor", "self", self("1s"));
        home.awaitCondition("Monitor", "self", "Ready", "False NotSelected");
        assertThat(home.status("Monitor", "self").toString()).contains("the label team=a");
    }

    @Test
    void anotherNamespaceNeedsItsConsent() throws Exception {
        try (TestNamespace other = CLUSTER.newNamespace(Map.of())) {
            home.declare("PrometheusServer", "main", """
                    monitors: {namespaceSelector: {}}
                    ruleSets: {namespaceSelector: {}}
                    tenancy: {namespaceLabel: tenant}
                    """);
            home.declare("Monitor", "curious", """
                    source: {service: {selector: {}, namespaces: {names: [%s]}}}
                    endpoints: [{port: web}]
                    """.formatted(other.name()));
            home.declare("Monitor", "everywhere", """
                    source:
                      service:
                        selector: {matchLabels: {app.kubernetes.io/component: server}}
                        namespaces: {all: true}
                    endpoints: [{port: web, interval: 1s}]
                    """);
            home.declare("Monitor", "nodes", "source: {node: {}}\nendpoints: [{port: 10250}]\n");
            other.declare("Monitor", "far", self("1s"));
            other.awaitCondition("Monitor", "far", "Ready", "False NotPermitted");
            home.awaitSaid("Monitor", "curious", "NX1513", "may not see the namespace " + other.name());
            // All namespaces are those that the server may see: a list of the whole cluster would be refused.
            home.awaitCondition("Monitor", "everywhere", "Ready", "True AsDeclared");
            assertThat(home.status("Monitor", "nodes").toString()).contains("NX1515");
            agree(other, home.name());
            other.awaitCondition("Monitor", "far", "Ready", "True AsDeclared");
            other.declare(
                    "RuleSet", "far", "groups: [{name: g, interval: 1s, rules: [{record: far, expr: 'count(up)'}]}]\n");
            other.awaitCondition("RuleSet", "far", "Ready", "True AsDeclared");
            // Of the whole cluster it may list nothing: all are those that agreed, and its own.
            home.declare("Monitor", "everywhere", """
                    source:
                      service:
                        selector: {matchLabels: {app.kubernetes.io/component: server}}
                        namespaces: {all: true}
                    endpoints: [{port: web, interval: 1s}]
                    """);
            home.awaitCondition("Monitor", "everywhere", "Ready", "True AsDeclared");
            try (PrometheusClient prometheus = home.prometheus()) {
                // Of all targets only those of the rule's own namespace, whatever the rule says.
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(prometheus
                                        .query("far", Optional.empty())
                                        .toString())
                                .contains("tenant=" + other.name()));
            }
            assertThat(other.roleBindings()).isEqualTo(1);
            home.resource("PrometheusServer", "main").delete();
            await().atMost(LONG).until(() -> other.roleBindings() == 0);
        }
    }

    /** Has a namespace agree to the servers of one. */
    private static void agree(TestNamespace namespace, String from) {
        CLUSTER.admin()
                .namespaces()
                .withName(namespace.name())
                .edit(found -> new NamespaceBuilder(found)
                        .editMetadata()
                        .addToLabels(Inventory.MONITORED_FROM, from)
                        .endMetadata()
                        .build());
    }

    @Test
    void aPausedServerLosesWhatIsWithdrawnAndGetsNothingNew() throws Exception {
        try (TestNamespace early = CLUSTER.newNamespace(Map.of(Inventory.MONITORED_FROM, home.name()));
                TestNamespace late = CLUSTER.newNamespace(Map.of())) {
            home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
            await().atMost(LONG).until(() -> early.roleBindings() == 1);
            home.declare("PrometheusServer", "main", "scrapeInterval: 1s\npaused: true\n");
            home.awaitCondition("PrometheusServer", "main", "Ready", "Unknown Paused");

            agree(late, home.name());
            agree(early, "somebody-else");
            await().atMost(LONG).until(() -> early.roleBindings() == 0);
            assertThat(late.roleBindings())
                    .as("what was seen before the withdrawal")
                    .isZero();

            home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
            await().atMost(LONG).until(() -> late.roleBindings() == 1);
        }
    }

    /** Whoever owns the namespace takes back what he agreed to, while the server runs. */
    @Test
    void aConsentThatIsWithdrawnTakesEverythingWithIt() throws Exception {
        try (TestNamespace other = CLUSTER.newNamespace(Map.of(Inventory.MONITORED_FROM, home.name()))) {
            String credential = "of the other namespace's business";
            other.secret("token", Map.of("t", credential));
            home.declare("PrometheusServer", "main", "monitors: {namespaceSelector: {}}\n");
            home.declare("Monitor", "self", self("1s"));
            other.declare("Monitor", "far", """
                    source: {static: {targets: ['127.0.0.1:9090']}}
                    endpoints:
                    - {interval: 1s, auth: {authorization: {credentials: {secretRef: {name: token, key: t}}}}}
                    """);
            other.awaitCondition("Monitor", "far", "Ready", "True AsDeclared");
            assertThat(home.published()).containsExactly(credential);
            assertThat(home.jobs()).anyMatch(job -> job.contains(other.name()));
            assertThat(other.roleBindings()).isEqualTo(1);
            String pod = home.podUid();

            CLUSTER.admin()
                    .namespaces()
                    .withName(other.name())
                    .edit(found -> new NamespaceBuilder(found)
                            .editMetadata()
                            .removeFromLabels(Inventory.MONITORED_FROM)
                            .endMetadata()
                            .build());
            other.awaitCondition("Monitor", "far", "Ready", "False NotPermitted");
            await().atMost(LONG).until(() -> other.roleBindings() == 0);
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(home.jobs()).isNotEmpty().noneMatch(job -> job.contains(other.name())));
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(home.secretTexts()).noneMatch(text -> text.contains(credential)));
            home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
            home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
            assertThat(home.podUid()).as("nothing is restarted").isEqualTo(pod);
        }
    }

    @Test
    void somebodyElsesBindingIsLeftAloneAndSaid() throws Exception {
        try (TestNamespace other = CLUSTER.newNamespace(Map.of(Inventory.MONITORED_FROM, home.name()))) {
            String name = ObjectNames.of(new ResourceKey("PrometheusServer", home.name(), "main"))
                    .elsewhere();
            RoleBinding theirs = new RoleBindingBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(other.name())
                    .endMetadata()
                    .withNewRoleRef()
                    .withApiGroup("rbac.authorization.k8s.io")
                    .withKind("ClusterRole")
                    .withName("narthex-discovery")
                    .endRoleRef()
                    .build();
            CLUSTER.admin().resource(theirs).create();
            home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
            home.awaitSaid(
                    "PrometheusServer",
                    "main",
                    "RoleBinding " + other.name() + "/" + name + " exists and isn't this server's");
            home.awaitCondition("PrometheusServer", "main", "ConfigLoaded", "True AsDeclared");
            home.awaitCondition("PrometheusServer", "main", "Ready", "False Unavailable");
            assertThat(CLUSTER.admin().resource(theirs).get().getSubjects()).isEmpty();

            CLUSTER.admin().resource(theirs).delete();
            home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
            assertThat(CLUSTER.admin().resource(theirs).get().getSubjects()).hasSize(1);
        }
    }

    /** Who may write Secrets beside a server could write there what others' Monitors are said to have been before. */
    @Test
    void aForgedEarlierVersionGetsNobodysSecrets() throws Exception {
        try (TestNamespace other = CLUSTER.newNamespace(Map.of(Inventory.MONITORED_FROM, home.name()))) {
            other.secret("db", Map.of("password", "of nobody's business"));
            other.declare("Monitor", "web", "source: {service: {selector: {}}}\nendpoints: [{port: web}]\n");
            Secret held = home.newSecret("prometheus-main-held", Map.of("held.json", """
                    [{"kind": "Monitor", "namespace": "%s", "name": "web", "labels": {}, "annotations": {},
                      "spec": {"source": {"static": {"targets": ["127.0.0.1:80"]}}, "endpoints": [{"auth":
                        {"authorization": {"credentials": {"secretRef": {"name": "db", "key": "password"}}}}
                      }]}}]
                    """.formatted(other.name())));
            CLUSTER.admin().resource(held).create();
            home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
            home.awaitSaid(
                    "PrometheusServer",
                    "main",
                    "Secret " + home.name() + "/prometheus-main-held exists and isn't this server's");
            assertThat(home.set()).isNull();

            // As one that a server of its name left, which is read.
            held.getMetadata()
                    .setLabels(ObjectNames.of(new ResourceKey("PrometheusServer", home.name(), "main"))
                            .labels("held"));
            CLUSTER.admin().resource(held).update();
            home.declare("PrometheusServer", "main", """
                    monitors: {namespaceSelector: {}}
                    tenancy: {allowedSources: [static]}
                    """);
            home.declare("Monitor", "self", self("1s"));
            home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
            other.awaitSaid("Monitor", "web", "NX1507");

            assertThat(home.secretTexts()).noneMatch(text -> text.contains("of nobody's business"));
        }
    }

    /** Nor does he get pods to run that nobody declared, as a service account that isn't his. */
    @Test
    void aForgedReleaseToGoBackToNeverRuns() throws Exception {
        home.declareServerThatScrapesItself();
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(ReleaseJson.release(ReleaseJson.read(kept("release.json")))
                                .parts())
                        .isNotEmpty());
        CLUSTER.stopOperator();
        StatefulSet before = home.set();
        String uid = home.podUid();
        ObjectNode release = (ObjectNode) ReleaseJson.read(kept("release.json"));
        String refused = ReleaseJson.release(release).id();
        ObjectNode template = (ObjectNode) ReleaseJson.read(kept("template.json"));
        template.withObject("/metadata/annotations").put(ObjectNames.RESTART_KEY, "forged");
        template.withObject("/spec").put("serviceAccountName", "somebodys");
        keep("release.json", release.put("restartKey", "forged").toString());
        keep("template.json", template.toString());
        keep(
                "refused.json",
                ReleaseJson.of(new Refusal(refused, Reason.CONFIG_REFUSED, "forged words"))
                        .toString());

        CLUSTER.startOperator();

        await().atMost(LONG).during(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(home.set().getSpec().getTemplate())
                    .isEqualTo(before.getSpec().getTemplate());
            assertThat(home.podUid()).isEqualTo(uid);
        });
        home.declare("Monitor", "self", self("2s"));
        home.awaitIntervals("2s", 1);
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(new String(kept("template.json"), StandardCharsets.UTF_8)).doesNotContain("somebodys");
    }

    private Resource<Secret> state() {
        return CLUSTER.admin().secrets().inNamespace(home.name()).withName("prometheus-main-state");
    }

    private byte[] kept(String key) {
        return SecretData.content(state().get().getData(), key).orElseThrow();
    }

    private void keep(String key, String content) {
        state().edit(secret -> {
            secret.getData().put(key, SecretData.encoded(content.getBytes(StandardCharsets.UTF_8)));
            return secret;
        });
    }
}
