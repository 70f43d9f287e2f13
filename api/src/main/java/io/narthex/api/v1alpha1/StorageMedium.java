package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** What an emptyDir is made of. */
public enum StorageMedium {
    /** The node's memory. */
    MEMORY("Memory");

    private final String value;

    StorageMedium(String value) {
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
