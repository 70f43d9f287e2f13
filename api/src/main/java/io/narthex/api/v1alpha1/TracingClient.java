package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** A protocol of tracing. */
public enum TracingClient {
    /** OTLP over gRPC. */
    GRPC("grpc"),
    /** OTLP over HTTP. */
    HTTP("http");

    private final String value;

    TracingClient(String value) {
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
