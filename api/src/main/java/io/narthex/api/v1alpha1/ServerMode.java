package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** Who runs the server. */
public enum ServerMode {
    /** Narthex runs it. */
    MANAGED("Managed"),
    /** Somebody else runs it; Narthex serves it targets and rules, and verifies them. */
    EXTERNAL("External");

    private final String value;

    ServerMode(String value) {
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
