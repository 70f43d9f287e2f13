package io.narthex.rollout.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
        // By hand, since a generator looks at each character of many kilobytes in which nothing has to be escaped.
        StringBuilder patch = new StringBuilder("{\"metadata\":{\"resourceVersion\":")
                .append(quoted(resourceVersion))
                .append("},\"data\":{");
        String separator = "";
        for (Map.Entry<String, @Nullable String> entry : data.entrySet()) {
            String value = entry.getValue();
            patch.append(separator).append(quoted(entry.getKey())).append(':');
            if (value == null) {
                patch.append("null");
            } else {
                patch.append('"').append(value).append('"');
            }
            separator = ",";
        }
        return patch.append("}}").toString();
    }

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    /** Returns a merge patch that sets an annotation. */
    static String annotate(String name, String value) {
        ObjectNode root = MAPPER.createObjectNode();
        root.putObject("metadata").putObject("annotations").put(name, value);
        return text(root);
    }

    /** Returns a merge patch that sets an annotation, or deletes it where it is null; it fails for an object of another uid. */
    static String annotate(String uid, String name, @Nullable String value) {
        ObjectNode root = MAPPER.createObjectNode();
        ObjectNode metadata = root.putObject("metadata").put("uid", uid);
        metadata.putObject("annotations").put(name, value);
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
