package io.narthex.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** A certificate is found in a ConfigMap whichever way it was put there. */
class CredentialStoreTest {

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
                CredentialStore store = new CredentialStore(apiServer.client(), source)) {
            BucketMap<SecretId, Integer> wanted =
                    BucketMap.<SecretId, Integer>empty().with(TEXT, 1).with(BINARY, 1);
            assertThat(store.ask(new ResourceKey("PrometheusServer", "shop", "main"), wanted))
                    .isEmpty();
            assertThat(source.state().inventory().secret(TEXT)).contains(SecretValue.of("one"));
            assertThat(source.state().inventory().secret(BINARY)).contains(SecretValue.of("two"));
        }
    }
}
