package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose fields are not ours to know, kept as it was written.
 *
 * @param fields Its fields; values are strings, numbers, booleans, null, and maps and lists of these.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RawObject(@JsonValue Map<String, @Nullable Object> fields) {
    public RawObject {
        fields = Immutable.jsonObject(fields);
    }

    /** The object with these fields. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static RawObject of(Map<String, @Nullable Object> fields) {
        return new RawObject(fields);
    }
}
