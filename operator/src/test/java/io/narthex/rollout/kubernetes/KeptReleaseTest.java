package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.testbed.LoggedWarnings;
import io.narthex.testbed.StubApiServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was kept and can't be understood is lost, and that is said; {@code KeptReleaseIT} has what is kept. */
class KeptReleaseTest {

    private static final ObjectNames NAMES = ObjectNames.of(new ResourceKey("PrometheusServer", "shop", "main"));

    private final LoggedWarnings warnings = LoggedWarnings.of(KeptRelease.class);

    @AfterEach
    void end() {
        warnings.close();
    }

    private static String entry(String key, String content) {
        return "\"" + key + "\":\"" + Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8))
                + "\"";
    }

    private static final OwnerReference OWNER =
            new OwnerReferenceBuilder().withUid("7d0c").build();

    private static void refresh(String data) throws IOException {
        StubApiServer.Answer answer = new StubApiServer.Answer(
                200,
                "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"namespace\":\"shop\",\"name\":\""
                        + NAMES.state() + "\",\"resourceVersion\":\"1\",\"ownerReferences\":[{\"uid\":\""
                        + OWNER.getUid()
                        + "\"}]},\"data\":{" + data + "}}");
        try (StubApiServer server = new StubApiServer(_ -> answer)) {
            ConfigSecrets secrets = new ConfigSecrets(
                    server.client(), NAMES, OWNER, InstantSource.system(), RandomGenerator.getDefault(), true);
            KeptRelease kept = new KeptRelease(
                    server.client(), NAMES, secrets, new KeptTemplates(server.client(), NAMES, Optional::empty));
            kept.refresh();
            kept.refresh();
            assertThat(kept.lastGood()).isEmpty();
            assertThat(kept.refusal()).isEmpty();
        }
    }

    @Test
    void aLostReleaseIsSaidOnce() throws IOException {
        refresh(entry("prometheus.yml.gz", "not zipped: s3cret") + "," + entry("release.json", "{}"));
        assertThat(warnings.texts())
                .containsExactly("The last good release in the Secret shop/" + NAMES.state()
                        + " can't be understood; nothing can be gone back to until one is verified");
    }

    @Test
    void whatIsNoBase64CountsAsLost() throws IOException {
        refresh("\"template.json\":\"!\",\"prometheus.yml.gz\":\"!\",\"release.json\":\"!\",\"refused.json\":\"!\"");
        assertThat(warnings.texts()).hasSize(2);
    }

    @Test
    void aLostRefusalIsSaidOnce() throws IOException {
        refresh(entry("refused.json", "{\"release\":\"id\",\"reason\":\"OF_A_LATER_RELEASE\"}"));
        assertThat(warnings.texts())
                .containsExactly("The refusal in the Secret shop/" + NAMES.state()
                        + " can't be understood; what was refused is tried once more");
    }

    @Test
    void nothingIsSaidOfWhatIsNotThere() throws IOException {
        refresh("");
        assertThat(warnings.texts()).isEmpty();
    }
}
