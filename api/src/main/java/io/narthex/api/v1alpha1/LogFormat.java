package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** How Prometheus writes its log. */
public enum LogFormat {
    /** As {@code key=value} pairs. */
    LOGFMT("logfmt"),
    /** As JSON, one object a line. */
    JSON("json");

    private final String value;

    LogFormat(String value) {
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
