package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Objects;

/**
 * A condition on a label of an object.
 *
 * @param key The label's name.
 * @param operator How the label's value relates to {@code values}.
 * @param values The values: at least one for {@code In} and {@code NotIn}, none otherwise.
 */
@ValidationRule(
        value = "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
        message = "In and NotIn need values, Exists and DoesNotExist take none")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LabelSelectorRequirement(
        @Required @Size(min = 1, max = 316) String key,
        @Required SelectorOperator operator,
        List<@Size(max = 63) String> values) {
    public LabelSelectorRequirement {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(operator, "operator");
        values = Immutable.list(values);
    }
}
