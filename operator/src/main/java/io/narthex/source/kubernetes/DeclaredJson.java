package io.narthex.source.kubernetes;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SourceMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** The JSON of what is declared: of a specification as the API server has it, and of a whole resource to keep it. */
public final class DeclaredJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** What is Kubernetes' or Prometheus's own, which the API server stores as it comes. */
    private static final Set<String> FREE = Set.of("podTemplate", "config");

    private DeclaredJson() {}

    /**
     * Returns the specification of a kind.
     *
     * @throws IllegalArgumentException if it isn't one, with Jackson's reason as the cause
     */
    static Object spec(String kind, Object json) {
        Class<?> type = ApiKinds.SPECS.get(kind);
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
        if (!root.path("spec").isObject() || hasNullItems(root.path("spec"))) {
            // The API server stores neither, and no one who reads a specification expects them.
            return Optional.empty();
        }
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

    private static boolean hasNullItems(JsonNode node) {
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false)
                    .anyMatch(item -> item.isNull() || hasNullItems(item));
        }
        return node.properties().stream()
                .anyMatch(field -> !FREE.contains(field.getKey()) && hasNullItems(field.getValue()));
    }

    /** Returns the entries of Secrets and ConfigMaps that a resource names, wherever in its specification. */
    public static Set<SecretId> credentials(Declared<?> declared) {
        Set<SecretId> names = new HashSet<>();
        credentials(declared.key().namespace(), MAPPER.valueToTree(declared.spec()), names);
        return names;
    }

    private static void credentials(String namespace, JsonNode node, Set<SecretId> names) {
        node.properties().forEach(field -> {
            JsonNode value = field.getValue();
            String name = value.path("name").asText();
            String key = value.path("key").asText();
            switch (field.getKey()) {
                case "secretRef" -> names.add(new SecretId(namespace, name, key));
                case "configMapRef" -> names.add(SecretId.ofConfigMap(namespace, name, key));
                default -> credentials(namespace, value, names);
            }
        });
        if (node.isArray()) {
            node.forEach(item -> credentials(namespace, item, names));
        }
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }
}
