package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** How requests of tracing are compressed. */
public enum TracingCompression {
    /** With gzip. */
    GZIP("gzip");

    private final String value;

    TracingCompression(String value) {
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
