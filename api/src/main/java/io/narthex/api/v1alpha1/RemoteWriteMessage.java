package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** A protocol of remote write. */
public enum RemoteWriteMessage {
    /** Remote write 1.0. */
    REMOTE_WRITE_1("prometheus.WriteRequest"),
    /** Remote write 2.0; from Prometheus 2.54. */
    REMOTE_WRITE_2("io.prometheus.write.v2.Request");

    private final String value;

    RemoteWriteMessage(String value) {
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
