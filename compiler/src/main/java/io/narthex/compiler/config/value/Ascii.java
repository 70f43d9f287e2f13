package io.narthex.compiler.config.value;

/** Tells ASCII characters apart; Java's own methods know all of Unicode's. */
final class Ascii {

    private Ascii() {}

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(int c) {
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    static boolean isLetterOrDigit(int c) {
        return isLetter(c) || isDigit(c);
    }

    static boolean isHex(int c) {
        int lower = c | 0x20;
        return isDigit(c) || (lower >= 'a' && lower <= 'f');
    }

    static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(Ascii::isDigit);
    }
}
