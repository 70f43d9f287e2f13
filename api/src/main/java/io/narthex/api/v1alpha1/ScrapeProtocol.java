package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** A format in which a target exposes metrics. */
public enum ScrapeProtocol {
    /** Prometheus's protocol buffers. */
    PROMETHEUS_PROTO("PrometheusProto"),
    /** OpenMetrics text, version 0.0.1. */
    OPEN_METRICS_TEXT_0_0_1("OpenMetricsText0.0.1"),
    /** OpenMetrics text, version 1.0.0. */
    OPEN_METRICS_TEXT_1_0_0("OpenMetricsText1.0.0"),
    /** Prometheus text, version 0.0.4. */
    PROMETHEUS_TEXT_0_0_4("PrometheusText0.0.4"),
    /** Prometheus text, version 1.0.0; from Prometheus 3.0. */
    PROMETHEUS_TEXT_1_0_0("PrometheusText1.0.0");

    private final String value;

    ScrapeProtocol(String value) {
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
