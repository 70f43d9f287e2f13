package io.narthex.compiler.yaml;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the characters of a scalar stand in its file, for one that isn't simply written as it reads: in quotes, with
 * escapes, or over several lines. A list of the characters that don't stand just behind the one before.
 */
final class TextPlaces {

    /** How a scalar is written, as far as it matters here. */
    enum Style {
        /** Without quotes. */
        PLAIN,
        /** In single quotes. */
        SINGLE_QUOTED,
        /** In double quotes. */
        DOUBLE_QUOTED,
        /** Behind a {@code |} or {@code >}, from the next line on. */
        BLOCK
    }

    private static final TextPlaces PLAIN = new TextPlaces(new int[] {0, 0, 0});
    private static final TextPlaces BEHIND_QUOTE = new TextPlaces(new int[] {0, 0, 1});

    /** Index in code points, lines below the start, and the column: from the start's on its line, else from 1. */
    private final int[] breaks;

    private TextPlaces(int[] breaks) {
        this.breaks = breaks;
    }

    /**
     * Compares a scalar with what it means.
     *
     * @param raw what stands in the file, from the scalar's first character on
     * @param value what it means
     * @return null where each character simply follows the one before
     */
    static @Nullable TextPlaces of(Style style, String raw, String value) {
        if (style == Style.PLAIN && raw.startsWith(value)) {
            return null;
        }
        TextPlaces places = new TextPlaces(new Walk(style, raw).along(value));
        if (Arrays.equals(places.breaks, BEHIND_QUOTE.breaks)) {
            return BEHIND_QUOTE;
        }
        return Arrays.equals(places.breaks, PLAIN.breaks) ? null : places;
    }

    /** Returns the place of the character with this index, in code points, of a scalar that starts there. */
    Span at(int index, int line, int column) {
        int found = 0;
        for (int i = 3; i < breaks.length && breaks[i] <= index; i += 3) {
            found = i;
        }
        int down = breaks[found + 1];
        int from = breaks[found + 2] + (down == 0 ? column : 0);
        return new Span(line + down, from + Math.max(0, index - breaks[found]), 1);
    }

    /**
     * Goes through the file's text and the value's at once. What isn't blank stands in both in the same order, whatever
     * was folded, indented or escaped between.
     */
    private static final class Walk {

        private final Style style;
        private final String raw;
        private int at;
        private int line;
        private int column;
        private int[] breaks = new int[12];
        private int count;

        Walk(Style style, String raw) {
            this.style = style;
            this.raw = raw;
        }

        int[] along(String value) {
            if (style == Style.BLOCK) {
                do {
                    step();
                } while (at < raw.length() && line == 0);
            } else if (style != Style.PLAIN) {
                step();
            }
            int index = 0;
            int nextLine = -1;
            int nextColumn = -1;
            for (int i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i)), index++) {
                int wanted = value.codePointAt(i);
                boolean blank = isBlank(wanted);
                if (!blank) {
                    skipBlanks();
                }
                if (line != nextLine || column != nextColumn) {
                    note(index);
                }
                if (at >= raw.length()) {
                    break;
                }
                int escape = escape();
                if (escape > 0) {
                    for (int k = 0; k < escape && at < raw.length(); k++) {
                        step();
                    }
                } else if (!blank && raw.codePointAt(at) != wanted) {
                    break;
                } else if (!blank || isBlank(raw.codePointAt(at))) {
                    step();
                }
                nextLine = line;
                nextColumn = column;
                if (escape > 0) {
                    // Its characters are more than the one that it means.
                    nextColumn = -1;
                }
            }
            return Arrays.copyOf(breaks, count);
        }

        private void note(int index) {
            if (count == breaks.length) {
                breaks = Arrays.copyOf(breaks, count * 2);
            }
            breaks[count++] = index;
            breaks[count++] = line;
            breaks[count++] = line == 0 ? column : column + 1;
        }

        private void skipBlanks() {
            while (at < raw.length()) {
                boolean continued = style == Style.DOUBLE_QUOTED
                        && raw.charAt(at) == '\\'
                        && at + 1 < raw.length()
                        && (raw.charAt(at + 1) == '\n' || raw.charAt(at + 1) == '\r');
                if (!continued && !isBlank(raw.codePointAt(at))) {
                    return;
                }
                step();
            }
        }

        /** Returns how many characters an escape has that stands here; 0 for none. */
        private int escape() {
            if (style == Style.SINGLE_QUOTED) {
                return raw.startsWith("''", at) ? 2 : 0;
            }
            if (style != Style.DOUBLE_QUOTED || raw.charAt(at) != '\\' || at + 1 >= raw.length()) {
                return 0;
            }
            return switch (raw.charAt(at + 1)) {
                case 'x' -> 4;
                case 'u' -> 6;
                case 'U' -> 10;
                default -> 2;
            };
        }

        private void step() {
            int c = raw.codePointAt(at);
            at += Character.charCount(c);
            boolean lineEnd = c == '\n' || (c == '\r' && !(at < raw.length() && raw.charAt(at) == '\n'));
            line += lineEnd ? 1 : 0;
            column = lineEnd ? 0 : column + 1;
        }

        private static boolean isBlank(int c) {
            return c == ' ' || c == '\t' || c == '\n' || c == '\r';
        }
    }
}
