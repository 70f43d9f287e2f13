package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** How names of OpenTelemetry become names of Prometheus. */
public enum OtlpTranslation {
    /** Legacy characters, with suffixes for unit and type. */
    UNDERSCORE_ESCAPING_WITH_SUFFIXES("UnderscoreEscapingWithSuffixes"),
    /** All of UTF-8, with suffixes for unit and type. */
    NO_UTF8_ESCAPING_WITH_SUFFIXES("NoUTF8EscapingWithSuffixes"),
    /** Legacy characters, no suffixes; from Prometheus 3.6. */
    UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES("UnderscoreEscapingWithoutSuffixes"),
    /** As they are. */
    NO_TRANSLATION("NoTranslation");

    private final String value;

    OtlpTranslation(String value) {
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
