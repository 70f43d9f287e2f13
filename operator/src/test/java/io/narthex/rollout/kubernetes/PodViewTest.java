package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A nudge is no news of a pod; everything else is. */
class PodViewTest {

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
        assertThat(new PodView(unplaced).problem()).contains("unscheduled: no node takes it");
    }
}
