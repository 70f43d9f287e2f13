package io.narthex.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.ConditionType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/troubleshoot.md tells of every reason and condition that a status may have, and of no other. */
class TroubleshootingTest {

    private static List<String> page() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "troubleshoot.md"));
    }

    @Test
    void everyReasonHasItsPartInTheOrderOfTheirDeclaration() throws IOException {
        List<String> parts = page().stream()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4))
                .toList();

        assertThat(parts)
                .containsExactlyElementsOf(Stream.of(ConditionReason.values())
                        .map(ConditionReason::value)
                        .toList());
    }

    @Test
    void everyPartSaysSomething() throws IOException {
        List<String> lines = page();
        for (int i = 0; i < lines.size() - 2; i++) {
            if (lines.get(i).startsWith("### ")) {
                assertThat(lines.get(i + 2)).as(lines.get(i)).isNotBlank().doesNotStartWith("#");
            }
        }
    }

    @Test
    void everyConditionIsInTheTable() throws IOException {
        List<String> rows = page().stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();

        assertThat(rows)
                .containsAll(Stream.of(ConditionType.values())
                        .map(ConditionType::value)
                        .toList());
    }
}
