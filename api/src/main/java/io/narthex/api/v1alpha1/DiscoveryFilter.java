package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Objects;

/**
 * A filter that the asked service applies.
 *
 * @param name The filter's name, as the asked service defines it.
 * @param values The values that are let through.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DiscoveryFilter(
        @Required @Size(min = 1, max = 256) String name,
        @Required @Size(min = 1, max = 200) List<@Size(max = 1024) String> values) {
    public DiscoveryFilter {
        Objects.requireNonNull(name, "name");
        values = Immutable.list(values);
    }
}
