package io.narthex.compiler.config;

/** The form of remote write ("protobuf_message" of the Prometheus documentation). */
public enum RemoteWriteMessage implements Token {
    /** Remote write 1.0. */
    VERSION_1("prometheus.WriteRequest", Gate.ALWAYS),
    /** Remote write 2.0. */
    VERSION_2("io.prometheus.write.v2.Request", Gate.ALWAYS);

    private final String text;
    // A record of values, and so immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Gate gate;

    RemoteWriteMessage(String text, Gate gate) {
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
