package io.narthex.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.testbed.LoggedWarnings;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found in Secrets and ConfigMaps, and what counts while the API server doesn't give them out. */
class CredentialStoreTest {

    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "shop", "main");
    private static final String SECRET = """
            {"apiVersion": "v1", "kind": "Secret",
             "metadata": {"namespace": "team", "name": "some", "resourceVersion": "7"}, "data": {"k": "dHdv"}}
            """;
    private static final SecretId KNOWN = new SecretId("team", "some", "k");
    private static final BucketMap<SecretId, Integer> SOME =
            BucketMap.<SecretId, Integer>empty().with(KNOWN, 1);
    private static final SecretId TEXT = SecretId.ofConfigMap("shop", "roots", "text.pem");
    private static final SecretId BINARY = SecretId.ofConfigMap("shop", "roots", "binary.pem");

    @Test
    void entriesOfAConfigMapAreTextsOrBytes() throws Exception {
        String roots = """
                {"apiVersion": "v1", "kind": "ConfigMap",
                 "metadata": {"namespace": "shop", "name": "roots", "resourceVersion": "7"},
                 "data": {"text.pem": "one"}, "binaryData": {"binary.pem": "dHdv"}}
                """;
        try (StubApiServer apiServer = new StubApiServer(request -> new Answer(200, roots));
                ClusterSource source = new ClusterSource(apiServer.client(), () -> {}, InstantSource.system());
                CredentialStore store = new CredentialStore(apiServer.client(), source, InstantSource.system())) {
            BucketMap<SecretId, Integer> wanted =
                    BucketMap.<SecretId, Integer>empty().with(TEXT, 1).with(BINARY, 1);
            assertThat(store.ask(SERVER, wanted)).isEmpty();
            assertThat(source.state().inventory().secret(TEXT)).contains(SecretValue.of("one"));
            assertThat(source.state().inventory().secret(BINARY)).contains(SecretValue.of("two"));
        }
    }

    /** Such as one whose encryption key is lost: everybody else's changes go on without it. */
    @Test
    void aSecretThatTheApiServerFailsToGiveOutIsWaitedForAMinute() throws Exception {
        SecretId lost = new SecretId("team-a", "lost", "k");
        SecretId known = new SecretId("team-b", "known", "k");
        SecretId later = new SecretId("team-b", "known", "l");
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        Set<String> failing = ConcurrentHashMap.newKeySet();
        try (StubApiServer apiServer =
                        new StubApiServer(request -> failing.stream().anyMatch(request.path()::endsWith)
                                ? Answer.refusal(500, "{}")
                                : new Answer(200, SECRET));
                ClusterSource source = new ClusterSource(apiServer.client(), () -> {}, InstantSource.system());
                CredentialStore store = new CredentialStore(apiServer.client(), source, now::get)) {
            BucketMap<SecretId, Integer> wanted =
                    BucketMap.<SecretId, Integer>empty().with(lost, 1).with(known, 1);
            failing.add("/lost");
            assertThat(store.ask(SERVER, wanted)).isPresent();
            now.set(Instant.EPOCH.plusSeconds(59));
            assertThat(store.ask(SERVER, wanted))
                    .hasValueSatisfying(why -> assertThat(why).contains("team-a/lost"));
            assertThat(source.state().unread().get(lost)).isEmpty();

            // Where nothing else is given out either it isn't this one's fault.
            now.set(Instant.EPOCH.plusSeconds(61));
            failing.add("/known");
            assertThat(store.ask(SERVER, wanted)).isPresent();
            failing.remove("/known");
            assertThat(store.ask(SERVER, wanted)).isEmpty();
            assertThat(source.state().unread().get(lost)).contains("told to");
            assertThat(source.state().inventory().secret(lost)).isEmpty();
            assertThat(source.state().inventory().secret(known)).isPresent();

            // What was read before counts on.
            failing.remove("/lost");
            store.listener(false).present("team-a", "lost", "8");
            await().untilAsserted(() ->
                    assertThat(source.state().inventory().secret(lost)).isPresent());
            assertThat(source.state().unread().get(lost)).isEmpty();
            failing.add("/known");
            assertThat(store.ask(SERVER, wanted.with(later, 1))).isPresent();
            now.set(now.get().plusSeconds(61));
            assertThat(store.ask(SERVER, wanted.with(later, 1))).isEmpty();
            assertThat(source.state().inventory().secret(known)).isPresent();
            assertThat(source.state().unread().get(later)).isPresent();
        }
    }

    /** Such as while a binding is deleted and made anew, or while an API server that just started doesn't know it yet. */
    @ParameterizedTest
    @ValueSource(ints = {200, 500})
    void aRightThatIsMissingForAMomentTakesNothingAway(int meanwhile) throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        try (StubApiServer apiServer = new StubApiServer(request -> answer(200));
                ClusterSource source = new ClusterSource(apiServer.client(), () -> {}, InstantSource.system());
                CredentialStore store = new CredentialStore(apiServer.client(), source, now::get)) {
            assertThat(store.ask(SERVER, SOME)).isEmpty();
            assertThat(source.state().inventory().secret(KNOWN)).contains(SecretValue.of("two"));

            // The second time without the right begins anew.
            int[] statuses = {403, 403, meanwhile, 403, 403};
            int[] seconds = {0, 9, 10, 11, 20};
            for (int i = 0; i < statuses.length; i++) {
                Answer next = answer(statuses[i]);
                apiServer.answer(request -> next);
                now.set(Instant.EPOCH.plusSeconds(seconds[i]));
                store.poll();
                assertThat(source.state().inventory().secret(KNOWN))
                        .as("%s after %s s", statuses[i], seconds[i])
                        .contains(SecretValue.of("two"));
            }

            // Another entry of it is missing, but keeps nobody waiting, nor has what is known asked for again and
            // again.
            BucketMap<SecretId, Integer> more = SOME.with(new SecretId("team", "some", "l"), 1);
            assertThat(store.ask(SERVER, more)).isEmpty();
            apiServer.forget();
            assertThat(store.ask(SERVER, more)).isEmpty();
            assertThat(apiServer.asked()).isEmpty();
            assertThat(source.state().inventory().secret(KNOWN)).isPresent();
        }
    }

    @Test
    void whatMayNoLongerBeReadIsMissingOnceThatIsSaidAgain() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        try (StubApiServer apiServer = new StubApiServer(request -> answer(200));
                ClusterSource source = new ClusterSource(apiServer.client(), () -> {}, InstantSource.system());
                CredentialStore store = new CredentialStore(apiServer.client(), source, now::get)) {
            assertThat(store.ask(SERVER, SOME)).isEmpty();
            apiServer.answer(request -> answer(403));
            store.poll();
            assertThat(source.state().inventory().secret(KNOWN)).isPresent();

            // It is asked again soon by itself.
            apiServer.forget();
            now.set(Instant.EPOCH.plusSeconds(10));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(source.state().inventory().secret(KNOWN)).isEmpty());
            assertThat(apiServer.asked()).hasSize(1);

            apiServer.answer(request -> answer(200));
            store.poll();
            assertThat(source.state().inventory().secret(KNOWN)).isPresent();
        }
    }

    @Test
    void whatNeverCouldBeReadIsMissingAtOnce() throws Exception {
        try (StubApiServer apiServer = new StubApiServer(request -> answer(403));
                ClusterSource source = new ClusterSource(apiServer.client(), () -> {}, InstantSource.system());
                CredentialStore store =
                        new CredentialStore(apiServer.client(), source, InstantSource.fixed(Instant.EPOCH));
                LoggedWarnings warnings = LoggedWarnings.of(CredentialStore.class)) {
            assertThat(store.ask(SERVER, SOME)).isEmpty();
            assertThat(source.state().inventory().secret(KNOWN)).isEmpty();
            assertThat(warnings.texts()).singleElement().asString().contains("counts as missing");
        }
    }

    private static Answer answer(int status) {
        return status == 200 ? new Answer(200, SECRET) : Answer.refusal(status, "{}");
    }
}
