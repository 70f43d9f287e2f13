package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each release takes what is written for it. */
class GoldenIT {

    static final List<String> VERSIONS = Golden.VERSIONS;

    @ParameterizedTest
    @FieldSource("VERSIONS")
    void prometheusTakesTheGoldenInventories(String version, @TempDir Path folder) throws IOException {
        try (PromCheck prometheus = PromCheck.start(version)) {
            for (String input : Golden.INPUTS) {
                assertThat(prometheus.refuses(
                                Golden.compile(input, version).bundle().orElseThrow(),
                                folder.resolve(input),
                                input.equals("agent")))
                        .as(input + " for " + version)
                        .isEmpty();
            }
        }
    }
}
