package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** How a target is asked to write names that have other characters than the legacy ones. */
public enum NameEscaping {
    /** As they are. */
    ALLOW_UTF_8("allow-utf-8"),
    /** With underscores in place of such characters. */
    UNDERSCORES("underscores"),
    /** With {@code _dot_} in place of dots, underscores doubled. */
    DOTS("dots"),
    /** With the characters' numbers, between underscores. */
    VALUES("values");

    private final String value;

    NameEscaping(String value) {
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
