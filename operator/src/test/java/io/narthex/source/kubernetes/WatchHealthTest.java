package io.narthex.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Instant;
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
                new CompletionException(refused(403, "secrets is forbidden: User \"x\" cannot list resource")));

        assertThat(health.problems())
                .containsEntry(
                        "Secret",
                        "the operator may not list and watch Secret here; its role must allow that, or --namespaces must"
                                + " name where it does");
    }

    @Test
    void bothClientsSayTheSame() {
        health.failed("Secret", refused(403, "forbidden"));
        String one = health.problems().get("Secret");
        health.failed("Secret", new WatchHealth.Refused(403, "HTTP 403: secrets is forbidden"));

        assertThat(health.problems().get("Secret")).isEqualTo(one);
    }

    @Test
    void aMissingDefinitionAsksForIt() {
        health.failed("Monitor", refused(404, "not found"));

        assertThat(health.problems().get("Monitor")).contains("custom resource definitions");
    }

    @Test
    void otherRefusalsKeepTheApiServersWordsOnOneLine() {
        health.failed("Monitor", refused(500, "etcdserver: leader changed\nmore"));
        assertThat(health.problems()).containsEntry("Monitor", "etcdserver: leader changed");

        health.failed("Monitor", new IOException("Connection refused"));
        assertThat(health.problems()).containsEntry("Monitor", "Connection refused");
    }

    @Test
    void aWatchThatStaysAwayIsNoticedThoughItsClientSaysNothing() {
        AtomicBoolean open = new AtomicBoolean(true);
        health.follow("one", "Monitor", open::get);
        health.follow("other", "Monitor", () -> true);
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
        health.failed("Monitor", new IOException("x"));
        health.heard("Monitor");

        assertThat(health.problems()).isEmpty();
    }
}
