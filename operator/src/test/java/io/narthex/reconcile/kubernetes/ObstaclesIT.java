package io.narthex.reconcile.kubernetes;

import static io.narthex.reconcile.kubernetes.TestNamespace.LONG;
import static io.narthex.reconcile.kubernetes.TestNamespace.condition;
import static io.narthex.reconcile.kubernetes.TestNamespace.self;
import static io.narthex.reconcile.kubernetes.TestNamespace.up;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.compiler.model.Inventory;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.rollout.kubernetes.QuietWrites;
import io.narthex.source.kubernetes.KubernetesClients;
import io.narthex.testbed.ConcurrentTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What others put in the way of a server, such as webhooks, budgets and quotas, is named and outlasted, and what runs goes on. */
class ObstaclesIT {

    @RegisterExtension
    static final OperatorExtension CLUSTER = OperatorExtension.forAll();

    private TestNamespace home;

    @BeforeEach
    void begin() {
        home = CLUSTER.namespace();
    }

    /**
     * Others' webhooks stand between the operator and what it writes, each time for ten seconds unless they say otherwise. They
     * are named, and it goes on once they are gone.
     */
    @ConcurrentTest
    void anAdmissionWebhookThatNeverAnswersIsNamedAndOutlasted() throws Exception {
        home.declareServerThatScrapesItself();
        String uid = home.podUid();
        try (HangingWebhook webhook = new HangingWebhook(
                CLUSTER.admin(),
                home.name(),
                HangingWebhook.USUAL,
                "kubernetes.io/metadata.name",
                home.name(),
                "- {apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [secrets, services]}")) {
            // What the API server just learned reaches all of it in a moment. It is asked as the operator asks: once.
            KubernetesClient patient = KubernetesClients.patient(CLUSTER.client(), QuietWrites.PATIENCE);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThatThrownBy(
                                    () -> patient.resource(home.newSecret("token", Map.of("t", "probe")))
                                            .fieldManager("probe")
                                            .forceConflicts()
                                            .serverSideApply())
                            .hasMessageContaining(webhook.webhook()));

            home.declare("Monitor", "late", self("2s"));
            home.declare(
                    "PrometheusServer", "second", "scrapeInterval: 2s\nmonitors: {selector: {matchLabels: {a: b}}}\n");
            for (String server : List.of("main", "second")) {
                home.awaitSaid("PrometheusServer", server, "failed calling webhook", webhook.webhook());
            }
            assertThat(home.condition("Monitor", "late", "Ready")).startsWith("False ");
            // Neither the operator nor what runs suffers from that.
            assertThat(CLUSTER.operator().isStarted()).isTrue();
            assertThat(CLUSTER.operator().source().health().problems()).isEmpty();
            assertThat(home.up()).isEqualTo(1);
        }
        home.awaitCondition("Monitor", "late", "Ready", "True AsDeclared");
        home.awaitCondition("PrometheusServer", "second", "Ready", "True AsDeclared");
        assertThat(home.podUid()).isEqualTo(uid);
    }

    /** Namespaces that agreed to be discovered may be many, and each answer take half a minute. */
    @ConcurrentTest
    void aWebhookThatHoldsUpBindingsElsewhereHoldsUpNobodyElse() throws Exception {
        Map<String, String> agreed = Map.of(Inventory.MONITORED_FROM, home.name());
        List<TestNamespace> hanging = new ArrayList<>();
        // One after the other they would take longer than anything here is waited for: the API server gives up one that
        // doesn't even shake hands after ten seconds.
        for (int i = 0; i < 13; i++) {
            hanging.add(CLUSTER.newNamespace(Map.of(Inventory.MONITORED_FROM, home.name(), "held-up-by", home.name())));
        }
        try (HangingWebhook webhook = new HangingWebhook(
                        CLUSTER.admin(),
                        home.name() + "-bindings",
                        HangingWebhook.LONGEST,
                        "held-up-by",
                        home.name(),
                        """
                        - apiGroups: [rbac.authorization.k8s.io]
                          apiVersions: [v1]
                          operations: [CREATE, UPDATE]
                          resources: [rolebindings]
                        """);
                TestNamespace withdrawn = CLUSTER.newNamespace(agreed)) {
            KubernetesClient brief = KubernetesClients.patient(CLUSTER.admin(), Duration.ofSeconds(2));
            RoleBinding probe = new RoleBindingBuilder()
                    .withNewMetadata()
                    .withName("probe")
                    .withNamespace(hanging.getFirst().name())
                    .endMetadata()
                    .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "view")
                    .build();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThatThrownBy(
                                    () -> brief.resource(probe).dryRun().create())
                            .isInstanceOf(KubernetesClientException.class));

            home.declareServerThatScrapesItself();
            home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
            await().atMost(LONG).until(() -> withdrawn.roleBindings() == 1);

            home.declare("PrometheusServer", "second", "monitors: {selector: {matchLabels: {a: b}}}\n");
            home.awaitCondition("PrometheusServer", "second", "Ready", "True AsDeclared");
            CLUSTER.admin()
                    .namespaces()
                    .withName(withdrawn.name())
                    .edit(found -> new NamespaceBuilder(found)
                            .editMetadata()
                            .removeFromLabels(Inventory.MONITORED_FROM)
                            .endMetadata()
                            .build());
            await().atMost(LONG).until(() -> withdrawn.roleBindings() == 0);
            try (TestNamespace late = CLUSTER.newNamespace(agreed)) {
                await().atMost(LONG).until(() -> late.roleBindings() == 2);
            }
            assertThat(hanging).allMatch(namespace -> namespace.roleBindings() == 0);

            webhook.withdraw();
            for (TestNamespace namespace : hanging) {
                await().atMost(LONG).until(() -> namespace.roleBindings() == 2);
            }
        } finally {
            hanging.forEach(TestNamespace::close);
        }
    }

    @ConcurrentTest
    void aBudgetThatForbidsARestartIsNamedAndKeepsNobodyElseWaiting() throws Exception {
        home.declareServerThatScrapesItself();
        Pod before = home.pod();
        String uid = before.getMetadata().getUid();
        home.apply("""
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: somebodys}
                spec: {minAvailable: 1, selector: {matchLabels: {app.kubernetes.io/name: prometheus}}}
                """);
        await().atMost(LONG)
                .until(() -> CLUSTER.admin()
                                .policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(home.name())
                                .withName("somebodys")
                                .get()
                                .getStatus()
                                .getCurrentHealthy()
                        == 1);

        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\npod: {labels: {tier: monitoring}}\n");

        home.awaitSaid("PrometheusServer", "main", "the pod prometheus-main-0 can't be evicted", "PodDisruptionBudget");
        home.declare("Monitor", "later", self("2s"));
        try (PrometheusClient prometheus = TestNamespace.prometheus(before, "")) {
            await().atMost(LONG).until(() -> up(prometheus) == 2);
        }
        assertThat(home.podUid()).isEqualTo(uid);

        CLUSTER.admin()
                .policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(home.name())
                .withName("somebodys")
                .delete();
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        home.awaitCondition("Monitor", "later", "Ready", "True AsDeclared");
        assertThat(home.podUid()).isNotEqualTo(uid);
    }

    /** Its pods run on as the account that they have, which must not lose its rights to that of pods which don't come. */
    @ConcurrentTest
    void aPolicyThatRefusesAnotherServiceAccountTakesNoRightsFromTheOneThatRuns() throws Exception {
        home.declareServerThatScrapesItself();
        String uid = home.podUid();
        try (TestNamespace elsewhere = CLUSTER.newNamespace(Map.of(Inventory.MONITORED_FROM, home.name()))) {
            try (RefusingPolicy _ = new RefusingPolicy(
                    CLUSTER.admin(),
                    home.name(),
                    "{apiGroups: [apps], apiVersions: [v1], operations: [UPDATE], resources: [statefulsets]}",
                    "object.spec.template.spec.serviceAccountName != 'other'",
                    "nobody may run as that")) {
                StatefulSet probe = home.set();
                probe.getSpec().getTemplate().getSpec().setServiceAccountName("other");
                probe.getMetadata().setResourceVersion(null);
                await().atMost(LONG)
                        .untilAsserted(() -> assertThatThrownBy(() ->
                                        CLUSTER.admin().resource(probe).dryRun().update())
                                .hasMessageContaining("nobody may run as that"));

                home.declare("PrometheusServer", "main", "scrapeInterval: 1s\nserviceAccount: {name: other}\n");

                home.awaitSaid("PrometheusServer", "main", "nobody may run as that");
                // Longer than it takes until all of them are written once more.
                await().atMost(LONG)
                        .during(OperatorExtension.RECHECK.multipliedBy(2))
                        .untilAsserted(() -> {
                            assertThat(subjects(home)).containsExactly("other", "prometheus-main");
                            assertThat(subjects(elsewhere)).containsExactly("other", "prometheus-main");
                        });
                assertThat(home.podUid()).isEqualTo(uid);
            }
            home.awaitOtherPod(uid);
            await().atMost(LONG).untilAsserted(() -> {
                assertThat(subjects(home)).containsExactly("other");
                assertThat(subjects(elsewhere)).containsExactly("other");
            });
            home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
            assertThat(home.pod().getSpec().getServiceAccountName()).isEqualTo("other");
        }
    }

    /** Returns the accounts to which the only binding of a namespace gives its rights. */
    private static List<String> subjects(TestNamespace namespace) {
        return CLUSTER.admin().rbac().roleBindings().inNamespace(namespace.name()).list().getItems().stream()
                .flatMap(binding -> binding.getSubjects().stream())
                .map(Subject::getName)
                .toList();
    }

    /** What was true of targets is unknown once their Prometheus has been away for long, and why it is away is said. */
    @ConcurrentTest
    void aPodThatAQuotaForbidsIsNamedAndItsMonitorsBecomeUnknown() throws Exception {
        home.declareServerThatScrapesItself();
        home.apply("""
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: none}
                spec: {hard: {pods: '0'}}
                """);
        await().atMost(LONG)
                .until(() -> CLUSTER.admin()
                                .resourceQuotas()
                                .inNamespace(home.name())
                                .withName("none")
                                .get()
                                .getStatus()
                                .getHard()
                        != null);

        CLUSTER.admin()
                .pods()
                .inNamespace(home.name())
                .withName("prometheus-main-0")
                .delete();

        home.awaitSaid("PrometheusServer", "main", "prometheus-main-0: the StatefulSet makes no pod", "quota");
        assertThat(home.condition("PrometheusServer", "main", "Ready")).isEqualTo("False Unavailable");
        home.awaitCondition("Monitor", "self", "Ready", "Unknown Pending");
        assertThat(home.status("Monitor", "self").toString()).contains("the server doesn't answer");

        CLUSTER.admin()
                .resourceQuotas()
                .inNamespace(home.name())
                .withName("none")
                .delete();
        home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
    }

    /** Such as behind a NetworkPolicy, or without a CPU: who can't be asked has refused nothing, and loaded nothing. */
    @ConcurrentTest
    void ofAPodThatCanNotBeReachedNothingIsConcluded() throws Exception {
        home.declareServerThatScrapesItself();
        String uid = home.podUid();
        ProcessHandle process = process(home.pod());
        signal(process, "STOP");
        try {
            home.declare("Monitor", "self", self("2s"));
            home.awaitCondition("PrometheusServer", "main", "ConfigLoaded", "Unknown Unverified");
            await().atMost(LONG).untilAsserted(() -> {
                JsonNode status = home.status("Monitor", "self");
                assertThat(condition(status.path("servers").path(0), "Loaded"))
                        .as("%s", status)
                        .isEqualTo("Unknown Unverified");
            });
            assertThat(home.condition("PrometheusServer", "main", "Ready")).isEqualTo("Unknown Unverified");
            assertThat(home.status("PrometheusServer", "main").toString())
                    .contains("what runs can't be verified", "prometheus-main-0");
        } finally {
            signal(process, "CONT");
        }
        home.awaitLoaded("self", "True AsDeclared");
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        // What was on its way when it couldn't be asked is what it runs with: nothing was put back meanwhile.
        home.awaitIntervals("2s", 1);
        assertThat(home.podUid()).isEqualTo(uid);
    }

    /** The kubelet starts it anew beside its samples, which would go with the pod. */
    @ConcurrentTest
    void aPrometheusThatEndsIsLeftToItsKubelet() throws Exception {
        home.declareServerThatScrapesItself();
        String uid = home.podUid();
        signal(process(home.pod()), "KILL");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(home.pod()
                                .getStatus()
                                .getContainerStatuses()
                                .getFirst()
                                .getRestartCount())
                        .isEqualTo(1));
        home.declare("Monitor", "self", self("2s"));
        home.awaitLoaded("self", "True AsDeclared");
        home.awaitIntervals("2s", 1);
        home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
        assertThat(home.podUid()).isEqualTo(uid);
    }

    /** Returns the process of a pod's container; the testbed's node is this machine. */
    private static ProcessHandle process(Pod pod) {
        String container = pod.getStatus().getContainerStatuses().getFirst().getContainerID();
        String id = container.substring(container.lastIndexOf('/') + 1);
        return ProcessHandle.allProcesses()
                .filter(process -> cgroup(process).contains(id))
                .findFirst()
                .orElseThrow();
    }

    private static String cgroup(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cgroup"));
        } catch (IOException e) {
            // It has ended since, or is another user's.
            return "";
        }
    }

    private static void signal(ProcessHandle process, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
