package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;

/**
 * Addresses that share labels.
 *
 * @param targets Addresses, as in the source's {@code targets}.
 * @param labels Labels that they get.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TargetGroup(
        @Required @Size(min = 1, max = 1024) List<@Size(min = 1, max = 2048) String> targets,
        Map<String, @Size(max = 1024) String> labels) {
    public TargetGroup {
        targets = Immutable.list(targets);
        labels = Immutable.map(labels);
    }
}
