package io.narthex.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Why a kind can't be watched is said in one sentence, with what to do where that is known. */
class WatchHealthTest {

    private Instant now = Instant.EPOCH;
    private final WatchHealth health = new WatchHealth(() -> now);

    private static KubernetesClientException refused(int code, String message) {
        return new KubernetesClientException(
                new StatusBuilder().withCode(code).withMessage(message).build());
    }

    @Test
    void aMissingRightNamesTheKindAndTheRemedy() {
        health.failed(
                "Secret",
                Optional.empty(),
                new CompletionException(refused(403, "secrets is forbidden: User \"x\" cannot list resource")));

        assertThat(health.problems())
                .containsEntry(
                        "Secret",
                        "the operator may not list and watch Secret here; its role must allow that, or --namespaces must"
                                + " name where it does");
    }

    @Test
    void bothClientsSayTheSame() {
        health.failed("Secret", Optional.empty(), refused(403, "forbidden"));
        String one = health.problems().get("Secret");
        health.failed("Secret", Optional.empty(), new WatchHealth.Refused(403, "HTTP 403: secrets is forbidden"));

        assertThat(health.problems().get("Secret")).isEqualTo(one);
    }

    @Test
    void aMissingDefinitionAsksForIt() {
        health.failed("Monitor", Optional.empty(), refused(404, "not found"));

        assertThat(health.problems().get("Monitor")).contains("custom resource definitions");
    }

    @Test
    void otherRefusalsKeepTheApiServersWordsOnOneLine() {
        health.failed("Monitor", Optional.empty(), refused(500, "etcdserver: leader changed\nmore"));
        assertThat(health.problems()).containsEntry("Monitor", "etcdserver: leader changed");

        health.failed("Monitor", Optional.empty(), new IOException("Connection refused"));
        assertThat(health.problems()).containsEntry("Monitor", "Connection refused");
    }

    @Test
    void aWatchThatStaysAwayIsNoticedThoughItsClientSaysNothing() {
        AtomicBoolean open = new AtomicBoolean(true);
        health.follow("one", "Monitor", Optional.empty(), open::get);
        health.follow("other", "Monitor", Optional.empty(), () -> true);
        assertThat(health.problems()).isEmpty();

        open.set(false);
        assertThat(health.problems()).as("begun anew").isEmpty();
        now = now.plusSeconds(6);
        assertThat(health.problems().get("Monitor")).contains("broke off", "custom resource definitions");

        open.set(true);
        assertThat(health.problems()).isEmpty();
        open.set(false);
        assertThat(health.problems()).as("away for a moment again").isEmpty();

        now = now.plusSeconds(6);
        assertThat(health.problems()).isNotEmpty();
        health.forget("one");
        assertThat(health.problems()).as("nobody waits for it any more").isEmpty();
    }

    @Test
    void whatIsHeardAgainIsWell() {
        health.failed("Monitor", Optional.empty(), new IOException("x"));
        health.heard("Monitor", Optional.empty());

        assertThat(health.problems()).isEmpty();
    }

    /** What is heard of one namespace says nothing of another. */
    @Test
    void eachNamespaceHasItsOwnTrouble() {
        health.failed("Monitor", Optional.of("gone"), refused(403, "forbidden"));
        health.failed("Monitor", Optional.of("slow"), new IOException("x"));
        health.heard("Monitor", Optional.of("well"));

        assertThat(health.problems().get("Monitor"))
                .contains("gone: the operator may not list and watch Monitor in namespace gone")
                .contains("; slow: x");

        health.heard("Monitor", Optional.of("slow"));
        assertThat(health.problems().get("Monitor")).startsWith("gone: ").doesNotContain("slow");
    }

    @Test
    void onlyARefusalCountsAsOne() {
        health.failed("Monitor", Optional.of("slow"), refused(404, "not found"));
        assertThat(health.refused(Optional.of("slow"))).isNotDone();
        health.failed("Monitor", Optional.of("shut"), refused(403, "forbidden"));
        assertThat(health.refused(Optional.of("shut"))).isDone();
        assertThat(health.refused(Optional.of("slow"))).isNotDone();
    }
}
