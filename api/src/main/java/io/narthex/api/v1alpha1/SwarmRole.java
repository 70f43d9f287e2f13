package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** What Docker's API is asked for. */
public enum SwarmRole {
    /** Tasks, one target for each published port or network. */
    TASKS("tasks"),
    /** Services, one target for each published port or network. */
    SERVICES("services"),
    /** Nodes. */
    NODES("nodes");

    private final String value;

    SwarmRole(String value) {
        this.value = value;
    }

    /** The value as it stands in JSON. */
    @JsonValue
    public String value() {
        return value;
    }

    @Override
    public String toString() {
        return value;
    }
}
