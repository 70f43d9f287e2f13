package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.narthex.api.v1alpha1.RawObject;
import io.narthex.testbed.Specs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An overlay changes what its author says, and nothing that Narthex works with. */
class PodOverlayTest {

    private static PodTemplateSpec template() {
        return Specs.read("""
                metadata:
                  labels: {app.kubernetes.io/name: prometheus, team: a}
                  annotations: {monitoring.narthex.io/endpoint: 'http:9090'}
                spec:
                  serviceAccountName: prometheus-main
                  nodeSelector: {disk: ssd}
                  tolerations: [{key: a}]
                  containers:
                  - name: prometheus
                    image: prometheus:v3.16.0
                    args: [--config.file=x]
                    env: [{name: POD_NAME, value: x}]
                    ports: [{name: web, containerPort: 9090}]
                    resources: {limits: {memory: 1Gi}}
                    volumeMounts:
                    - {name: config, mountPath: /etc/narthex/config}
                    - {name: data, mountPath: /prometheus}
                  volumes:
                  - {name: config, projected: {}}
                  - {name: data, emptyDir: {}}
                """, PodTemplateSpec.class);
    }

    private static PodTemplateSpec with(String overlay) throws PodOverlay.Refused {
        return PodOverlay.apply(template(), Specs.read(overlay, RawObject.class));
    }

    @Test
    void withoutAnOverlayNothingChanges() throws Exception {
        assertThat(PodOverlay.apply(template(), null)).isEqualTo(template());
        assertThat(with("{}")).isEqualTo(template());
    }

    @Test
    void objectsAreMergedAndListsByTheirKeys() throws Exception {
        PodTemplateSpec pod = with("""
                metadata: {labels: {team: b}}
                spec:
                  hostAliases: [{ip: 10.0.0.1, hostnames: [a]}]
                  containers:
                  - {name: log, image: 'log:1'}
                  - name: prometheus
                    env: [{name: TEAM, value: b}]
                    resources: {limits: {cpu: '2'}}
                    volumeMounts: [{name: extra, mountPath: /extra}]
                  volumes: [{name: extra, emptyDir: {}}]
                """);
        Container prometheus = pod.getSpec().getContainers().getFirst();

        assertThat(pod.getMetadata().getLabels())
                .containsEntry("team", "b")
                .containsEntry("app.kubernetes.io/name", "prometheus");
        assertThat(pod.getSpec().getContainers()).extracting(Container::getName).containsExactly("prometheus", "log");
        assertThat(prometheus.getArgs()).containsExactly("--config.file=x");
        assertThat(prometheus.getEnv()).extracting("name").containsExactly("POD_NAME", "TEAM");
        assertThat(prometheus.getResources().getLimits()).containsOnlyKeys("memory", "cpu");
        assertThat(prometheus.getVolumeMounts()).extracting("name").containsExactly("config", "data", "extra");
        assertThat(pod.getSpec().getVolumes()).extracting("name").containsExactly("config", "data", "extra");
        assertThat(pod.getSpec().getHostAliases()).hasSize(1);
    }

    /** Kubernetes gives tolerations no key, so that the list is replaced as a whole. */
    @Test
    void otherListsAreReplacedAndNullRemoves() throws Exception {
        PodTemplateSpec pod = with("""
                metadata: {labels: {team: null}}
                spec: {tolerations: [{key: b}], nodeSelector: {$patch: replace, zone: x}}
                """);

        assertThat(pod.getMetadata().getLabels()).doesNotContainKey("team");
        assertThat(pod.getSpec().getTolerations()).extracting("key").containsExactly("b");
        assertThat(pod.getSpec().getNodeSelector()).containsOnlyKeys("zone");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{metadata: {labels: {app.kubernetes.io/name: x}}} | app.kubernetes.io/name",
                "{metadata: {annotations: {monitoring.narthex.io/endpoint: null}}} | endpoint",
                "{metadata: {annotations: {monitoring.narthex.io/restart-key: x}}} | restart-key",
                "{metadata: {name: x}} | metadata.name",
                "{spec: {serviceAccountName: x}} | serviceAccountName",
                "{spec: {restartPolicy: Never}} | restartPolicy",
                "{spec: {containers: [{name: prometheus, image: x}]}} | prometheus].image",
                "{spec: {containers: [{name: prometheus, args: [x]}]}} | prometheus].args",
                "{spec: {containers: [{name: prometheus, command: [x]}]}} | prometheus].command",
                "{spec: {containers: [{name: prometheus, $patch: delete}]}} | prometheus].image",
                "{spec: {containers: [{name: prometheus, env: [{name: POD_NAME, value: y}]}]}} | env[POD_NAME]",
                "{spec: {containers: [{name: prometheus, ports: [{containerPort: 9090, name: x}]}]}} | ports[web]",
                "{spec: {containers: [{name: prometheus, volumeMounts: [{mountPath: /prometheus, name: x}]}]}} | volumeMounts[data]",
                "{spec: {containers: [{name: prometheus, volumeMounts: [{mountPath: /x, name: config}]}]}} | volumeMounts[config]",
                "{spec: {containers: [{name: prometheus, $patch: replace}]}} | prometheus].image",
                "{spec: {volumes: [{name: data, $patch: delete}]}} | volumes[data]",
                "{spec: {volumes: [{name: config, emptyDir: {}}]}} | volumes[config]",
                "{spec: {$patch: replace}} | serviceAccountName",
            })
    void whatNarthexWorksWithCantBeTouched(String overlay, String named) {
        assertThatThrownBy(() -> with(overlay))
                .isInstanceOf(PodOverlay.Refused.class)
                .hasMessageContaining(named)
                .hasMessageContaining("Narthex needs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{spec: {containers: [{image: x}]}}",
                "{spec: {containers: [text]}}",
                "{spec: {$setElementOrder/containers: [{name: x}]}}",
                "{spec: {$patch: merge}}",
                "{spec: {$patch: delete}}",
                "{spec: {terminationGracePeriodSeconds: soon}}",
                "{spec: {nodeSelector: [x]}}",
            })
    void whatIsNoOverlayIsRefusedInWords(String overlay) {
        assertThatThrownBy(() -> with(overlay)).isInstanceOfSatisfying(PodOverlay.Refused.class, refused -> {
            assertThat(refused.getMessage()).isNotBlank().doesNotContain("\n", "com.fasterxml");
            assertThat(refused.remedy()).isNotBlank();
        });
    }
}
