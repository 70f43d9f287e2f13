package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.SetList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes Pods, whether or not a Service stands before them. Pods that have ended are left out.
 *
 * @param selector Selects Pods by their labels. Absent for any.
 * @param namespaces Where to look. Default: the Monitor's own namespace.
 * @param copyLabels Labels of the pod to put on its target, with the characters that a label can't have replaced by
 *     underscores.
 * @param attachNodeMetadata Whether the node's labels are at hand in {@code relabelings}. Prometheus then watches all
 *     nodes.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PodSource(
        @Nullable LabelSelector selector,
        @Nullable NamespaceSelection namespaces,
        @SetList List<@Size(min = 1, max = 316) String> copyLabels,
        boolean attachNodeMetadata) {
    public PodSource {
        copyLabels = Immutable.list(copyLabels);
    }
}
