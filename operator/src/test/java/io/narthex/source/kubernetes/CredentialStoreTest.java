package io.narthex.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A certificate is found in a ConfigMap whichever way it was put there. */
class CredentialStoreTest {

    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "shop", "main");
    private static final String SECRET = """
            {"apiVersion": "v1", "kind": "Secret",
             "metadata": {"namespace": "team", "name": "some", "resourceVersion": "7"}, "data": {"k": "dHdv"}}
            """;
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
}
