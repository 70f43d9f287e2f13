package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;

/**
 * Selects objects by their labels, as everywhere in Kubernetes. All that is listed must hold. An empty selector selects
 * everything.
 *
 * @param matchLabels Labels with the values that they must have.
 * @param matchExpressions Conditions on labels.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LabelSelector(
        Map<String, @Size(max = 63) String> matchLabels, List<LabelSelectorRequirement> matchExpressions) {
    public LabelSelector {
        matchLabels = Immutable.map(matchLabels);
        matchExpressions = Immutable.list(matchExpressions);
    }
}
