package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/**
 * Addresses, listed here: those that share labels, or groups with labels of their own, or both.
 *
 * @param targets Addresses, each {@code HOST:PORT}, or {@code HOST} for the port of the Monitor's endpoint or of its
 *     scheme. With a {@code prober}, whatever its module takes, such as a URL.
 * @param labels Labels that these targets get.
 * @param groups Further addresses, each group with its own labels.
 */
@ValidationRule(
        value = "(has(self.targets) && self.targets.size() > 0) || (has(self.groups) && self.groups.size() > 0)",
        message = "set targets or groups")
@ValidationRule(
        value = "!has(self.labels) || (has(self.targets) && self.targets.size() > 0)",
        message = "labels belong to targets; a group has its own")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record StaticSource(
        @Size(max = 4096) List<@Size(min = 1, max = 2048) String> targets,
        Map<String, @Size(max = 1024) String> labels,
        @Size(max = 256) List<TargetGroup> groups) {
    public StaticSource {
        targets = Immutable.list(targets);
        labels = Immutable.map(labels);
        groups = Immutable.list(groups);
    }
}
