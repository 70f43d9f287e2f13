package io.narthex.compiler.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Holds the objects of the table that the API server is tested with to the same verdicts. */
class SameVerdictTest {

    private static final Path TABLE = Path.of("..", "api", "src", "test", "resources", "objects");

    @TestFactory
    Stream<DynamicTest> everyObjectGetsTheVerdictOfTheApiServer() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (ResourceKind kind : Kinds.ALL) {
            Path file = TABLE.resolve(kind.name().toLowerCase(Locale.ROOT) + ".yaml");
            for (JsonNode row : table(file)) {
                tests.add(DynamicTest.dynamicTest(
                        kind.name() + ": " + row.get("case").asText(), () -> check(kind, row)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(50);
        return tests.stream();
    }

    private static void check(ResourceKind kind, JsonNode row) {
        // JSON is YAML, too.
        String name = row.path("name").asText("main");
        byte[] resource = ("{apiVersion: monitoring.narthex.io/v1alpha1, kind: " + kind.name() + ", metadata: {name: '"
                        + name + "'}, \"spec\": " + row.get("spec") + "}")
                .getBytes(StandardCharsets.UTF_8);
        ReadResult result = new ResourceReader().read("object.yaml", resource);
        List<Diagnostic> errors = result.diagnostics().stream()
                .filter(diagnostic -> diagnostic.severity() == Severity.ERROR)
                .toList();
        if (row.path("errors").isEmpty()) {
            assertThat(errors).isEmpty();
            assertThat(result.resources()).hasSize(1);
        } else {
            assertThat(errors).isNotEmpty();
            assertThat(result.resources()).isEmpty();
        }
        if (row.has("stored")) {
            ResourceKind plain = new ResourceKind(
                    kind.name(),
                    JsonNode.class,
                    "io/narthex/crds/" + kind.name().toLowerCase(Locale.ROOT) + "s.yaml",
                    "v1alpha1");
            ReadResult unbound = new ResourceReader(List.of(plain), Kinds.TWINS).read("object.yaml", resource);
            assertHolds((JsonNode) unbound.resources().getFirst().spec(), row.get("stored"));
        }
    }

    /** Asserts that {@code value} has at least what {@code expected} has. */
    private static void assertHolds(JsonNode value, JsonNode expected) {
        if (expected.isObject()) {
            expected.properties().forEach(field -> {
                assertThat(value.has(field.getKey())).as(field.getKey()).isTrue();
                assertHolds(value.get(field.getKey()), field.getValue());
            });
        } else if (expected.isArray()) {
            assertThat(value.size()).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertHolds(value.get(i), expected.get(i));
            }
        } else {
            assertThat(value).isEqualTo(expected);
        }
    }

    private static JsonNode table(Path file) throws IOException {
        Problems problems = new Problems(file.toString());
        SourceText source = Objects.requireNonNull(SourceText.of(Files.readAllBytes(file), problems));
        YamlNode root = new TreeBuilder(
                        source,
                        DocumentText.split(source).getFirst(),
                        problems,
                        new TreeBuilder.AliasBudget(),
                        new HashMap<>())
                .build();
        assertThat(problems.all()).isEmpty();
        return JsonTree.of(Objects.requireNonNull(root));
    }
}
