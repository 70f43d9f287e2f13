package io.narthex.compiler.config;

/** A type of DNS records ("dns_sd_config" of the Prometheus documentation). */
public enum DnsRecordType implements Token {
    /** Services, with their ports. */
    SRV("SRV", Gate.ALWAYS),
    /** Addresses of IPv4. */
    A("A", Gate.ALWAYS),
    /** Addresses of IPv6. */
    AAAA("AAAA", Gate.ALWAYS),
    /** Mail servers. */
    MX("MX", Gate.ALWAYS),
    /** Name servers. */
    NS("NS", Gate.since(2, 49).orRefuse());

    private final String text;
    // A record of values, and so immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Gate gate;

    DnsRecordType(String text, Gate gate) {
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
