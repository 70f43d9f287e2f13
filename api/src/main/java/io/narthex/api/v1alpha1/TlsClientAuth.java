package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a server asks of its clients' certificates. */
public enum TlsClientAuth {
    /** None is asked for. */
    NO_CLIENT_CERT("NoClientCert"),
    /** One is asked for, but not needed nor checked. */
    REQUEST_CLIENT_CERT("RequestClientCert"),
    /** One is needed, but not checked. */
    REQUIRE_ANY_CLIENT_CERT("RequireAnyClientCert"),
    /** One is checked where it is given. */
    VERIFY_CLIENT_CERT_IF_GIVEN("VerifyClientCertIfGiven"),
    /** One is needed and checked. */
    REQUIRE_AND_VERIFY_CLIENT_CERT("RequireAndVerifyClientCert");

    private final String value;

    TlsClientAuth(String value) {
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
