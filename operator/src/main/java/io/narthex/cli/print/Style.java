package io.narthex.cli.print;

/** Colours and weights by ANSI escape sequences (ECMA-48, "SGR"), or none. */
public enum Style {
    /** Plain text. */
    PLAIN,
    /** With colours. */
    COLOR;

    /** Returns {@code text} in bold. */
    public String bold(String text) {
        return sgr("1", text);
    }

    /** Returns {@code text} as it marks an error. */
    public String red(String text) {
        return sgr("1;31", text);
    }

    /** Returns {@code text} as it marks a warning. */
    public String yellow(String text) {
        return sgr("1;33", text);
    }

    /** Returns {@code text} as it marks success. */
    public String green(String text) {
        return sgr("32", text);
    }

    /** Returns {@code text} as it marks what surrounds the matter. */
    public String blue(String text) {
        return sgr("34", text);
    }

    /** Returns {@code text} as it marks what matters less. */
    public String dim(String text) {
        return sgr("2", text);
    }

    private String sgr(String code, String text) {
        return this == PLAIN || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
