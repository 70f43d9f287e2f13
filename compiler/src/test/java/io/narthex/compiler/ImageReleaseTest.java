package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.Platform;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which release a server's image is of is said where that is a guess. */
class ImageReleaseTest {

    private static List<String> said(String spec) {
        Inventory inventory = Yaml.inventory(Yaml.resource("PrometheusServer", "main", spec));
        Declared<PrometheusServerSpec> server = inventory.servers().findFirst().orElseThrow();
        return Compiler.create()
                .compile(
                        inventory,
                        server.key(),
                        CompileOptions.inContainers(
                                Platform.KUBERNETES, server.spec(), new Layout("/config", "/prometheus")))
                .diagnostics()
                .stream()
                .filter(found -> found.code() == DiagnosticCode.IMAGE_RELEASE_UNCLEAR)
                .map(Diagnostic::message)
                .toList();
    }

    @Test
    void aTagThatIsNoReleaseIsAGuess() {
        for (String image : List.of(
                "quay.io/prometheus/prometheus@sha256:abcd",
                "registry.example.com:5000/prometheus",
                "registry.example.com/prometheus:custom")) {
            assertThat(said("image: \"" + image + "\""))
                    .as(image)
                    .singleElement()
                    .asString()
                    .contains("says no release");
            assertThat(said("image: \"" + image + "\"\nversion: 3.5.0"))
                    .as(image)
                    .isEmpty();
        }
    }

    @Test
    void whatContradictsEachOtherIsSaid() {
        assertThat(said("image: quay.io/prometheus/prometheus:v2.55.1\nversion: 3.16.0"))
                .containsExactly(
                        "version is 3.16.0, and the tag of the image says 2.55.1; what is written is for 3.16.0");
        assertThat(said("image: quay.io/prometheus/prometheus:v3.5.0\nversion: 3.5.0"))
                .isEmpty();
        // Such a tag is that of the newest of the series.
        assertThat(said("image: registry.example.com/prometheus:v3.5\nversion: 3.5.1"))
                .isEmpty();
        assertThat(said("image: quay.io/prometheus/prometheus:v3.5.0")).isEmpty();
        assertThat(said("version: 3.5.0")).isEmpty();
    }
}
