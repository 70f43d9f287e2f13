package io.narthex.rollout.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.api.v1alpha1.ResolveImage;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerHost;
import io.narthex.docker.RegistryLogins;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which image is written into a service, and what is said where a node can't get it; no daemon answers here. */
class ImagesTest {

    private static final String IMAGE = "registry.example.com/prometheus:v3";
    private static final String DIGEST = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private final DockerClient docker = new DockerClient(DockerHost.parse("unix:///nowhere.sock", Optional.empty()));
    private final Images images = new Images(docker, new ResourceKey("PrometheusServer", "default", "main"));

    @AfterEach
    void end() throws Exception {
        docker.close();
    }

    private static ImageRules rules(ResolveImage resolve) {
        return new ImageRules(resolve, Optional.empty(), RegistryLogins.NONE);
    }

    private static ImageRules loggedIn(String registry) throws RegistryLogins.Unusable {
        byte[] config = "{\"auths\": {\"%s\": {\"username\": \"shop\", \"password\": \"pass-4711\"}}}"
                .formatted(registry)
                .getBytes(StandardCharsets.UTF_8);
        return new ImageRules(ResolveImage.CHANGED, Optional.of("logins-1"), RegistryLogins.parse(config));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // What has a digest means the same for ever.
                "CHANGED | " + IMAGE + DIGEST + " |                   | " + IMAGE + DIGEST,
                "ALWAYS  | " + IMAGE + DIGEST + " | " + IMAGE + "     | " + IMAGE + DIGEST,
                // The digest that was looked up once stays, though the tag may mean another one today.
                "CHANGED | " + IMAGE + "          | " + IMAGE + DIGEST + " | " + IMAGE + DIGEST,
                "CHANGED | " + IMAGE + "          | " + IMAGE + "     | " + IMAGE,
                "NEVER   | " + IMAGE + "          | " + IMAGE + DIGEST + " | " + IMAGE,
                // Where nobody tells it, nodes take the tag.
                "CHANGED | " + IMAGE + "          |                   | " + IMAGE,
                "CHANGED | " + IMAGE + "          | other:1           | " + IMAGE,
                "ALWAYS  | " + IMAGE + "          | " + IMAGE + DIGEST + " | " + IMAGE,
            })
    void choosesAnImage(ResolveImage resolve, String wanted, String there, String chosen) throws Exception {
        assertThat(images.choose(rules(resolve), wanted, Optional.ofNullable(there))
                        .image())
                .isEqualTo(chosen);
    }

    @Test
    void aLoginGoesToItsRegistryAlone() throws Exception {
        assertThat(images.choose(loggedIn("registry.example.com"), IMAGE, Optional.empty())
                        .auth())
                .isPresent();
        assertThat(images.choose(loggedIn("other.example.com"), IMAGE, Optional.empty())
                        .auth())
                .isEmpty();
    }

    @Test
    void namesRegistryNodeAndRemedyOfAnImageThatIsMissing() throws Exception {
        Diagnostic without = images.missing(
                        rules(ResolveImage.NEVER), "No such image: " + IMAGE, IMAGE + DIGEST, "node-7")
                .orElseThrow();
        assertThat(without.code()).isEqualTo(DiagnosticCode.IMAGE_NOT_AVAILABLE);
        assertThat(without.message())
                .isEqualTo("the node node-7 has no image " + IMAGE
                        + " and couldn't get it from registry.example.com without a login");
        assertThat(without.remedy()).contains("swarm.imageRegistryAuth", "docker load");

        Diagnostic with = images.missing(loggedIn("registry.example.com"), "No such image: x", IMAGE, "node-7")
                .orElseThrow();
        assertThat(with.message()).endsWith("with the login of the Docker secret logins-1");
        assertThat(with.toString()).doesNotContain("pass-4711");
        assertThat(images.missing(loggedIn("other.example.com"), "No such image: x", IMAGE, "node-7")
                        .orElseThrow()
                        .message())
                .endsWith("for which the Docker secret logins-1 has no login");
        assertThat(images.missing(rules(ResolveImage.NEVER), "task: non-zero exit (2)", IMAGE, "node-7"))
                .isEmpty();
    }

    @Test
    void tellsWhyTheManagerDidNotGetItEither() throws Exception {
        images.choose(rules(ResolveImage.CHANGED), IMAGE, Optional.empty());
        assertThat(images.missing(rules(ResolveImage.CHANGED), "No such image: x", IMAGE, "node-7")
                        .orElseThrow()
                        .message())
                .contains("; asked by the manager: there is no Docker daemon at unix:///nowhere.sock");
    }
}
