package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.SetList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes Ingresses: one target for each host and path.
 *
 * @param selector Selects Ingresses by their labels. Absent for any.
 * @param namespaces Where to look. Default: the Monitor's own namespace.
 * @param copyLabels Labels of the Ingress to put on its targets, with the characters that a label can't have replaced
 *     by underscores.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record IngressSource(
        @Nullable LabelSelector selector,
        @Nullable NamespaceSelection namespaces,
        @SetList List<@Size(min = 1, max = 316) String> copyLabels) {
    public IngressSource {
        copyLabels = Immutable.list(copyLabels);
    }
}
