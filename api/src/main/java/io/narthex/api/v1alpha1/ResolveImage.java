package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * When the digest of an image's tag is looked up. Where the registry doesn't answer, the nodes take the tag as it is.
 */
public enum ResolveImage {
    /** When the image is another one than that of the service. */
    CHANGED("Changed"),
    /** Whenever the service is written. */
    ALWAYS("Always"),
    /** Never: each node takes what it has of the tag, or what the registry has then. */
    NEVER("Never");

    private final String value;

    ResolveImage(String value) {
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
