package io.narthex.prometheus;

import java.io.IOException;

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

    /**
     * Exactly the certificate that comes first in what {@code source} reads at each handshake, whatever its name, issuer
     * and dates: like {@link Pinned}, for a certificate that may be replaced.
     *
     * @param source reads the server's certificate
     */
    record Presented(CertificateSource source) implements Trust {}

    /** Reads a server's certificate. */
    @FunctionalInterface
    interface CertificateSource {
        /**
         * Returns an X.509 certificate in PEM, perhaps followed by its chain.
         *
         * @throws IOException where it can't be read, with the reason in words
         */
        String read() throws IOException;
    }

    /** Any certificate, and any name: the user asked not to verify. */
    record Anything() implements Trust {}

    /** Returns the trust in what the Java runtime trusts. */
    static Trust defaults() {
        return new Defaults();
    }
}
