package io.narthex.status.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.narthex.api.v1alpha1.ConditionType;

/** Conditions as they stand in a stored status. */
public final class Conditions {

    private Conditions() {}

    /**
     * Returns the condition of a type; a missing node for none.
     *
     * @param holder what has a list {@code conditions}: a status, or a server's entry in one
     * @param type its type
     */
    public static JsonNode find(JsonNode holder, ConditionType type) {
        for (JsonNode condition : holder.path("conditions")) {
            if (condition.path("type").asText().equals(type.value())) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }
}
