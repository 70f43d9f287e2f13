package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A nudge is no news of a pod; everything else is. */
class PodViewTest {

    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

    private final Pod pod = new PodBuilder()
            .withNewMetadata()
            .withName("prometheus-main-0")
            .withUid("uid")
            .withResourceVersion("1")
            .addToLabels("a", "b")
            .addToAnnotations(ObjectNames.NUDGE, "1")
            .addToAnnotations(ObjectNames.RESTART_KEY, "key")
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .withNewStatus()
            .withPhase("Running")
            .endStatus()
            .build();

    @Test
    void aNudgeAloneIsNoNews() {
        Pod nudged = new PodBuilder(pod)
                .editMetadata()
                .withResourceVersion("2")
                .addToAnnotations(ObjectNames.NUDGE, "2")
                .endMetadata()
                .build();
        Pod never = new PodBuilder(pod)
                .editMetadata()
                .removeFromAnnotations(ObjectNames.NUDGE)
                .endMetadata()
                .build();

        assertThat(PodView.differInNudgeAlone(pod, nudged)).isTrue();
        assertThat(PodView.differInNudgeAlone(never, nudged)).isTrue();
    }

    @Test
    void everythingElseIs() {
        Pod leaving = new PodBuilder(pod)
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T00:00:00Z")
                .endMetadata()
                .build();
        Pod another = new PodBuilder(pod)
                .editMetadata()
                .withUid("other")
                .endMetadata()
                .build();
        Pod outdated = new PodBuilder(pod)
                .editMetadata()
                .addToAnnotations(ObjectNames.RESTART_KEY, "other")
                .endMetadata()
                .build();
        Pod labelled = new PodBuilder(pod)
                .editMetadata()
                .addToLabels("a", "c")
                .endMetadata()
                .build();
        Pod failed =
                new PodBuilder(pod).editStatus().withPhase("Failed").endStatus().build();
        Pod placed =
                new PodBuilder(pod).editSpec().withNodeName("node").endSpec().build();

        for (Pod now : new Pod[] {leaving, another, outdated, labelled, failed, placed}) {
            assertThat(PodView.differInNudgeAlone(pod, now)).isFalse();
        }
    }

    private Pod at(String endpoint) {
        return new PodBuilder(pod)
                .editMetadata()
                .addToAnnotations(ObjectNames.ENDPOINT, endpoint)
                .endMetadata()
                .editStatus()
                .withPodIP("10.0.0.7")
                .endStatus()
                .build();
    }

    @Test
    void itsAddressIsThatOfThePod() {
        assertThat(new PodView(at("http:9090")).api()).contains(URI.create("http://10.0.0.7:9090"));
        assertThat(new PodView(at("https:443/prom/")).api()).contains(URI.create("https://10.0.0.7:443/prom/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                ":",
                "http",
                "http:",
                "http:port",
                "http:9090?x",
                "http:9090@example.com",
                "ftp:21",
                "http:9090/#"
            })
    void whatSomebodyElseWroteIsNoAddress(String endpoint) {
        assertThat(new PodView(at(endpoint)).api()).isEmpty();
    }

    @Test
    void aSchedulerNeedNotSayWhy() {
        Pod unplaced = new PodBuilder(pod)
                .editStatus()
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .endCondition()
                .endStatus()
                .build();
        assertThat(new PodView(unplaced).problem(NOW)).contains("unscheduled: no node takes it");
    }

    /** What the API server tells of a pod besides the name and the container of Prometheus. */
    private static Optional<String> problem(String metadata, String status) {
        return new PodView(new KubernetesSerialization().unmarshal("""
            metadata: {name: prometheus-main-0, namespace: shop%s}
            spec: {nodeName: node-1}
            status: %s
            """.formatted(metadata, status), Pod.class))
                .problem(NOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"initContainerStatuses", "containerStatuses"})
    void whatKeepsAContainerOfAPodTemplateFromRunningIsNamedWithIt(String which) {
        String status = "{" + which + ": [{name: config, ready: true, state: {running: {}}}, %s]}";

        assertThat(problem(
                        "",
                        status.formatted("{name: shipper, ready: false, state: {waiting: {reason: ImagePullBackOff,"
                                + " message: no such tag}}}")))
                .contains("container shipper: ImagePullBackOff: no such tag");
        assertThat(problem(
                        "",
                        status.formatted("{name: shipper, ready: false, state: {waiting: {reason: CrashLoopBackOff}}, "
                                + "lastState: {terminated: {exitCode: 3, reason: Error, message: no route}}}")))
                .contains("container shipper: it ended with exit code 3 (Error): no route");
        assertThat(problem("", status.formatted("{name: shipper, ready: false, state: {terminated: {exitCode: 1}}}")))
                .contains("container shipper: it ended with exit code 1");
        assertThat(problem(
                        "",
                        status.formatted(
                                "{name: shipper, ready: true, state: {terminated: {exitCode: 0, reason: Completed}}}")))
                .isEmpty();
    }

    @Test
    void aContainerThatIsNotReadyHasAMinute() {
        String status = "{containerStatuses: [{name: shipper, ready: %s, state: {running: {startedAt: '%s'}}}]}";

        assertThat(problem("", status.formatted(false, NOW.minusSeconds(61))))
                .contains("container shipper: it runs, and isn't ready");
        assertThat(problem("", status.formatted(false, NOW.minusSeconds(59)))).isEmpty();
        assertThat(problem("", status.formatted(true, NOW.minusSeconds(61)))).isEmpty();
    }

    @Test
    void ofVolumesThatDoNotComeItIsSaidAfterAMinute() {
        String status =
                "{containerStatuses: [{name: prometheus, ready: false, state: {waiting: {reason: ContainerCreating}}}],"
                        + " conditions: [{type: PodScheduled, status: 'True', lastTransitionTime: '%s'},"
                        + " {type: PodReadyToStartContainers, status: '%s'}]}";

        assertThat(problem("", status.formatted(NOW.minusSeconds(61), "False")))
                .hasValueSatisfying(words -> assertThat(words)
                        .contains(
                                "its volumes or its network aren't ready",
                                "kubectl describe pod prometheus-main-0 -n shop"));
        assertThat(problem("", status.formatted(NOW.minusSeconds(59), "False"))).isEmpty();
        assertThat(problem("", status.formatted(NOW.minusSeconds(61), "True")))
                .as("it waits for an image")
                .isEmpty();
    }

    @Test
    void aPodThatOughtToBeGoneForLongIsNamed() {
        String deleted = ", deletionTimestamp: '%s'";

        assertThat(problem(deleted.formatted(NOW.minusSeconds(61)), "{}"))
                .hasValueSatisfying(words -> assertThat(words).contains("its node node-1 doesn't say so", "--force"));
        assertThat(problem(deleted.formatted(NOW.minusSeconds(61)) + ", finalizers: [example.com/hold]", "{}"))
                .hasValueSatisfying(words -> assertThat(words).contains("the finalizer example.com/hold keeps it"));
        assertThat(problem(deleted.formatted(NOW.plusSeconds(20)), "{}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Always | Running | {terminated: {exitCode: 137}} | false",
                "Always | Running | {waiting: {reason: CrashLoopBackOff}} | true",
                "Always | Running | {waiting: {reason: ContainerCreating}} | false",
                "Always | Running | {running: {}} | false",
                "Always | Failed | {terminated: {exitCode: 137}} | true",
                "Always | Succeeded | {terminated: {exitCode: 0}} | true",
                "Never | Running | {terminated: {exitCode: 1}} | true",
            })
    void aProcessThatTheKubeletStartsAgainIsNotDown(String policy, String phase, String state, boolean isDown) {
        assertThat(new PodView(new KubernetesSerialization().unmarshal("""
            metadata: {name: prometheus-main-0, namespace: shop}
            spec: {restartPolicy: %s}
            status: {phase: %s, containerStatuses: [{name: prometheus, state: %s}]}
            """.formatted(policy, phase, state), Pod.class))
                        .isDown())
                .isEqualTo(isDown);
    }
}
