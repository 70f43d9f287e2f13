package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.Platform;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the API server would refuse of a server's pods, and all of the StatefulSet with it, is refused where it is written. */
class PodValuesTest {

    private static List<String> refused(String spec) {
        return fields(spec, DiagnosticCode.INVALID_SERVER_VALUE);
    }

    private static List<String> fields(String spec, DiagnosticCode code) {
        Inventory inventory = Yaml.inventory(Yaml.resource("PrometheusServer", "main", spec));
        Declared<PrometheusServerSpec> server = inventory.servers().findFirst().orElseThrow();
        return Compiler.create()
                .compile(
                        inventory,
                        server.key(),
                        CompileOptions.inContainers(
                                Platform.KUBERNETES, server.spec(), new Layout("/config", "/prometheus")))
                .diagnostics()
                .stream()
                .filter(found -> found.code() == code)
                .map(found -> found.field().toString())
                .toList();
    }

    @Test
    void namesOfObjects() {
        assertThat(refused("serviceAccount: {name: Prom_SA}")).containsExactly("spec.serviceAccount.name");
        assertThat(refused("pod: {priorityClassName: High}")).containsExactly("spec.pod.priorityClassName");
        assertThat(refused("storage: {storageClass: a..b}")).containsExactly("spec.storage.storageClass");
        assertThat(refused("storage: {existingClaim: a_b}")).containsExactly("spec.storage.existingClaim");
        assertThat(refused("""
                serviceAccount: {name: prom.team-a}
                pod: {priorityClassName: system-cluster-critical}
                storage: {storageClass: gp3}
                """)).isEmpty();
    }

    @Test
    void labelsAndAnnotations() {
        assertThat(refused("pod: {labels: {team: a b}}")).containsExactly("spec.pod.labels.team");
        assertThat(refused("pod: {labels: {-x: a, 'a/b/c': d}}")).hasSize(2);
        assertThat(refused("pod: {nodeSelector: {disk: ssd-}}")).containsExactly("spec.pod.nodeSelector.disk");
        assertThat(refused("pod: {annotations: {'a b': any thing}}")).hasSize(1);
        assertThat(refused("serviceAccount: {annotations: {'Bad_Domain/role': x}}"))
                .hasSize(1);
        assertThat(refused("""
                serviceAccount: {annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::1:role/x'}}
                pod:
                  labels: {team: A.b_c-1, empty: '', example.com/part: x}
                  annotations: {'Example.com/Note': any thing}
                  nodeSelector: {kubernetes.io/os: linux}
                """)).isEmpty();
    }

    @Test
    void whatHasNoEffectIsSaid() {
        assertThat(fields("""
                        pod:
                          labels: {app.kubernetes.io/name: mine, team: a}
                          annotations: {monitoring.narthex.io/endpoint: x, example.com/note: mine}
                        """, DiagnosticCode.SETTING_IGNORED))
                .containsExactly(
                        "spec.pod.labels[\"app.kubernetes.io/name\"]",
                        "spec.pod.annotations[\"monitoring.narthex.io/endpoint\"]");
        String account = "serviceAccount: {name: theirs, create: %s, annotations: {example.com/role: x}}";
        assertThat(fields(account.formatted("false"), DiagnosticCode.SETTING_IGNORED))
                .containsExactly("spec.serviceAccount.annotations");
        assertThat(fields(account.formatted("true"), DiagnosticCode.SETTING_IGNORED))
                .isEmpty();
    }

    @Test
    void tolerations() {
        assertThat(refused("pod: {tolerations: [{value: a}]}")).containsExactly("spec.pod.tolerations[0].operator");
        assertThat(refused("pod: {tolerations: [{key: a, operator: Exists, value: b}]}"))
                .containsExactly("spec.pod.tolerations[0].value");
        assertThat(refused("pod: {tolerations: [{key: a, value: b c}]}"))
                .containsExactly("spec.pod.tolerations[0].value");
        assertThat(refused("pod: {tolerations: [{key: a, value: b, tolerationSeconds: 3}]}"))
                .containsExactly("spec.pod.tolerations[0].tolerationSeconds");
        assertThat(refused("""
                pod:
                  tolerations:
                    - {operator: Exists}
                    - {key: a.example/b, value: c, effect: NoExecute, tolerationSeconds: 3}
                """)).isEmpty();
    }

    @Test
    void resources() {
        assertThat(refused("pod: {resources: {requests: {memory: 2Gi}, limits: {memory: 2G}}}"))
                .containsExactly("spec.pod.resources.requests.memory");
        assertThat(refused("pod: {resources: {requests: {cpu: '1.5'}, limits: {cpu: 1499m}}}"))
                .hasSize(1);
        assertThat(refused("pod: {resources: {limits: {ram: 1Gi}}}")).containsExactly("spec.pod.resources.limits.ram");
        assertThat(refused("""
                pod:
                  resources:
                    requests: {cpu: 100m, memory: 1Ki, ephemeral-storage: 1k}
                    limits: {cpu: '0.1', memory: '1024', ephemeral-storage: 1M, hugepages-2Mi: 4Mi, example.com/gpu: '1'}
                """)).isEmpty();
    }

    /** It has no meaning for others. */
    @Test
    void elsewhereNothingIsSaidOfPods() {
        Inventory inventory =
                Yaml.inventory(Yaml.resource("PrometheusServer", "main", "serviceAccount: {name: Prom_SA}"));
        Declared<PrometheusServerSpec> server = inventory.servers().findFirst().orElseThrow();
        assertThat(Compiler.create()
                        .compile(
                                inventory,
                                server.key(),
                                CompileOptions.inContainers(
                                        Platform.SWARM, server.spec(), new Layout("/config", "/prometheus")))
                        .diagnostics())
                .noneMatch(found -> found.code() == DiagnosticCode.INVALID_SERVER_VALUE);
    }
}
