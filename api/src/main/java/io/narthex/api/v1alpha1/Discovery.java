package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** Who discovers targets. */
public enum Discovery {
    /** Prometheus itself, with its own service discovery. */
    NATIVE("Native"),
    /** Narthex, which serves each job's targets over HTTP. */
    NARTHEX("Narthex");

    private final String value;

    Discovery(String value) {
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
