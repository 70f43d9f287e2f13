package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** When Kubernetes pulls an image. */
public enum ImagePullPolicy {
    /** Each time a pod starts. */
    ALWAYS("Always"),
    /** When the node lacks it. */
    IF_NOT_PRESENT("IfNotPresent"),
    /** Never. */
    NEVER("Never");

    private final String value;

    ImagePullPolicy(String value) {
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
