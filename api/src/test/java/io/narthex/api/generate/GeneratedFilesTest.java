package io.narthex.api.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is checked in is what the types say; {@code make crds} writes it anew. */
class GeneratedFilesTest {
    /** The most bytes of an annotation, and so of what a plain {@code kubectl apply} takes. */
    private static final int APPLY_LIMIT = 262_144;

    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Map<Path, String> FILES = GeneratedFiles.all(REPOSITORY);

    @Test
    void whatIsCheckedInIsCurrent() throws IOException {
        List<String> stale = new ArrayList<>();
        for (Map.Entry<Path, String> file : FILES.entrySet()) {
            Path path = REPOSITORY.resolve(file.getKey());
            if (Boolean.getBoolean("narthex.write")) {
                Files.createDirectories(path.resolve("..").normalize());
                Files.writeString(path, file.getValue());
            } else if (!Files.exists(path) || !Files.readString(path).equals(file.getValue())) {
                stale.add(file.getKey().toString());
            }
        }
        assertThat(stale).as("stale; run: make crds").isEmpty();
    }

    @Test
    void nothingElseLiesThere() throws IOException {
        for (String folder : List.of("crds", "docs/reference")) {
            try (Stream<Path> listed = Files.list(REPOSITORY.resolve(folder))) {
                assertThat(listed.map(REPOSITORY::relativize)).allMatch(FILES::containsKey);
            }
        }
    }

    @Test
    void theTextIsTheTree() throws IOException {
        Crds crds = new Crds(REPOSITORY.resolve("api/src/main/java/io/narthex/api/v1alpha1"));
        for (Crds.Kind kind : Crds.KINDS) {
            JsonNode tree = crds.crd(kind);
            ObjectMapper json = new ObjectMapper();
            assertThat(new YAMLMapper().readTree(YamlText.of(tree))).isEqualTo(json.readTree(tree.toString()));
        }
    }

    @Test
    void kubectlApplyTakesEachCrd() throws IOException {
        for (Map.Entry<Path, JsonNode> crd : crds().entrySet()) {
            int json = new ObjectMapper().writeValueAsBytes(crd.getValue()).length;
            assertThat(json).as("%s as JSON", crd.getKey()).isLessThan(APPLY_LIMIT);
            int yaml = FILES.getOrDefault(crd.getKey(), "").getBytes(StandardCharsets.UTF_8).length;
            assertThat(yaml).as("%s", crd.getKey()).isLessThan(APPLY_LIMIT);
        }
    }

    @Test
    void everythingIsDescribedAndBounded() throws IOException {
        List<String> lacking = new ArrayList<>();
        for (JsonNode crd : crds().values()) {
            String kind = crd.at("/spec/names/kind").textValue();
            JsonNode schema = crd.at("/spec/versions/0/schema/openAPIV3Schema");
            for (String part : List.of("spec", "status")) {
                examine(kind + "." + part, schema.path("properties").path(part), lacking);
            }
        }
        assertThat(lacking).isEmpty();
    }

    private static void examine(String path, JsonNode schema, List<String> lacking) {
        schema.path("properties").properties().forEach(property -> {
            String inner = path + "." + property.getKey();
            if (property.getValue().path("description").asText().isBlank()) {
                lacking.add(inner + " has no description");
            }
            examine(inner, property.getValue(), lacking);
        });
        if (schema.has("items")) {
            require(path, schema, "maxItems", lacking);
            require(path, schema, "x-kubernetes-list-type", lacking);
            schema.path("x-kubernetes-list-map-keys").forEach(key -> {
                JsonNode items = schema.get("items");
                boolean required = false;
                for (JsonNode name : items.path("required")) {
                    required |= name.equals(key);
                }
                if (!required && !items.path("properties").path(key.textValue()).has("default")) {
                    lacking.add(path + ": the key " + key + " is neither required nor has it a default");
                }
            });
            examine(path + "[]", schema.get("items"), lacking);
        }
        if (schema.has("additionalProperties")) {
            require(path, schema, "maxProperties", lacking);
            examine(path + "{}", schema.get("additionalProperties"), lacking);
        }
        if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            require(path, schema, "maxProperties", lacking);
        }
        if (schema.path("type").asText().equals("string") && !schema.has("enum")) {
            require(path, schema, "maxLength", lacking);
        }
    }

    private static void require(String path, JsonNode schema, String keyword, List<String> lacking) {
        if (!schema.has(keyword)) {
            lacking.add(path + " has no " + keyword);
        }
    }

    private static Map<Path, JsonNode> crds() throws IOException {
        Map<Path, JsonNode> crds = new TreeMap<>();
        for (Map.Entry<Path, String> file : FILES.entrySet()) {
            if (file.getKey().startsWith("crds")) {
                crds.put(file.getKey(), new YAMLMapper().readTree(file.getValue()));
            }
        }
        return crds;
    }
}
