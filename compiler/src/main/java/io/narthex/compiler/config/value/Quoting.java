package io.narthex.compiler.config.value;

import java.util.Locale;

/** Shows users' texts inside messages: short, on one line, free of what a terminal would act on. */
public final class Quoting {

    private static final int LONGEST = 80;

    private Quoting() {}

    /** Returns {@code text} between double quotes, cut and with escapes where it must be. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        int shown = 0;
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            if (shown++ == LONGEST) {
                out.append("...");
                break;
            }
            switch (point) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (isShown(point)) {
                        out.appendCodePoint(point);
                    } else {
                        out.append(String.format(Locale.ROOT, point > 0xFFFF ? "\\U%08X" : "\\u%04X", point));
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    private static boolean isShown(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
