package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Bundle;
import io.narthex.testing.Promcheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each release takes what is written for it. */
class GoldenIT {

    private static final Set<String> NEEDED_SERVER_RUNS = Set.of("3.11", "3.16");

    @ParameterizedTest
    @FieldSource("io.narthex.testing.RealPrograms#RELEASES")
    void prometheusTakesTheGoldenInventories(String version, @TempDir Path folder) throws IOException {
        try (Promcheck prometheus = Promcheck.of(version)) {
            for (String input : Golden.INPUTS) {
                Optional<Bundle> bundle = Golden.compile(input, version).bundle();
                assertThat(bundle.isPresent())
                        .as(input + " for " + version)
                        .isEqualTo(!input.equals("needed-server") || NEEDED_SERVER_RUNS.contains(version));
                if (bundle.isPresent()) {
                    assertThat(WrittenBundle.refusal(
                                    prometheus, bundle.get(), folder.resolve(input), input.equals("agent")))
                            .as(input + " for " + version)
                            .isEmpty();
                }
            }
        }
    }
}
