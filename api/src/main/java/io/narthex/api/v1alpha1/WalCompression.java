package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** How the write-ahead log is compressed. */
public enum WalCompression {
    /** Not at all. */
    NONE("none"),
    /** With Snappy. */
    SNAPPY("snappy"),
    /** With Zstandard; larger savings for more work. */
    ZSTD("zstd");

    private final String value;

    WalCompression(String value) {
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
