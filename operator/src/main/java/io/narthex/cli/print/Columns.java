package io.narthex.cli.print;

/** Texts in the columns of a terminal. */
public final class Columns {

    private static final String CUT = "…";

    private Columns() {}

    /** Returns the columns that {@code text} takes. */
    public static int of(String text) {
        return CharWidth.of(text);
    }

    /** Returns {@code text} with spaces after it, so that it takes at least {@code columns}. */
    public static String pad(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - of(text)));
    }

    /** Returns {@code text}, or as much of its beginning as takes {@code columns} with a mark that the rest is cut off. */
    public static String cut(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int room = columns - of(CUT);
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            room -= CharWidth.of(codePoint);
            if (room < 0) {
                break;
            }
            kept.appendCodePoint(codePoint);
            i += Character.charCount(codePoint);
        }
        return kept.append(CUT).toString();
    }
}
