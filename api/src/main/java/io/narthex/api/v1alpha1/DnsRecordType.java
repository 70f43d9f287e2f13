package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** A type of DNS record. */
public enum DnsRecordType {
    /** IPv4 addresses. */
    A("A"),
    /** IPv6 addresses. */
    AAAA("AAAA"),
    /** Mail servers. */
    MX("MX"),
    /** Name servers. */
    NS("NS"),
    /** Hosts with ports (RFC 2782). */
    SRV("SRV");

    private final String value;

    DnsRecordType(String value) {
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
