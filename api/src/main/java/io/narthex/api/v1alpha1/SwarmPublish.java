package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** Whether a port is reachable from outside of a Swarm. */
public enum SwarmPublish {
    /** It is not. */
    NONE("None"),
    /** On the node that runs the server. */
    HOST("Host"),
    /** On every node. */
    INGRESS("Ingress");

    private final String value;

    SwarmPublish(String value) {
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
