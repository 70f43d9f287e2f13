package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** How much Prometheus logs. */
public enum LogLevel {
    /** Everything. */
    DEBUG("debug"),
    /** The usual. */
    INFO("info"),
    /** What may need attention. */
    WARN("warn"),
    /** Failures only. */
    ERROR("error");

    private final String value;

    LogLevel(String value) {
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
