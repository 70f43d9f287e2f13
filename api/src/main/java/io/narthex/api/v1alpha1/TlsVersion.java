package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** A version of TLS. */
public enum TlsVersion {
    /** TLS 1.0 (RFC 2246). */
    TLS10("TLS10"),
    /** TLS 1.1 (RFC 4346). */
    TLS11("TLS11"),
    /** TLS 1.2 (RFC 5246). */
    TLS12("TLS12"),
    /** TLS 1.3 (RFC 8446). */
    TLS13("TLS13");

    private final String value;

    TlsVersion(String value) {
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
