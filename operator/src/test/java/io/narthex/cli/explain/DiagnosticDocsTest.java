package io.narthex.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.DiagnosticCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each diagnostic's page is there and complete, and docs/diagnostics.md is made of them. {@code -Dnarthex.write=true}
 * writes it anew.
 */
class DiagnosticDocsTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "diagnostics.md");

    private static final Map<Integer, String> CHAPTERS = new TreeMap<>(Map.of(
            1000, "Files and YAML",
            1100, "The shape of resources",
            1200, "Monitors",
            1300, "PrometheusServers",
            1400, "RuleSets",
            1500, "Credentials and trust",
            1600, "What a version of Prometheus can't do",
            2000, "Rolling out",
            3000, "Targets",
            4000, "The environment"));

    @ParameterizedTest
    @EnumSource(DiagnosticCode.class)
    void everyCodeHasAPage(DiagnosticCode code) {
        assertThat(DiagnosticPage.of(code)).as(code.id() + ".md").isPresent();
        String text = DiagnosticPage.of(code).orElseThrow().text();
        assertThat(text).startsWith("# " + code.id() + " " + code.title() + "\n\n");
        assertThat(text).containsPattern("(?m)^Remedy: \\S");
        assertThat(text).containsPattern("(?m)^```(yaml|text)$");
    }

    @Test
    void everyPageHasACode() throws Exception {
        // The sources: the pages themselves may lie in a jar by now.
        Path folder = Path.of("../compiler/src/main/resources/io/narthex/compiler/diagnostics");
        List<String> codes =
                Arrays.stream(DiagnosticCode.values()).map(DiagnosticCode::id).toList();
        try (Stream<Path> pages = Files.list(folder)) {
            assertThat(pages.map(page -> page.getFileName().toString().replace(".md", "")))
                    .containsExactlyInAnyOrderElementsOf(codes);
        }
    }

    @Test
    void theDocumentIsMadeOfThePages() throws IOException {
        String made = document();
        if (Boolean.getBoolean("narthex.write")) {
            Files.writeString(DOCUMENT, made, StandardCharsets.UTF_8);
        }
        assertThat(Files.readString(DOCUMENT, StandardCharsets.UTF_8))
                .as("docs/diagnostics.md is stale: make docs")
                .isEqualTo(made);
    }

    private static String document() {
        StringBuilder text = new StringBuilder("""
                # Diagnostics

                What Narthex says of an input, and what to do. `narthex explain CODE` prints the same. Codes are stable:
                none is given another meaning.

                <!-- Made from the pages among the compiler's resources by the test DiagnosticDocsTest; edit those. -->
                """);
        List<DiagnosticCode> codes = Arrays.stream(DiagnosticCode.values())
                .sorted(Comparator.comparing(DiagnosticCode::id))
                .toList();
        int chapter = 0;
        for (DiagnosticCode code : codes) {
            int number = Integer.parseInt(code.id().substring(2));
            int begins = CHAPTERS.keySet().stream()
                    .filter(start -> start <= number)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            if (begins != chapter) {
                chapter = begins;
                text.append("\n## ").append(CHAPTERS.get(chapter)).append('\n');
            }
            String page = DiagnosticPage.of(code).orElseThrow().text().strip();
            text.append("\n##").append(page).append('\n');
        }
        return text.toString();
    }
}
