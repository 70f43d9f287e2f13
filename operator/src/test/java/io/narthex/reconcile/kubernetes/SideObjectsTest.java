package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.rollout.kubernetes.ServerObjects;
import io.narthex.rollout.kubernetes.VolumeClaims;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import io.narthex.testbed.StubApiServer.Request;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An admission webhook that doesn't answer for one object holds up nobody but the other writes of this kind. */
class SideObjectsTest {

    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "shop", "main");
    private static final HasMetadata ACCOUNT = new ServiceAccountBuilder()
            .withNewMetadata()
            .withName("account")
            .withNamespace("shop")
            .endMetadata()
            .build();
    private static final List<HasMetadata> ALL = List.of(ACCOUNT, service("first"), service("second"));

    private final CountDownLatch webhook = new CountDownLatch(1);
    private final AtomicInteger looks = new AtomicInteger();
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private StubApiServer apiServer;
    private LaterWrites writes;
    private SideObjects side;

    @BeforeEach
    void begin() throws IOException {
        apiServer = new StubApiServer(SideObjectsTest::written);
        writes = new LaterWrites(SERVER, looks::incrementAndGet);
        IdentitySecret identity = new IdentitySecret(
                apiServer.client(),
                ObjectNames.of(SERVER),
                DeploymentFactory.owner("main", "uid"),
                InstantSource.system(),
                () -> now);
        side = new SideObjects(
                new ServerObjects(apiServer.client()),
                new VolumeClaims(apiServer.client()),
                identity,
                writes,
                () -> now);
        writes.start();
    }

    @AfterEach
    void end() {
        webhook.countDown();
        writes.close();
        apiServer.close();
    }

    private static HasMetadata service(String name) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("shop")
                .endMetadata()
                .build();
    }

    private static Answer written(Request request) {
        return request.method().equals("GET") ? Answer.refusal(404, "{}") : new Answer(200, request.body());
    }

    private Answer hanging(Request request, String name) {
        if (request.method().equals("PATCH") && request.path().endsWith("/" + name)) {
            try {
                webhook.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return written(request);
    }

    private static Answer refusing(Request request, String name) {
        return request.method().equals("PATCH") && request.path().endsWith("/" + name)
                ? Answer.refusal(403, "{}")
                : written(request);
    }

    private List<String> patched() {
        return apiServer.asked().stream()
                .filter(request -> request.method().equals("PATCH"))
                .map(request -> request.path().replaceFirst(".*/", ""))
                .toList();
    }

    /** Has what is through be taken up as the reconciler does. */
    private void takeUp() {
        await().until(writes::isThrough);
        side.look();
        side.tryAgain();
        await().until(writes::isThrough);
        side.plan(false);
    }

    @Test
    void whatOthersCanNotWriteElsewhereIsLackingUntilTheyCan() throws InterruptedException {
        side.write(ALL);
        assertThat(side.elsewhere(Optional.of("RoleBinding else/where isn't this server's")))
                .isTrue();
        assertThat(side.lacking()).hasValue("RoleBinding else/where isn't this server's");
        assertThat(side.elsewhere(Optional.of("RoleBinding else/where isn't this server's")))
                .as("known")
                .isFalse();
        assertThat(side.elsewhere(Optional.empty())).isTrue();
        assertThat(side.lacking()).isEmpty();
    }

    @Test
    void usuallyTheyAreThereInTheirOrderBeforeAnythingElseIsDone() throws InterruptedException {
        assertThat(side.write(ALL)).isTrue();
        assertThat(patched()).containsExactly("account", "first", "second");
        assertThat(side.obstacle()).isEmpty();
        assertThat(side.write(ALL)).isTrue();
        assertThat(patched()).hasSize(3);
    }

    @Test
    void oneThatHangsIsNotWaitedForAndWhatBecomesOfItIsTakenUp() throws InterruptedException {
        apiServer.answer(request -> hanging(request, "first"));
        assertThat(side.write(ALL)).as("whether a StatefulSet may be made").isFalse();
        assertThat(side.obstacle()).hasValue(SideObjects.SLOW);
        assertThat(side.write(ALL)).isFalse();
        assertThat(writes.isThrough()).as("the webhook goes on hanging").isFalse();
        assertThat(looks).hasValue(0);

        webhook.countDown();
        await().until(() -> looks.get() == 1);
        assertThat(side.write(ALL)).isTrue();
        assertThat(side.obstacle()).isEmpty();
        assertThat(patched()).containsExactly("account", "first", "second");
    }

    @Test
    void oneThatIsRefusedIsTriedAgainEverMoreRarely() throws InterruptedException {
        apiServer.answer(request -> refusing(request, "first"));
        assertThat(side.write(ALL)).isFalse();
        side.plan(false);
        assertThat(side.lookAt()).isEqualTo(now.plusMillis(300));
        assertThat(side.lacking()).as("it may be over in a moment").isEmpty();
        now = now.plusMillis(300);
        takeUp();
        assertThat(patched()).containsExactly("account", "first", "second", "first");
        assertThat(side.lookAt()).isEqualTo(now.plusSeconds(3));
        assertThat(side.lacking()).hasValue("Service first: the API server refuses (403): told to");

        apiServer.answer(SideObjectsTest::written);
        now = now.plusSeconds(3);
        takeUp();
        assertThat(side.lacking()).isEmpty();
        assertThat(side.lookAt()).isEqualTo(Instant.MAX);
        assertThat(side.write(ALL)).isTrue();
    }

    private List<Duration> pauses(int count, boolean isUrgent) {
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            side.plan(isUrgent);
            pauses.add(Duration.between(now, side.lookAt()));
            now = side.lookAt();
            side.look();
            side.tryAgain();
            await().until(writes::isThrough);
        }
        return pauses;
    }

    private static List<Duration> milliseconds(int... pauses) {
        return IntStream.of(pauses).mapToObj(Duration::ofMillis).toList();
    }

    @Test
    void whileNothingGoesOnWithoutItItIsTriedAgainInHalfAMinuteAtTheLatest() throws InterruptedException {
        apiServer.answer(request -> refusing(request, "first"));
        side.write(ALL);
        assertThat(pauses(7, true)).isEqualTo(milliseconds(300, 3_000, 6_000, 12_000, 24_000, 30_000, 30_000));
    }

    @Test
    void onceTheyAreOthersThePausesAreShortAgainAndWhatIsInTheWayStaysTold() throws InterruptedException {
        apiServer.answer(request -> refusing(request, "first"));
        side.write(ALL);
        assertThat(pauses(7, false)).isEqualTo(milliseconds(300, 3_000, 6_000, 12_000, 24_000, 48_000, 60_000));
        side.plan(false);
        side.write(List.of(ACCOUNT, service("first")));
        assertThat(side.lacking()).isPresent();
        assertThat(pauses(2, false)).isEqualTo(milliseconds(6_000, 12_000));
    }

    /** Such as by who mends it and then edits the server. */
    @Test
    void onceTheServerIsAnotherWhatIsMissingIsTriedAtOnce() throws InterruptedException {
        side.changed();
        side.tryAgain();
        assertThat(patched()).as("where nothing is missing").isEmpty();
        apiServer.answer(request -> refusing(request, "first"));
        side.write(ALL);
        pauses(7, false);
        side.plan(false);
        apiServer.answer(SideObjectsTest::written);
        side.changed();
        takeUp();
        assertThat(side.lacking()).isEmpty();
        assertThat(side.lookAt()).isEqualTo(Instant.MAX);
    }

    @Test
    void anAccountThatHangsIsWaitedForOnceOnly() throws InterruptedException {
        apiServer.answer(request -> hanging(request, "account"));
        assertThat(side.prepare("account", List.of(ACCOUNT))).isFalse();
        assertThat(side.unready()).hasValue(new SideObjects.Unready("account", SideObjects.SLOW));

        webhook.countDown();
        await().until(() -> looks.get() == 1);
        assertThat(side.unready()).as("it is to be judged anew").isEmpty();
        assertThat(side.prepare("account", List.of(ACCOUNT))).isTrue();
        assertThat(patched()).containsExactly("account");
    }

    @Test
    void anAccountThatIsTriedAgainStaysAsItWasUntilItIsThere() throws InterruptedException {
        apiServer.answer(request -> refusing(request, "account"));
        assertThat(side.prepare("account", List.of(ACCOUNT))).isFalse();
        SideObjects.Unready why = side.unready().orElseThrow();
        assertThat(why.why()).contains("(403)");
        side.plan(false);

        apiServer.answer(request -> hanging(request, "account"));
        now = now.plus(Duration.ofMinutes(1));
        takeUp();
        assertThat(side.unready()).as("it is to be judged anew").isEmpty();
        int before = looks.get();
        assertThat(side.prepare("account", List.of(ACCOUNT))).isFalse();
        assertThat(side.unready()).hasValue(why);

        webhook.countDown();
        await().until(() -> looks.get() == before + 1);
        assertThat(side.prepare("account", List.of(ACCOUNT))).isTrue();
    }

    /** Somebody takes back the change while a webhook holds up what it takes: that comes late. */
    @Test
    void whatWasPreparedInVainIsWrittenOver() throws InterruptedException {
        List<HasMetadata> before = List.of(service("binding"), service("other"));
        HasMetadata next = otherwise("binding");
        side.write(before);
        apiServer.answer(request -> hanging(request, "binding"));
        assertThat(side.prepare("next", List.of(ACCOUNT, next))).isFalse();

        webhook.countDown();
        for (int look = 0; look < 3; look++) {
            await().until(writes::isThrough);
            side.write(before);
        }
        assertThat(patched()).containsExactly("binding", "other", "account", "binding", "binding");
        assertThat(apiServer.asked().getLast().body()).doesNotContain("None");

        // It isn't there any more, so that pods wait for it again.
        assertThat(side.prepare("next", List.of(ACCOUNT, next))).isTrue();
        assertThat(apiServer.asked().getLast().body()).contains("None");
    }

    /** Until it is there, what runs goes on as before. */
    @Test
    void whatIsBeingPreparedIsNotWrittenOver() throws InterruptedException {
        List<HasMetadata> before = List.of(service("binding"));
        List<HasMetadata> next = List.of(ACCOUNT, otherwise("binding"));
        side.write(before);
        apiServer.answer(request -> hanging(request, "binding"));
        assertThat(side.prepare("next", next)).isFalse();
        side.write(before);
        webhook.countDown();
        await().until(writes::isThrough);
        assertThat(side.prepare("next", next)).isTrue();
        assertThat(patched()).containsExactly("binding", "account", "binding");
    }

    private static HasMetadata otherwise(String name) {
        return new ServiceBuilder((Service) service(name))
                .withNewSpec()
                .withClusterIP("None")
                .endSpec()
                .build();
    }

    @Test
    void anAccountThatOthersAreToMakeIsLookedForAgainUntilItIsThere() throws InterruptedException {
        List<HasMetadata> binding = List.of(service("binding"));
        assertThat(side.prepare("theirs", binding)).isFalse();
        assertThat(side.unready().orElseThrow().why()).startsWith("ServiceAccount shop/theirs doesn't exist");
        assertThat(patched()).isEmpty();
        side.plan(false);

        apiServer.answer(request -> request.path().endsWith("/serviceaccounts/theirs")
                ? new Answer(200, "{\"kind\":\"ServiceAccount\",\"apiVersion\":\"v1\"}")
                : written(request));
        now = now.plusMillis(300);
        takeUp();
        side.prepare("theirs", binding);
        // What was in the way is so until the answer has come.
        await().until(() -> side.unready().isEmpty());
        assertThat(side.prepare("theirs", binding)).isTrue();
        assertThat(patched()).containsExactly("binding");
    }
}
