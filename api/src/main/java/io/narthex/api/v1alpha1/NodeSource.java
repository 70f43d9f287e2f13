package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.SetList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes Nodes. The address is the node's internal one, the port that of the Monitor's endpoint, or else the
 * kubelet's.
 *
 * @param selector Selects Nodes by their labels. Absent for any.
 * @param copyLabels Labels of the node to put on its target, with the characters that a label can't have replaced by
 *     underscores.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodeSource(
        @Nullable LabelSelector selector, @SetList List<@Size(min = 1, max = 316) String> copyLabels) {
    public NodeSource {
        copyLabels = Immutable.list(copyLabels);
    }
}
