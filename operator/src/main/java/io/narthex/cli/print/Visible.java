package io.narthex.cli.print;

/**
 * Makes text that others wrote safe to print: control characters, which could drive the terminal, and invisible ones,
 * which could make a line look like another, become visible.
 */
public final class Visible {

    private static final String TAB = "    ";

    private Visible() {}

    /** Returns {@code text} as it may be printed on one line. */
    public static String of(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(codePoint -> safe.append(of(codePoint)));
        return safe.toString();
    }

    /** Returns what to print in place of one character. */
    static String of(int codePoint) {
        if (codePoint == '\t') {
            return TAB;
        }
        if (codePoint < ' ') {
            // The Control Pictures block shows each control character by a picture of its name.
            return Character.toString(0x2400 + codePoint);
        }
        if (codePoint == 0x7f) {
            return "\u2421";
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> String.format("\\u{%04X}", codePoint);
            default -> Character.toString(codePoint);
        };
    }
}
