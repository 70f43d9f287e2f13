package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.MapList;
import java.util.List;

/**
 * Alerting and recording rules.
 *
 * @param groups The groups. The rules of a group are evaluated one after the other at the same interval, groups
 *     independently of each other.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RuleSetSpec(
        @Required @MapList("name") @Size(min = 1, max = 128) List<RuleGroup> groups) {
    public RuleSetSpec {
        groups = Immutable.list(groups);
    }
}
