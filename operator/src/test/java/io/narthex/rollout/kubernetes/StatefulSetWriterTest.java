package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import io.narthex.testbed.StubApiServer.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known of a StatefulSet that others write and delete, and what is put back in it. */
class StatefulSetWriterTest {

    private static final ResourceKey KEY = new ResourceKey("PrometheusServer", "shop", "main");
    private static final ObjectNames NAMES = ObjectNames.of(KEY);
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private volatile Instant now = Instant.parse("2026-01-02T00:00:00Z");
    private Optional<StatefulSet> watched = Optional.empty();
    private String uid = "one";
    private long generation = 1;
    private boolean refuses;
    /** How long the API server waits for a webhook before it refuses. */
    private Duration hanging = Duration.ZERO;

    private StubApiServer apiServer;
    private StatefulSetWriter writer;
    private Deployment desired;

    @BeforeEach
    void begin() throws Exception {
        apiServer = new StubApiServer(this::answer);
        writer = new StatefulSetWriter(apiServer.client(), NAMES, () -> watched, () -> now);
        desired = Deployments.of(KEY, "{}");
    }

    @AfterEach
    void end() {
        apiServer.close();
    }

    private Answer answer(Request request) {
        if (request.method().equals("GET")) {
            return Answer.refusal(404, "{}");
        }
        now = now.plus(hanging);
        return refuses
                ? Answer.refusal(403, "{}")
                : new Answer(200, YAML.asJson(there(YAML.unmarshal(request.body(), StatefulSet.class))));
    }

    /** What the API server makes of it. */
    private StatefulSet there(StatefulSet written) {
        return new StatefulSetBuilder(written)
                .editMetadata()
                .withUid(uid)
                .withGeneration(generation)
                .endMetadata()
                .build();
    }

    private void apply() throws NotOurs {
        writer.apply(desired, Optional.empty(), desired.version().template());
    }

    @Test
    void theOneThatWasWrittenIsKnownBeforeTheWatchShowsIt() throws Exception {
        apply();
        assertThat(writer.newest()).isPresent();
        now = now.plusSeconds(29);
        assertThat(writer.newest()).isPresent();
    }

    @Test
    void oneThatIsDeletedBeforeItIsShownIsForgotten() throws Exception {
        apply();
        now = now.plusSeconds(30);
        assertThat(writer.newest()).isEmpty();
    }

    @Test
    void oneThatIsDeletedAfterItWasShownIsForgottenAtOnce() throws Exception {
        watched = Optional.of(there(desired.statefulSet()));
        assertThat(writer.newest()).isPresent();
        generation = 2;
        apply();
        assertThat(writer.newest().orElseThrow().getMetadata().getGeneration()).isEqualTo(2);
        watched = Optional.empty();
        assertThat(writer.newest()).isEmpty();
    }

    @Test
    void anotherInItsPlaceTakesItsPlace() throws Exception {
        watched = Optional.of(there(desired.statefulSet()));
        generation = 2;
        apply();
        uid = "other";
        generation = 1;
        watched = Optional.of(there(desired.statefulSet()));
        assertThat(writer.newest().orElseThrow().getMetadata().getUid()).isEqualTo("other");
    }

    @Test
    void theOneBeforeThatTheWatchStillShowsIsNotTheNewest() throws Exception {
        watched = Optional.of(there(desired.statefulSet()));
        uid = "other";
        apply();
        assertThat(writer.newest().orElseThrow().getMetadata().getUid()).isEqualTo("other");
        watched = Optional.empty();
        assertThat(writer.newest()).isPresent();
    }

    private void correct(Optional<Version> lastGood) {
        writer.correct(writer.newest().orElseThrow(), desired, Optional.empty(), lastGood);
    }

    /** Has another write it, and the API server refuse that it is corrected. */
    private void correctInVain() throws NotOurs {
        apply();
        generation = 2;
        watched = Optional.of(there(desired.statefulSet()));
        refuses = true;
        now = now.plusSeconds(10);
        correct(Optional.empty());
        assertThat(writer.uncorrected()).isPresent();
    }

    @Test
    void whatCannotBePutRightIsSaidUntilItIs() throws Exception {
        correctInVain();
        correct(Optional.empty());
        assertThat(writer.uncorrected()).as("it isn't tried again yet").isPresent();

        refuses = false;
        generation = 3;
        now = now.plusSeconds(10);
        correct(Optional.empty());
        assertThat(writer.uncorrected()).isEmpty();
    }

    @Test
    void whatWasWrittenSinceNeedsNoCorrection() throws Exception {
        correctInVain();

        refuses = false;
        generation = 3;
        desired = Deployments.of(KEY, "{web: {maxConnections: 7}}");
        apply();
        assertThat(writer.uncorrected()).isEmpty();
    }

    @Test
    void tooManyReplicasThatAreWantedAfterAllNeedNoCorrection() throws Exception {
        desired = Deployments.of(KEY, "{replicas: 2}");
        apply();
        Deployment fewer = Deployments.of(KEY, "{}");
        refuses = true;
        writer.correct(writer.newest().orElseThrow(), fewer, Optional.empty(), Optional.empty());
        assertThat(writer.uncorrected()).isPresent();

        correct(Optional.empty());
        assertThat(writer.uncorrected()).isEmpty();
    }

    /** How often the API server was asked since this was called last. */
    private int asked() {
        int count = apiServer.asked().size();
        apiServer.forget();
        return count;
    }

    /** Has the API server refuse half a minute after it was asked, as where a webhook hangs. */
    private void hang() {
        refuses = true;
        hanging = Duration.ofSeconds(30);
    }

    @Test
    void whatAWebhookHoldsUpIsTriedAgainAfterEverLongerPauses() throws Exception {
        watched = Optional.of(there(desired.statefulSet()));
        hang();
        correct(Optional.empty());
        assertThat(asked()).isEqualTo(1);

        for (int pause : new int[] {10, 20, 40, 60, 60}) {
            correct(Optional.empty());
            now = now.plusSeconds(pause - 1);
            correct(Optional.empty());
            assertThat(asked()).as("within %s s", pause).isZero();
            assertThat(writer.uncorrected()).isPresent();
            now = now.plusSeconds(1);
            correct(Optional.empty());
            assertThat(asked()).as("after %s s", pause).isEqualTo(1);
        }

        refuses = false;
        generation = 2;
        now = now.plusSeconds(60);
        correct(Optional.empty());
        assertThat(writer.uncorrected()).isEmpty();
        asked();

        // What succeeded begins the pauses anew.
        generation = 3;
        watched = Optional.of(there(desired.statefulSet()));
        refuses = true;
        now = now.plusSeconds(10);
        correct(Optional.empty());
        now = now.plusSeconds(10);
        correct(Optional.empty());
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void whatTheEngineWritesInVainIsNotTriedAgainAtOnce() {
        watched = Optional.of(there(desired.statefulSet()));
        hang();
        assertThatThrownBy(this::apply).isInstanceOf(KubernetesClientException.class);
        assertThat(asked()).isEqualTo(1);

        correct(Optional.empty());
        assertThat(asked()).isZero();
        now = now.plusSeconds(10);
        correct(Optional.empty());
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void tooManyPodsWaitWhereTheApiServerRefusesToStopThem() throws Exception {
        watched = Optional.of(there(Deployments.of(KEY, "{replicas: 3}").statefulSet()));
        hang();
        correct(Optional.empty());
        assertThat(asked()).isEqualTo(1);
        now = now.plusSeconds(9);
        correct(Optional.empty());
        assertThat(asked()).isZero();
        now = now.plusSeconds(1);
        correct(Optional.empty());
        assertThat(asked()).isEqualTo(1);

        // As many as nobody refused.
        desired = Deployments.of(KEY, "{replicas: 2}");
        correct(Optional.empty());
        assertThat(written().getSpec().getReplicas()).isEqualTo(2);
    }

    @Test
    void tooManyPodsDoNotWaitAfterWhatWasTaken() throws Exception {
        desired = Deployments.of(KEY, "{replicas: 3}");
        apply();
        desired = Deployments.of(KEY, "{}");
        correct(Optional.empty());
        assertThat(written().getSpec().getReplicas()).isEqualTo(1);
    }

    /** The last request to write it. */
    private StatefulSet written() {
        Request last = apiServer.asked().getLast();
        assertThat(last.method()).isEqualTo("PATCH");
        return YAML.unmarshal(last.body(), StatefulSet.class);
    }

    @Test
    void tooManyPodsOfATemplateThatIsNoLongerWantedAreStopped() throws Exception {
        Deployment before = Deployments.of(KEY, "{replicas: 3}");
        watched = Optional.of(there(before.statefulSet()));
        desired = Deployments.of(KEY, "{replicas: 0, web: {maxConnections: 7}}");
        assertThat(desired.release().restartKey()).isNotEqualTo(before.release().restartKey());

        correct(Optional.empty());
        assertThat(written().getSpec().getReplicas()).isZero();
        assertThat(YAML.asJson(written().getSpec().getTemplate()))
                .isEqualTo(YAML.asJson(before.statefulSet().getSpec().getTemplate()));
    }

    @Test
    void aTemplateThatNobodyKnowsIsTheEnginesToReplace() throws Exception {
        watched = Optional.of(
                there(Deployments.of(KEY, "{web: {maxConnections: 7}}").statefulSet()));
        correct(Optional.empty());
        assertThat(apiServer.asked()).isEmpty();
    }
}
