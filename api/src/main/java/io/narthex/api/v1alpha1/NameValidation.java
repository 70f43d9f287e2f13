package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** Which names metrics and labels may have. */
public enum NameValidation {
    /** Letters, digits, underscores, and colons in metrics. */
    LEGACY("legacy"),
    /** All of UTF-8. */
    UTF8("utf8");

    private final String value;

    NameValidation(String value) {
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
