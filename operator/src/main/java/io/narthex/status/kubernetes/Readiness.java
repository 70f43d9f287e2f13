package io.narthex.status.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.ConditionStatus;
import io.narthex.api.v1alpha1.ConditionType;
import java.util.Optional;

/**
 * What a resource's condition {@code Ready} says.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason why, in one word
 */
public record Readiness(String status, String reason) {

    static Optional<Readiness> of(JsonNode status) {
        JsonNode ready = Conditions.find(status, ConditionType.READY);
        return ready.isMissingNode()
                ? Optional.empty()
                : Optional.of(new Readiness(
                        ready.path("status").asText(), ready.path("reason").asText()));
    }

    /** Returns whether nothing is to change in it for now, because its author wants that. */
    public boolean isPaused() {
        return reason.equals(ConditionReason.PAUSED.value());
    }

    /** Returns whether it is ready. */
    public boolean isReady() {
        return status.equals(ConditionStatus.TRUE.value());
    }
}
