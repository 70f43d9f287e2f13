package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.ResourceName;
import io.narthex.api.schema.SetList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of Kubernetes Services, by their EndpointSlices. Of each Service that matches both {@code names} and
 * {@code selector}, the port that the Monitor's endpoint names is scraped on each pod behind it.
 *
 * @param names The Services' names. Absent for any.
 * @param selector Selects Services by their labels. Absent for any.
 * @param namespaces Where to look. Default: the Monitor's own namespace.
 * @param copyLabels Labels of the Service to put on its targets, with the characters that a label can't have replaced
 *     by underscores.
 * @param copyPodLabels Labels of the pod to put on its target, likewise.
 * @param attachNodeMetadata Whether the node's labels are at hand in {@code relabelings}. Prometheus then watches all
 *     nodes.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ServiceSource(
        @SetList List<@ResourceName String> names,
        @Nullable LabelSelector selector,
        @Nullable NamespaceSelection namespaces,
        @SetList List<@Size(min = 1, max = 316) String> copyLabels,
        @SetList List<@Size(min = 1, max = 316) String> copyPodLabels,
        boolean attachNodeMetadata) {
    public ServiceSource {
        names = Immutable.list(names);
        copyLabels = Immutable.list(copyLabels);
        copyPodLabels = Immutable.list(copyPodLabels);
    }
}
