package io.narthex.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.Retention;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The form in which drivers keep a {@link Release} and a {@link Refusal} beyond the operator's life. A driver adds fields
 * of its own to the objects made here; those that it doesn't know are ignored.
 */
public final class ReleaseJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ReleaseJson() {}

    /** Returns an object that {@link #release} understands. */
    public static ObjectNode of(Release release) {
        ObjectNode root = JSON.createObjectNode()
                .put("schemaVersion", 1)
                .put("generation", release.generation())
                .put("marker", release.marker())
                .put("index", release.index())
                .put("restartKey", release.restartKey())
                .put("startKey", release.startKey());
        put(root, "parts", release.parts());
        put(root, "replaced", release.replaced());
        put(root, "credentials", release.credentials());
        ObjectNode retention = root.putObject("retention");
        release.retention().time().ifPresent(time -> retention.put("seconds", time.toSeconds()));
        release.retention().sizeBytes().ifPresent(size -> retention.put("bytes", size));
        release.retention().percentage().ifPresent(part -> retention.put("percentage", part));
        return root;
    }

    /** Returns an object that {@link #refusal} understands. */
    public static ObjectNode of(Refusal refusal) {
        return JSON.createObjectNode()
                .put("release", refusal.release())
                .put("reason", refusal.reason().name())
                .put("message", refusal.message());
    }

    /**
     * Returns the release that {@link #of(Release)} described.
     *
     * @throws IllegalArgumentException if a field is missing
     */
    public static Release release(JsonNode root) {
        JsonNode kept = root.path("retention");
        Retention retention = new Retention(
                kept.has("seconds")
                        ? Optional.of(Duration.ofSeconds(kept.path("seconds").longValue()))
                        : Optional.empty(),
                kept.has("bytes") ? OptionalLong.of(kept.path("bytes").longValue()) : OptionalLong.empty(),
                kept.has("percentage")
                        ? OptionalDouble.of(kept.path("percentage").doubleValue())
                        : OptionalDouble.empty(),
                false);
        return new Release(
                root.required("generation").asText(),
                root.required("marker").asText(),
                root.required("index").asText(),
                texts(root.required("parts")),
                texts(root.required("replaced")),
                texts(root.required("credentials")),
                root.required("restartKey").asText(),
                // Absent in what earlier versions kept: then it is like no other's.
                root.path("startKey").asText(),
                retention);
    }

    /**
     * Returns the refusal that {@link #of(Refusal)} described.
     *
     * @throws IllegalArgumentException if a field is missing or its reason is none
     */
    public static Refusal refusal(JsonNode root) {
        return new Refusal(
                root.required("release").asText(),
                Reason.valueOf(root.required("reason").asText()),
                root.path("message").asText());
    }

    /** Returns the text of an object. */
    public static byte[] bytes(ObjectNode object) {
        try {
            return JSON.writeValueAsBytes(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }

    /**
     * Returns what a text says.
     *
     * @throws IOException if it isn't JSON
     */
    public static JsonNode read(byte[] text) throws IOException {
        return JSON.readTree(text);
    }

    private static void put(ObjectNode root, String field, SortedMap<String, String> texts) {
        ObjectNode object = root.putObject(field);
        texts.forEach(object::put);
    }

    private static SortedMap<String, String> texts(JsonNode object) {
        TreeMap<String, String> texts = new TreeMap<>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }
}
