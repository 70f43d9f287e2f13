package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Inventory;
import io.narthex.testing.Promcheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Whatever stands in a field, Prometheus takes what it becomes. PromQL is its own business. */
class HostileIT {

    @ParameterizedTest
    @FieldSource("io.narthex.testing.RealPrograms#RELEASES")
    void prometheusTakesWhatAnyTextBecomes(String version, @TempDir Path folder) throws IOException {
        List<String> refused = new ArrayList<>();
        Random random = new Random(20);
        try (Promcheck prometheus = Promcheck.of(version)) {
            for (int i = 0; i < 600; i++) {
                String input = Golden.INPUTS.get(random.nextInt(Golden.INPUTS.size()));
                Optional<Map.Entry<String, Inventory>> hostile =
                        Hostile.mutate(Golden.inventory(input), random, name -> !name.endsWith(".expr"));
                if (hostile.isEmpty()) {
                    continue;
                }
                Compilation compilation = Yaml.compile(hostile.get().getValue(), version + ".0");
                if (compilation.bundle().isPresent()) {
                    WrittenBundle.refusal(
                                    prometheus,
                                    compilation.bundle().get(),
                                    folder.resolve("" + i),
                                    input.equals("agent"))
                            .ifPresent(why -> refused.add(hostile.get().getKey() + " -> " + why));
                }
            }
        }
        assertThat(refused).isEmpty();
    }
}
