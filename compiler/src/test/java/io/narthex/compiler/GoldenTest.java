package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.testing.RealPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What whole inventories become stays as it was, byte by byte. After a wanted change run with {@code
 * -Dgolden.update=true} and read the difference.
 */
class GoldenTest {

    static Stream<Arguments> all() {
        return Golden.INPUTS.stream()
                .flatMap(input -> RealPrograms.RELEASES.stream().map(version -> Arguments.of(input, version)));
    }

    @ParameterizedTest(name = "{0} for {1}")
    @MethodSource("all")
    void becomesWhatItDid(String input, String version) throws IOException {
        String made = Golden.text(Golden.compile(input, version));
        String name = input + "-" + version + ".txt";
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(
                    Path.of("src/test/resources/io/narthex/compiler/golden").resolve(name), made);
        }
        assertThat(made).isEqualTo(Boolean.getBoolean("golden.update") ? made : Golden.resource(name));
    }
}
