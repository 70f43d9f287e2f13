package io.narthex.compiler.config;

/** How names of OpenTelemetry are translated ("otlp" of the Prometheus documentation). */
public enum OtlpTranslation implements Token {
    /** Legacy names with units and types. */
    UNDERSCORE_ESCAPING_WITH_SUFFIXES("UnderscoreEscapingWithSuffixes", Gate.ALWAYS),
    /** Legacy names without units and types. */
    UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES("UnderscoreEscapingWithoutSuffixes", Gate.since(3, 6)),
    /** Names as they are, with units and types. */
    NO_UTF8_ESCAPING_WITH_SUFFIXES("NoUTF8EscapingWithSuffixes", Gate.ALWAYS),
    /** Names as they are. */
    NO_TRANSLATION("NoTranslation", Gate.since(3, 4));

    private final String text;
    // A record of values, and so immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Gate gate;

    OtlpTranslation(String text, Gate gate) {
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
