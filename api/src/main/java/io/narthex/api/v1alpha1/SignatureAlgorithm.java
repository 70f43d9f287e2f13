package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** How a JWT is signed (RFC 7518). */
public enum SignatureAlgorithm {
    /** RSA with SHA-256. */
    RS256("RS256"),
    /** RSA with SHA-384. */
    RS384("RS384"),
    /** RSA with SHA-512. */
    RS512("RS512");

    private final String value;

    SignatureAlgorithm(String value) {
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
