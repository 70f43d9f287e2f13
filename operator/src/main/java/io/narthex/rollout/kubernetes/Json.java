package io.narthex.rollout.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of requests. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /**
     * Returns a merge patch of a Secret's data that fails where the Secret has another version.
     *
     * @param data the values in base64, by key; null for one that is deleted
     */
    static String mergePatch(String resourceVersion, Map<String, @Nullable String> data) {
        ObjectNode root = MAPPER.createObjectNode();
        root.putObject("metadata").put("resourceVersion", resourceVersion);
        ObjectNode entries = root.putObject("data");
        // Base64 has nothing to escape; looking for it in each of many kilobytes takes time.
        data.forEach(
                (key, value) -> entries.putRawValue(key, new RawValue(value == null ? "null" : '"' + value + '"')));
        return text(root);
    }

    /** Returns a merge patch that sets an annotation. */
    static String annotate(String name, String value) {
        ObjectNode root = MAPPER.createObjectNode();
        root.putObject("metadata").putObject("annotations").put(name, value);
        return text(root);
    }

    /** Returns a merge patch that gives an object its only owner. */
    static String owned(OwnerReference owner) {
        ObjectNode root = MAPPER.createObjectNode();
        root.putObject("metadata").putArray("ownerReferences").add(MAPPER.<JsonNode>valueToTree(owner));
        return text(root);
    }

    private static String text(ObjectNode root) {
        try {
            return MAPPER.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }
}
