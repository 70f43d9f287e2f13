package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.DateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One aspect of a resource's state, as everywhere in Kubernetes.
 *
 * @param type The aspect.
 * @param status Whether it holds.
 * @param observedGeneration The generation of the resource that this is about.
 * @param lastTransitionTime Since when {@code status} is what it is (RFC 3339).
 * @param reason Why, in one word.
 * @param message Why, in a sentence.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Condition(
        @Required ConditionType type,
        @Required ConditionStatus status,
        @Min(0) @Max(9007199254740991L) @Nullable Long observedGeneration,
        @Required @DateTime String lastTransitionTime,
        @Required ConditionReason reason,
        @Size(max = 32768) @Nullable String message) {
    public Condition {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(lastTransitionTime, "lastTransitionTime");
        Objects.requireNonNull(reason, "reason");
    }
}
