package io.narthex.compiler.config;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * Bytes of YAML in the making, and how strings are written so that every parser reads back the same string.
 *
 * <p>A string stands plain only if it can't be anything else: of a few ASCII characters, a letter first, and no word
 * that YAML 1.1 takes for a boolean, null or number. All others stand in quotes on one line, with escapes for what is
 * invisible, what parsers refuse, and all but some well known scripts.
 */
final class YamlText {

    /** Words that aren't strings to some parser. */
    private static final Set<String> RESERVED =
            Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf");

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[512];
    private int length;
    private int lines;

    int length() {
        return length;
    }

    /** Returns how many lines are complete. */
    int lines() {
        return lines;
    }

    /** Forgets what was written behind this length, which must be a line's beginning or on the current line. */
    void cut(int length) {
        for (int i = length; i < this.length; i++) {
            if (bytes[i] == '\n') {
                lines--;
            }
        }
        this.length = length;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }

    void raw(char c) {
        ensure(1);
        bytes[length++] = (byte) c;
        if (c == '\n') {
            lines++;
        }
    }

    /** Appends ASCII text as it is. */
    void raw(String ascii) {
        int size = ascii.length();
        ensure(size);
        for (int i = 0; i < size; i++) {
            bytes[length++] = (byte) ascii.charAt(i);
        }
    }

    void indent(int spaces) {
        ensure(spaces);
        Arrays.fill(bytes, length, length + spaces, (byte) ' ');
        length += spaces;
    }

    /** Appends a string, quoted where there is any doubt. The string must be well-formed Unicode. */
    void string(String text) {
        if (isPlain(text)) {
            raw(text);
        } else if (isSingleQuoted(text)) {
            raw('\'');
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\'') {
                    raw('\'');
                }
                raw(c);
            }
            raw('\'');
        } else {
            doubleQuoted(text);
        }
    }

    static boolean isPlain(String text) {
        int size = text.length();
        if (size == 0 || size > 200) {
            return false;
        }
        char first = text.charAt(0);
        if (!isLetter(first) && first != '/' && first != '_') {
            return false;
        }
        for (int i = 1; i < size; i++) {
            char c = text.charAt(i);
            if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != '/' && c != '-') {
                return false;
            }
        }
        return size > 5 || !RESERVED.contains(text.toLowerCase(Locale.ROOT));
    }

    private static boolean isLetter(char c) {
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'z' && c < 128;
    }

    /** Returns whether single quotes make it more readable: printable ASCII with backslashes or double quotes. */
    private static boolean isSingleQuoted(String text) {
        boolean useful = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
            useful |= c == '\\' || c == '"';
        }
        return useful;
    }

    private void doubleQuoted(String text) {
        raw('"');
        int size = text.length();
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~') {
                if (c == '"' || c == '\\') {
                    raw('\\');
                }
                raw(c);
            } else {
                int point = text.codePointAt(i);
                if (point > 0xFFFF) {
                    i++;
                }
                escapeOrUtf8(point);
            }
        }
        raw('"');
    }

    private void escapeOrUtf8(int point) {
        switch (point) {
            case '\n' -> raw("\\n");
            case '\t' -> raw("\\t");
            case '\r' -> raw("\\r");
            case 0 -> raw("\\0");
            default -> {
                if (isShownAsItIs(point)) {
                    utf8(point);
                } else {
                    raw(point > 0xFFFF ? "\\U" : "\\u");
                    for (int shift = point > 0xFFFF ? 28 : 12; shift >= 0; shift -= 4) {
                        raw((char) HEX[(point >>> shift) & 0xF]);
                    }
                }
            }
        }
    }

    /** Fixed ranges, so that the bytes don't depend on the Java version's Unicode tables. */
    private static boolean isShownAsItIs(int point) {
        return (point >= 0xA1 && point <= 0x52F && point != 0xAD)
                || (point >= 0x3041 && point <= 0x3096)
                || (point >= 0x30A1 && point <= 0x30FA)
                || (point >= 0x4E00 && point <= 0x9FFF)
                || (point >= 0xAC00 && point <= 0xD7A3)
                || (point >= 0x1F300 && point <= 0x1F64F);
    }

    private void utf8(int point) {
        ensure(4);
        if (point < 0x800) {
            bytes[length++] = (byte) (0xC0 | (point >> 6));
        } else if (point < 0x10000) {
            bytes[length++] = (byte) (0xE0 | (point >> 12));
            bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3F));
        } else {
            bytes[length++] = (byte) (0xF0 | (point >> 18));
            bytes[length++] = (byte) (0x80 | ((point >> 12) & 0x3F));
            bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3F));
        }
        bytes[length++] = (byte) (0x80 | (point & 0x3F));
    }
}
