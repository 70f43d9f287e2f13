package io.narthex.compiler.config;

/** A format of samples ("scrape_protocols" of the Prometheus documentation). */
public enum ScrapeProtocol implements Token {
    /** Prometheus's protocol buffers; carries native histograms. */
    PROMETHEUS_PROTO("PrometheusProto", Gate.ALWAYS),
    /** Prometheus's text. */
    PROMETHEUS_TEXT_0_0_4("PrometheusText0.0.4", Gate.ALWAYS),
    /** Prometheus's text with names in UTF-8. */
    PROMETHEUS_TEXT_1_0_0("PrometheusText1.0.0", Gate.since(3, 0)),
    /** The draft of OpenMetrics. */
    OPEN_METRICS_TEXT_0_0_1("OpenMetricsText0.0.1", Gate.ALWAYS),
    /** OpenMetrics 1.0. */
    OPEN_METRICS_TEXT_1_0_0("OpenMetricsText1.0.0", Gate.ALWAYS),
    /** OpenMetrics 2.0; needs the feature openmetrics2. */
    OPEN_METRICS_TEXT_2_0_0("OpenMetricsText2.0.0", Gate.since(3, 15));

    private final String text;
    // A record of values, and so immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Gate gate;

    ScrapeProtocol(String text, Gate gate) {
        this.text = text;
        this.gate = gate;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Gate gate() {
        return gate;
    }
}
