package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** How numbers are encoded in memory and on disk. */
public enum ChunkEncoding {
    /** The classic encoding. */
    XOR("xor"),
    /** A denser one, which other software may not read. */
    XOR2("xor2");

    private final String value;

    ChunkEncoding(String value) {
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
