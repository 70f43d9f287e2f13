package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Objects;

/**
 * A service discovery of Prometheus that has no field of its own here, with its configuration as Prometheus has it.
 * Secrets don't belong in it. Not served by this release: a Monitor that uses it is refused (NX1201).
 *
 * @param type The discovery's name in Prometheus, without {@code _sd_configs}, such as {@code nomad}.
 * @param config One configuration of it, with Prometheus's own field names.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record OtherSource(
        @Required @Pattern("^[a-z][a-z0-9_]*$") @Size(min = 1, max = 64)
        String type,

        @Required RawObject config) {
    public OtherSource {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(config, "config");
    }
}
