package io.narthex.reconcile.kubernetes;

import static io.narthex.reconcile.kubernetes.TestNamespace.LONG;
import static io.narthex.reconcile.kubernetes.TestNamespace.condition;
import static io.narthex.reconcile.kubernetes.TestNamespace.self;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Operators that are started anew, that have less rights or look at less than others, or that share a cluster. */
class OperatorsIT {

    @RegisterExtension
    static final OperatorExtension CLUSTER = OperatorExtension.forEach();

    private TestNamespace home;

    @BeforeEach
    void begin() {
        home = CLUSTER.namespace();
    }

    @Test
    void aRestartOfTheOperatorWritesNothing() throws Exception {
        home.secret("token", Map.of("t", "one"));
        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        home.declare("Monitor", "self", self("1s"));
        home.declare("Monitor", "token", """
                source: {static: {targets: ['127.0.0.1:9090']}}
                endpoints:
                - {interval: 1s, auth: {authorization: {credentials: {secretRef: {name: token, key: t}}}}}
                """);
        home.declare("Monitor", "refused", self("1s") + "labels: {__name__: x}\n");
        home.declare("RuleSet", "rules", "groups: [{name: g, rules: [{record: a, expr: 'sum(up)'}]}]\n");
        home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        home.awaitCondition("Monitor", "token", "Ready", "True AsDeclared");
        home.awaitCondition("Monitor", "refused", "Ready", "False Invalid");
        home.awaitCondition("RuleSet", "rules", "Ready", "True AsDeclared");
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        // Counts alone may wait for half a minute.
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode status = home.status("PrometheusServer", "main");
            assertThat(status.path("targets").path("up").asInt())
                    .as("%s", status)
                    .isEqualTo(2);
            assertThat(status.path("monitors").asInt()).as("%s", status).isEqualTo(2);
            assertThat(status.path("ruleSets").asInt()).as("%s", status).isEqualTo(1);
        });
        CLUSTER.stopOperator();
        Map<String, String> before = versions();
        assertThat(before.keySet())
                .as("what is looked at")
                .anyMatch(name -> name.startsWith("Pod/"))
                .anyMatch(name -> name.contains("-part-"))
                .anyMatch(name -> name.endsWith("-index"))
                .anyMatch(name -> name.startsWith("PrometheusServer/"))
                .anyMatch(name -> name.startsWith("RoleBinding/"))
                .anyMatch(name -> name.startsWith("Event/"));
        double looks = home.requests("/api/v1/targets");

        CLUSTER.startOperator();

        await().atMost(LONG).until(() -> home.requests("/api/v1/targets") > looks);
        // Of what is to be written meanwhile this comes last.
        try (TestNamespace elsewhere = CLUSTER.newNamespace(Map.of())) {
            elsewhere.declare("Monitor", "last", self("1s"));
            elsewhere.awaitCondition("Monitor", "last", "Ready", "False NotSelected");
        }
        // Longer than the operator waits until it looks again at what it made.
        await().atMost(LONG)
                .during(OperatorExtension.RECHECK.plusSeconds(1))
                .untilAsserted(() -> assertThat(versions()).isEqualTo(before));
    }

    /**
     * Returns the versions of all objects in the namespace, of whatever kind, and of the bindings in the cluster. Left out
     * are Leases, which whoever leads renews all the time, and events of others, such as the kubelet's.
     */
    private Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        List<String> groups = new ArrayList<>(List.of("v1"));
        CLUSTER.admin()
                .getApiGroups()
                .getGroups()
                .forEach(group -> groups.add(group.getPreferredVersion().getGroupVersion()));
        for (String group : groups) {
            for (APIResource kind : CLUSTER.admin().getApiResources(group).getResources()) {
                if (kind.getNamespaced()
                        && kind.getVerbs().contains("list")
                        && !kind.getKind().equals("Lease")) {
                    CLUSTER
                            .admin()
                            .genericKubernetesResources(group, kind.getKind())
                            .inNamespace(home.name())
                            .list()
                            .getItems()
                            .stream()
                            .filter(object -> !kind.getKind().equals("Event") || isOurs(object))
                            .forEach(object -> note(object, versions));
                }
            }
        }
        CLUSTER.admin().rbac().clusterRoleBindings().list().getItems().forEach(binding -> note(binding, versions));
        return versions;
    }

    private static boolean isOurs(GenericKubernetesResource event) {
        return event.getAdditionalProperties().toString().contains("component=narthex");
    }

    private static void note(HasMetadata object, Map<String, String> versions) {
        versions.put(
                object.getKind() + "/" + object.getMetadata().getName(),
                object.getMetadata().getResourceVersion());
    }

    /** What an operator that starts anew doesn't know it doesn't take back either. */
    @Test
    void aPausedServersMonitorsSayWhatTheySaidWhenTheOperatorIsStartedAnew() throws Exception {
        home.declareServerThatScrapesItself();
        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\npaused: true\n");
        home.awaitCondition("PrometheusServer", "main", "Ready", "Unknown Paused");
        CLUSTER.stopOperator();
        JsonNode before = home.status("Monitor", "self");
        CLUSTER.startOperator();
        home.declare("Monitor", "new", self("2s"));
        home.awaitCondition("Monitor", "new", "Ready", "Unknown Paused");
        await().atMost(LONG)
                .during(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(home.status("Monitor", "self")).isEqualTo(before));

        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        home.awaitCondition("Monitor", "new", "Ready", "True AsDeclared");
    }

    @Test
    void aServerOfAnotherClassIsLeftToItsOperator() throws Exception {
        home.declare("PrometheusServer", "main", "operatorClass: other\nreplicas: 1\n");
        home.declare("Monitor", "self", self("1s"));
        try (ClusterOperator other = OperatorExtension.operator(CLUSTER.client(), OperatorExtension.ofClass("other"))) {
            assertThat(CLUSTER.admin()
                            .apps()
                            .statefulSets()
                            .inNamespace(home.name())
                            .list()
                            .getItems())
                    .isEmpty();
            other.start();
            home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        }
        // Of what another operator's server takes, the other speaks, also while it is away.
        CLUSTER.stopOperator();
        CLUSTER.startOperator();
        await().atMost(LONG)
                .during(Duration.ofSeconds(2))
                .untilAsserted(() ->
                        assertThat(home.condition("Monitor", "self", "Ready")).isEqualTo("True AsDeclared"));
    }

    /** What only the former operator owns of a status, nobody else's write takes away. */
    @Test
    void whoNoLongerTakesAServerTakesBackWhatItSaidOfIt() throws Exception {
        home.declare("PrometheusServer", "main", "paused: true\n");
        home.awaitCondition("PrometheusServer", "main", "Ready", "Unknown Paused");
        assertThat(speakers()).containsExactly("narthex");
        try (ClusterOperator other = OperatorExtension.operator(CLUSTER.client(), OperatorExtension.ofClass("other"))) {
            other.start();
            home.declare("PrometheusServer", "main", "operatorClass: other\npaused: true\n");
            await().atMost(LONG).untilAsserted(() -> assertThat(speakers()).containsExactly("narthex-other"));
            home.awaitCondition("PrometheusServer", "main", "Ready", "Unknown Paused");
        }
        // Also where it wasn't there when that was decided.
        home.declare("PrometheusServer", "main", "paused: true\n");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(speakers()).containsExactlyInAnyOrder("narthex", "narthex-other"));
        try (ClusterOperator other = OperatorExtension.operator(CLUSTER.client(), OperatorExtension.ofClass("other"))) {
            other.start();
            await().atMost(LONG).untilAsserted(() -> assertThat(speakers()).containsExactly("narthex"));
            home.awaitCondition("PrometheusServer", "main", "Ready", "Unknown Paused");
        }
    }

    /** Returns who owns something of the server's status. */
    private List<String> speakers() {
        return home.resource("PrometheusServer", "main").get().getMetadata().getManagedFields().stream()
                .filter(entry -> "status".equals(entry.getSubresource()))
                .filter(entry ->
                        entry.getFieldsV1().getAdditionalProperties().get("f:status") instanceof Map<?, ?> owned
                                && !owned.isEmpty())
                .map(ManagedFieldsEntry::getManager)
                .toList();
    }

    /** Each writes what its own servers say; were their sums others', they would write against each other for ever. */
    @Test
    void operatorsOfTwoClassesThatTakeAMonitorSayTheSame() throws Exception {
        home.declare("PrometheusServer", "second", "operatorClass: other\npaused: true\n");
        home.declare("Monitor", "self", self("1s"));
        home.awaitSaid("Monitor", "self", home.name() + "/second of the operatorClass other takes it, but no operator");
        assertThat(home.condition("Monitor", "self", "Ready")).isEqualTo("Unknown Pending");
        try (ClusterOperator other = OperatorExtension.operator(CLUSTER.client(), OperatorExtension.ofClass("other"))) {
            other.start();
            home.awaitCondition("Monitor", "self", "Ready", "Unknown Paused");
            home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
            await().atMost(LONG).untilAsserted(() -> {
                JsonNode servers = home.status("Monitor", "self").path("servers");
                assertThat(servers).as("%s", servers).hasSize(2);
                assertThat(servers)
                        .filteredOn(server -> server.path("name").asText().equals("main"))
                        .allSatisfy(main ->
                                assertThat(condition(main, "TargetsHealthy")).isEqualTo("True AsDeclared"));
            });
            home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
            awaitCalm();
            JsonNode agreed = home.status("Monitor", "self");
            assertThat(condition(agreed, "Ready")).isEqualTo("Unknown Paused");
            assertThat(agreed.path("conditions").toString()).contains(home.name() + "/second");
            assertThat(agreed.path("targets").path("up").asInt()).isEqualTo(1);

            // Nor is it left as somebody else wants it.
            JsonNode server = home.status("PrometheusServer", "main");
            write("Monitor", "self", "{\"conditions\": [], \"targets\": {\"total\": 7, \"up\": 7}, \"servers\": []}");
            write("PrometheusServer", "main", "{\"replicas\": 7, \"conditions\": []}");
            await().atMost(LONG).untilAsserted(() -> {
                JsonNode status = home.status("PrometheusServer", "main");
                assertThat(status.path("replicas").asInt()).isEqualTo(1);
                assertThat(status.path("conditions")).as("also since when").isEqualTo(server.path("conditions"));
            });
            await().atMost(LONG).untilAsserted(() -> {
                JsonNode status = home.status("Monitor", "self");
                assertThat(condition(status, "Ready")).as("%s", status).isEqualTo("Unknown Paused");
                assertThat(status.path("servers")).hasSize(2);
                assertThat(status.path("targets")).isEqualTo(agreed.path("targets"));
            });
        }
        home.resource("PrometheusServer", "second").delete();
        try (ClusterOperator other = OperatorExtension.operator(CLUSTER.client(), OperatorExtension.ofClass("other"))) {
            other.start();
            home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
            assertThat(home.status("Monitor", "self").path("servers"))
                    .as("of the server that was deleted while its operator was away")
                    .hasSize(1);
            awaitCalm();
        }
    }

    /** Nobody writes the Monitor for longer than an operator waits until it looks at what another wrote. */
    private void awaitCalm() {
        AtomicReference<String> version = new AtomicReference<>("");
        await().atMost(LONG).during(Duration.ofSeconds(4)).until(() -> {
            String now = home.resource("Monitor", "self").get().getMetadata().getResourceVersion();
            return now.equals(version.getAndSet(now));
        });
    }

    /** As `kubectl edit --subresource=status` does. */
    private void write(String kind, String name, String status) {
        home.resource(kind, name)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\": " + status + "}");
    }

    /** Somebody's policy, quota or object of the same name has nothing to do with what others have scraped. */
    @Test
    void whatIsInTheWayOfOneObjectKeepsNobodysMonitorsFromAServer() throws Exception {
        home.declareServerThatScrapesItself();
        String uid = home.podUid();
        CLUSTER.stopOperator();
        try (RefusingPolicy _ = new RefusingPolicy(
                CLUSTER.admin(),
                home.name(),
                "{apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [services]}",
                "false",
                "services need an owner")) {
            await().atMost(LONG)
                    .untilAsserted(() -> assertThatThrownBy(() -> CLUSTER.admin()
                                    .resource(new ServiceBuilder()
                                            .withNewMetadata()
                                            .withName("probe")
                                            .withNamespace(home.name())
                                            .endMetadata()
                                            .withNewSpec()
                                            .withClusterIP("None")
                                            .endSpec()
                                            .build())
                                    .dryRun()
                                    .create())
                            .hasMessageContaining("services need an owner"));
            CLUSTER.admin()
                    .services()
                    .inNamespace(home.name())
                    .withName("prometheus-main")
                    .delete();
            CLUSTER.startOperator();

            home.declare("Monitor", "self", self("2s"));
            home.awaitIntervals("2s", 1);
            home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
            home.awaitCondition("PrometheusServer", "main", "Ready", "False Unavailable");
            assertThat(home.status("PrometheusServer", "main").toString())
                    .contains("Service prometheus-main:", "services need an owner");
            assertThat(home.condition("PrometheusServer", "main", "ConfigLoaded"))
                    .startsWith("True ");
            // Nor does it keep a Prometheus that somebody deletes from coming back.
            home.deleteSet();
            home.awaitOtherPod(uid);
            home.awaitCondition("PrometheusServer", "main", "ConfigLoaded", "True AsDeclared");
            uid = home.podUid();
        }
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(CLUSTER.admin()
                        .services()
                        .inNamespace(home.name())
                        .withName("prometheus-main")
                        .get())
                .isNotNull();

        CLUSTER.admin()
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("theirs")
                        .withNamespace(home.name())
                        .endMetadata()
                        .build())
                .create();
        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\nserviceAccount: {name: theirs}\n");
        home.awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Invalid");
        assertThat(home.status("PrometheusServer", "main").toString())
                .contains("NX1314", "ServiceAccount " + home.name() + "/theirs exists and isn't this server's");
        home.declare("Monitor", "self", self("3s"));
        home.awaitIntervals("3s", 1);
        home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        assertThat(home.podUid()).isEqualTo(uid);

        CLUSTER.admin()
                .serviceAccounts()
                .inNamespace(home.name())
                .withName("theirs")
                .delete();
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(home.pod().getSpec().getServiceAccountName()).isEqualTo("theirs");
    }

    /** Without the right to nudge what is written arrives when the kubelet looks by itself. */
    @Test
    void thatAPodCanNotBeNudgedIsSaid() throws Exception {
        ClusterRole less = CLUSTER.admin()
                .rbac()
                .clusterRoles()
                .withName(OperatorExtension.ROLE)
                .get();
        less.setMetadata(new ObjectMetaBuilder()
                .withName("narthex-operator-without-nudges")
                .build());
        less.getRules().removeIf(rule -> rule.getResources().contains("pods/status"));
        CLUSTER.admin().resource(less).serverSideApply();
        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        CLUSTER.stopOperator();
        CLUSTER.startOperator(
                CLUSTER.testbed().withClusterRole("narthex-operator-without-nudges"), OperatorExtension.SETTINGS);
        AtomicInteger changes = new AtomicInteger();
        // A kubelet that looks at the pod just then for another reason needs no nudge.
        await().atMost(LONG).pollInterval(Duration.ofSeconds(6)).untilAsserted(() -> {
            home.declare("Monitor", "self", self(changes.incrementAndGet() + "s"));
            assertThat(home.status("PrometheusServer", "main").toString())
                    .contains("the configuration is on its way into the pods")
                    .contains("patch of pods/status")
                    .contains("cannot patch resource");
        });
    }

    /** Of a namespace alone: the operator's role is bound there and nowhere else. */
    @Test
    void anOperatorOfOneNamespaceTakesNoRightElsewhere() throws Exception {
        CLUSTER.stopOperator();
        CLUSTER.startOperator(
                CLUSTER.testbed().withClusterRoleIn(home.name(), OperatorExtension.ROLE),
                OperatorExtension.inside(home));
        home.secret("token", Map.of("t", "one"));
        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\nmonitors: {namespaceSelector: {}}\n");
        home.declare("Monitor", "self", """
                source: {service: {selector: {matchLabels: {app.kubernetes.io/component: server}}}}
                endpoints:
                - port: web
                  interval: 1s
                  auth: {authorization: {credentials: {secretRef: {name: token, key: t}}}}
                """);
        home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(CLUSTER.operator().source().health().problems()).isEmpty();
        assertThat(home.published()).containsExactly("one");
    }
}
