package io.narthex.source.kubernetes;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.RuleSetSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The JSON of what is declared: of a specification as the API server has it, and of a whole resource to keep it. */
public final class DeclaredJson {

    private static final Map<String, Class<?>> SPECS = Map.of(
            "PrometheusServer", PrometheusServerSpec.class,
            "Monitor", MonitorSpec.class,
            "RuleSet", RuleSetSpec.class);

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private DeclaredJson() {}

    /**
     * Returns the specification of a kind.
     *
     * @throws IllegalArgumentException if it isn't one, with Jackson's reason as the cause
     */
    static Object spec(String kind, Object json) {
        Class<?> type = SPECS.get(kind);
        if (type == null) {
            throw new IllegalArgumentException("no kind of Narthex: " + kind);
        }
        return MAPPER.convertValue(json, type);
    }

    /** Returns what {@link #read} understands; empty where reading it would give something else. */
    public static Optional<ObjectNode> of(Declared<?> declared) {
        ObjectNode root = MAPPER.createObjectNode()
                .put("kind", declared.key().kind())
                .put("namespace", declared.key().namespace())
                .put("name", declared.key().name());
        root.set("labels", MAPPER.valueToTree(new TreeMap<>(declared.labels())));
        root.set("annotations", MAPPER.valueToTree(new TreeMap<>(declared.annotations())));
        root.set("spec", MAPPER.valueToTree(declared.spec()));
        return read(root).filter(again -> again.spec().equals(declared.spec())).map(same -> root);
    }

    /** Returns the resource that {@link #of} described; empty where it is none that this release can read. */
    public static Optional<Declared<?>> read(JsonNode root) {
        try {
            return Optional.of(new Declared<>(
                    new ResourceKey(
                            root.required("kind").asText(),
                            root.required("namespace").asText(),
                            root.required("name").asText()),
                    texts(root.path("labels")),
                    texts(root.path("annotations")),
                    spec(root.required("kind").asText(), root.required("spec")),
                    SourceMap.NONE));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }
}
