package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Which resources a server takes. Both selectors must match.
 *
 * @param selector Selects resources by their labels. Absent for all.
 * @param namespaceSelector Selects namespaces by their labels; an empty one selects all that the server may see.
 *     Absent for the server's own namespace.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ResourceSelection(
        @Nullable LabelSelector selector, @Nullable LabelSelector namespaceSelector) {}
