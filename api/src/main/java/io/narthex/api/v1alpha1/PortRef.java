package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A port, by its number or by its name.
 *
 * @param number The number, from 1 to 65535; null where the port is named.
 * @param name The name; null where the port is numbered.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PortRef(@Nullable Integer number, @Nullable String name) {
    public PortRef {
        if ((number == null) == (name == null)) {
            throw new IllegalArgumentException("a port has either a number or a name");
        }
    }

    /** The port {@code number}. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static PortRef of(int number) {
        return new PortRef(number, null);
    }

    /** The port called {@code name}. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static PortRef of(String name) {
        return new PortRef(null, name);
    }

    /** The number or the name, as it stands in JSON. */
    @JsonValue
    public Object value() {
        return number != null ? number : Objects.requireNonNull(name);
    }

    @Override
    public String toString() {
        return value().toString();
    }
}
