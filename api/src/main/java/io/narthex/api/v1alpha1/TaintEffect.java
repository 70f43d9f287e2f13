package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a taint does. */
public enum TaintEffect {
    /** Keeps new pods away. */
    NO_SCHEDULE("NoSchedule"),
    /** Keeps new pods away where possible. */
    PREFER_NO_SCHEDULE("PreferNoSchedule"),
    /** Evicts pods, too. */
    NO_EXECUTE("NoExecute");

    private final String value;

    TaintEffect(String value) {
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
