package io.narthex.compiler.config;

/** How targets are asked to write names ("metric_name_escaping_scheme" of the Prometheus documentation). */
public enum EscapingScheme implements Token {
    /** As they are. */
    ALLOW_UTF_8("allow-utf-8", Gate.ALWAYS),
    /** With underscores for what is not legacy. */
    UNDERSCORES("underscores", Gate.ALWAYS),
    /** With dots as _dot_, the rest as underscores. */
    DOTS("dots", Gate.ALWAYS),
    /** With U__ and code points. */
    VALUES("values", Gate.ALWAYS);

    private final String text;
    // A record of values, and so immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Gate gate;

    EscapingScheme(String text, Gate gate) {
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
