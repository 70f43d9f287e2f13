package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.testing.Promcheck;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each release takes what is written for it. */
class GoldenIT {

    @ParameterizedTest
    @FieldSource("io.narthex.testing.RealPrograms#RELEASES")
    void prometheusTakesTheGoldenInventories(String version, @TempDir Path folder) throws IOException {
        try (Promcheck prometheus = Promcheck.of(version)) {
            for (String input : Golden.INPUTS) {
                assertThat(WrittenBundle.refusal(
                                prometheus,
                                Golden.compile(input, version).bundle().orElseThrow(),
                                folder.resolve(input),
                                input.equals("agent")))
                        .as(input + " for " + version)
                        .isEmpty();
            }
        }
    }
}
