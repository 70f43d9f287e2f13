package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A header of an HTTP request.
 *
 * @param name The header's name.
 * @param value The header's value, in the clear. Either this or {@code valueFrom} is set.
 * @param valueFrom Where a secret value comes from.
 */
@ValidationRule(value = "has(self.value) != has(self.valueFrom)", message = "set exactly one of value and valueFrom")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Header(
        @Required @Pattern("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$") @Size(min = 1, max = 256)
        String name,

        @Size(max = 4096) @Nullable String value,
        @Nullable CredentialSource valueFrom) {
    public Header {
        Objects.requireNonNull(name, "name");
    }
}
