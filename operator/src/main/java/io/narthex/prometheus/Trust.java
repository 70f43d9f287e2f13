package io.narthex.prometheus;

/** Which certificates the client takes for the server's. */
public sealed interface Trust {

    /** Those that the Java runtime's authorities vouch for. */
    record Defaults() implements Trust {}

    /**
     * Those that these authorities vouch for, for the name that is dialled.
     *
     * @param pem one or more X.509 certificates in PEM
     */
    record Authorities(String pem) implements Trust {}

    /**
     * Exactly the certificate that comes first here, whatever its name, issuer and dates: for a server whose own
     * certificate file is at hand, dialled at a loopback address that the certificate doesn't name.
     *
     * @param pem the server's X.509 certificate in PEM, perhaps followed by its chain
     */
    record Pinned(String pem) implements Trust {}

    /** Any certificate, and any name: the user asked not to verify. */
    record Anything() implements Trust {}

    /** Returns the trust in what the Java runtime trusts. */
    static Trust defaults() {
        return new Defaults();
    }
}
