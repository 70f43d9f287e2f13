package io.narthex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.testing.Promcheck;
import io.narthex.testing.RealPrograms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each example, rendered as a user renders it, is accepted by each release of Prometheus that it is rendered for. */
class ExamplesIT {

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> everyReleaseTakesEveryExample() {
        return RealPrograms.RELEASES.stream()
                .flatMap(release -> Examples.names().stream()
                        .map(name -> DynamicTest.dynamicTest(name + " for " + release, () -> isTaken(name, release))));
    }

    private void isTaken(String name, String release) throws IOException {
        Path copy = Examples.copy(name, folder.resolve(release).resolve(name));
        Path out = folder.resolve(release).resolve(name + "-rendered");
        Session.Result result = new Session()
                .run(
                        "render",
                        copy.toString(),
                        "--output",
                        out.toString(),
                        "--prometheus-version",
                        release,
                        "-o",
                        "json");
        assertThat(result.code()).as(result.out() + result.err()).isZero();
        JsonNode rendered = new ObjectMapper().readTree(result.out());
        assertThat(rendered.path("prometheusVersion").asText()).startsWith(release + ".");

        try (Promcheck prometheus = Promcheck.of(release)) {
            assertThat(prometheus.config(out.resolve("prometheus.yml"), isAgent(rendered)))
                    .isEmpty();
            for (Map.Entry<String, JsonNode> file : rendered.path("files").properties()) {
                Path path = out.resolve(file.getKey());
                if (file.getValue().asText().startsWith("groups:")) {
                    assertThat(prometheus.rules(path)).as(file.getKey()).isEmpty();
                } else if (file.getKey().equals("web.yml")) {
                    assertThat(prometheus.web(path)).isEmpty();
                }
            }
        }
    }

    private static boolean isAgent(JsonNode rendered) {
        for (JsonNode flag : rendered.path("flags")) {
            if (flag.asText().equals("--agent") || flag.asText().equals("--enable-feature=agent")) {
                return true;
            }
        }
        return false;
    }
}
