package io.narthex.source.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** JSON as its text, a tenth of the memory that it takes as a tree; read again when somebody asks. Immutable. */
public final class JsonText {

    /** No JSON at all. */
    public static final JsonText NONE = new JsonText(new byte[0]);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final byte[] text;

    private JsonText(byte[] text) {
        this.text = text;
    }

    /** Returns the text of what Jackson can write; {@link #NONE} for null. */
    public static JsonText of(@Nullable Object value) {
        try {
            return value == null ? NONE : new JsonText(JSON.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON", e);
        }
    }

    /** Returns it as a tree, numbers as reading gives them; a missing node for {@link #NONE}. */
    public JsonNode tree() {
        try {
            return text.length == 0 ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException("what was written can be read", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonText its && Arrays.equals(text, its.text);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(text);
    }

    @Override
    public String toString() {
        return "JsonText of " + text.length + " bytes";
    }
}
