package io.narthex.compiler.yaml;

/** Shows what a user wrote inside a message: shortened, on one line, nothing in it hidden. */
final class Shown {

    private static final int LONGEST = 60;

    private Shown() {}

    /** Returns {@code text} without quotes, at most some 60 characters; what can't be seen is written as {@code \}{@code u202e}. */
    static String plain(String text) {
        StringBuilder shown = new StringBuilder();
        int count = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (count++ == LONGEST) {
                return shown.append("...").toString();
            }
            if (hidden(c)) {
                shown.append(escape(c));
            } else {
                shown.appendCodePoint(c);
            }
            i += Character.charCount(c);
        }
        return shown.toString();
    }

    /** Returns {@code text} in double quotes. */
    static String quoted(String text) {
        return '"' + plain(text) + '"';
    }

    /** Returns {@code \}{@code u} and the number of {@code c} in hexadecimal. */
    static String escape(int c) {
        return Character.isBmpCodePoint(c) ? String.format("\\u%04x", c) : String.format("\\U%08x", c);
    }

    /** Returns whether {@code c} shows nothing of its own, or changes how its neighbours are shown. */
    static boolean hidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            case Character.SPACE_SEPARATOR -> c != ' ';
            default -> false;
        };
    }
}
