package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** How a toleration relates to a taint's value. */
public enum TolerationOperator {
    /** Any value. */
    EXISTS("Exists"),
    /** The same value. */
    EQUAL("Equal");

    private final String value;

    TolerationOperator(String value) {
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
