package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.narthex.compiler.Compiler;
import io.narthex.rollout.kubernetes.DeploymentSettings;
import io.narthex.source.kubernetes.KubernetesClients;
import io.narthex.source.kubernetes.Scope;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import io.narthex.testbed.StubApiServer.Request;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An API server that keeps a Lease, and stops to answer. */
class LeadershipTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VERSION = "/metadata/resourceVersion";
    private static final Duration LEASE = Duration.ofSeconds(4);
    private static final Duration RENEWAL = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(300);
    /** What a follower has to read all that is declared, and to bring a change into a pod. */
    private static final Duration TAKING_OVER = Duration.ofMillis(3_500);
    /** So late what a leader has sent may arrive. */
    private static final Duration STOPPING = Duration.ofSeconds(2);

    private final CountDownLatch hanging = new CountDownLatch(1);
    /** Reaches nobody: what the operator does doesn't matter. */
    private final KubernetesClient nowhere = KubernetesClients.ofOperator(
            new ConfigBuilder().withMasterUrl("http://127.0.0.1:1").build());

    private StubApiServer apiServer;
    private ObjectNode lease = JSON.createObjectNode();
    private int version;
    /** When the last renewal came that was answered. */
    private volatile long renewed;

    @BeforeEach
    void begin() throws IOException {
        apiServer = new StubApiServer(this::answer);
    }

    @AfterEach
    void end() {
        hanging.countDown();
        apiServer.close();
        nowhere.close();
    }

    private synchronized Answer answer(Request request) {
        try {
            if (!request.method().equals("GET")) {
                ObjectNode next = (ObjectNode) JSON.readTree(request.body());
                if (!lease.isEmpty()) {
                    if (!next.at(VERSION).asText().equals(lease.at(VERSION).asText())) {
                        return Answer.refusal(409, "{}");
                    }
                    ObjectNode spec = ((ObjectNode) lease.get("spec")).setAll((ObjectNode) next.get("spec"));
                    next = lease.set("spec", spec);
                }
                ((ObjectNode) next.get("metadata")).put("resourceVersion", String.valueOf(++version));
                lease = next;
                renewed = System.nanoTime();
            }
            return lease.isEmpty() ? Answer.refusal(404, "{}") : new Answer(200, JSON.writeValueAsString(lease));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer hang(Request request) {
        try {
            hanging.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answer(request);
    }

    private synchronized void takenByAnother() {
        ((ObjectNode) lease.get("metadata")).put("resourceVersion", String.valueOf(++version));
        ((ObjectNode) lease.get("spec"))
                .put("holderIdentity", "another")
                .put("renewTime", "2999-01-01T00:00:00.000000Z");
    }

    private Leadership leadership(Duration patience) {
        return new Leadership(
                apiServer.client(),
                () -> new ReturnedLease("monitoring", "narthex", "this"),
                () -> new ClusterOperator(
                        nowhere,
                        new OperatorSettings(
                                new Scope(Set.of("shop")),
                                new Consent(Set.of(), Set.of()),
                                Optional.empty(),
                                DeploymentSettings.DEFAULT,
                                true,
                                Duration.ofMinutes(1),
                                OperatorSettings.OUTDATED),
                        Compiler.create(),
                        InstantSource.system(),
                        RandomGenerator.getDefault()),
                new Leadership.Times(LEASE, RENEWAL, PAUSE, patience));
    }

    private static void awaitLeading(Leadership leadership) {
        await().atMost(Duration.ofSeconds(20)).until(() -> leadership.operator().isPresent());
    }

    @Test
    void aLeaderWhoseRequestHangsStopsBeforeAnotherMayLeadAndComesBack() {
        // Longer than the lease: the request that hangs isn't given up before.
        try (Leadership leadership = leadership(Duration.ofSeconds(6))) {
            leadership.start();
            awaitLeading(leadership);
            apiServer.answer(this::hang);
            await().atMost(LEASE.multipliedBy(3))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> leadership.operator().isEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - renewed))
                    .isBetween(Duration.ofSeconds(1), LEASE.minusMillis(500));

            apiServer.answer(this::answer);
            hanging.countDown();
            awaitLeading(leadership);
        }
        assertThat(lease.path("spec").path("holderIdentity").isNull())
                .as("it is given back")
                .isTrue();
    }

    @Test
    void aLeaderThatRenewsItsLeaseGoesOn() {
        try (Leadership leadership = leadership(Duration.ofSeconds(1))) {
            leadership.start();
            awaitLeading(leadership);
            ClusterOperator first = leadership.operator().orElseThrow();
            await().pollDelay(RENEWAL.multipliedBy(2))
                    .atMost(LEASE.multipliedBy(3))
                    .until(() -> true);
            assertThat(leadership.operator()).containsSame(first);
        }
    }

    @Test
    void aLeaderFromWhomAnotherOneTookTheLeaseStops() {
        try (Leadership leadership = leadership(Duration.ofSeconds(1))) {
            leadership.start();
            awaitLeading(leadership);
            takenByAnother();
            await().atMost(LEASE).until(() -> leadership.operator().isEmpty());
            await().pollDelay(RENEWAL).atMost(LEASE.multipliedBy(3)).until(() -> true);
            assertThat(leadership.operator()).isEmpty();
        }
        assertThat(lease.path("spec").path("holderIdentity").asText()).isEqualTo("another");
    }

    /** The elector asks once more at the end of its turn, and says nothing where the lease is another's by then. */
    @Test
    void aLeaderThatIsRefusedUntilAnotherOneHasTheLeaseStops() {
        Answer refusal = Answer.refusal(503, "{}");
        try (Leadership leadership = leadership(Duration.ofSeconds(1))) {
            leadership.start();
            awaitLeading(leadership);
            apiServer.answer(request -> refusal);
            await().atMost(LEASE.multipliedBy(2))
                    .until(() -> leadership.operator().isEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - renewed)).isLessThan(LEASE.minusMillis(500));
            takenByAnother();
            apiServer.answer(this::answer);
            await().pollDelay(RENEWAL).atMost(LEASE.multipliedBy(3)).until(() -> true);
            assertThat(leadership.operator()).isEmpty();
            assertThat(lease.path("spec").path("holderIdentity").asText()).isEqualTo("another");
        }
    }

    /** From a leader's death until what is declared then runs: twenty seconds. `make bench-kubernetes` measures it. */
    @Test
    void theNextOneWorksInTime() {
        Duration free = Leadership.TIMES.lease().plus(longest(Leadership.TIMES.pause()));
        assertThat(free.plus(TAKING_OVER)).isLessThanOrEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aLeaderHasTriedTwiceAndStoppedBeforeAnotherMayLead() {
        Leadership.Times times = Leadership.TIMES;
        assertThat(longest(times.pause()).plus(times.answer())).isLessThan(times.renewal());
        assertThat(times.renewal().plus(STOPPING)).isLessThanOrEqualTo(times.lease());
    }

    /** The elector waits for a pause and a random part of 1.2 pauses more (LeaderElector.JITTER_FACTOR of the client). */
    private static Duration longest(Duration pause) {
        return pause.plus(pause.multipliedBy(6).dividedBy(5));
    }

    /** So that a request that hangs leaves time for another. */
    @Test
    void aRequestIsGivenUpInTime() {
        apiServer.answer(this::hang);
        long begun = System.nanoTime();
        KubernetesClient impatient = KubernetesClients.patient(apiServer.client(), Duration.ofMillis(300));
        assertThat(catchThrowable(() -> new ReturnedLease("monitoring", "narthex", "this").get(impatient)))
                .isNotNull();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    }
}
