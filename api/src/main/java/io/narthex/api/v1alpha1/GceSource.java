package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.PrometheusDuration;
import io.narthex.api.schema.SetList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Instances of Google Compute Engine (Prometheus documentation, {@code <gce_sd_config>}). The port is that of the
 * Monitor's endpoint, or else 80. The identity is that of the environment. Not served by this
 * release: a Monitor that uses it is refused (NX1201).
 *
 * @param project The project.
 * @param zones The zones.
 * @param filter A filter that Google applies.
 * @param tagSeparator What stands between the tags in the label {@code __meta_gce_tags}. Default: {@code ,}.
 * @param refreshInterval How often to ask. Default: {@code 60s}.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record GceSource(
        @Required @Size(min = 1, max = 256) String project,
        @Required @SetList @Size(min = 1, max = 64) List<@Size(min = 1, max = 64) String> zones,
        @Size(min = 1, max = 4096) @Nullable String filter,
        @Size(min = 1, max = 16) @Nullable String tagSeparator,
        @PrometheusDuration @Nullable String refreshInterval) {
    public GceSource {
        Objects.requireNonNull(project, "project");
        zones = Immutable.list(zones);
    }
}
