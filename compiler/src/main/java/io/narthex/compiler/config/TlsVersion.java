package io.narthex.compiler.config;

/** A version of TLS ("tls_config" of the Prometheus documentation). */
public enum TlsVersion implements Token {
    /** TLS 1.0. */
    TLS10("TLS10", Gate.ALWAYS),
    /** TLS 1.1. */
    TLS11("TLS11", Gate.ALWAYS),
    /** TLS 1.2. */
    TLS12("TLS12", Gate.ALWAYS),
    /** TLS 1.3. */
    TLS13("TLS13", Gate.ALWAYS);

    private final String text;
    // A record of values, and so immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Gate gate;

    TlsVersion(String text, Gate gate) {
        this.text = text;
        this.gate = gate;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Gate gate() {
        return gate;
    }
}
