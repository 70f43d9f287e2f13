package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** The scheme of a URL. */
public enum Scheme {
    /** Unencrypted. */
    HTTP("http"),
    /** Encrypted by TLS. */
    HTTPS("https");

    private final String value;

    Scheme(String value) {
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
