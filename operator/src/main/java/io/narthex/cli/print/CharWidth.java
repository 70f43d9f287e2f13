package io.narthex.cli.print;

/** How many columns of a terminal a character takes (Unicode Standard Annex 11, "East Asian Width"). */
final class CharWidth {

    private static final int[][] WIDE = {
        {0x1100, 0x115f},
        {0x231a, 0x231b},
        {0x23e9, 0x23ec},
        {0x2614, 0x2615},
        {0x26a1, 0x26a1},
        {0x2705, 0x2705},
        {0x274c, 0x274c},
        {0x2753, 0x2755},
        {0x2795, 0x2797},
        {0x2b1b, 0x2b1c},
        {0x2b50, 0x2b50},
        {0x2e80, 0x303e},
        {0x3041, 0x33ff},
        {0x3400, 0x4dbf},
        {0x4e00, 0xa4cf},
        {0xa960, 0xa97c},
        {0xac00, 0xd7a3},
        {0xf900, 0xfaff},
        {0xfe30, 0xfe6f},
        {0xff01, 0xff60},
        {0xffe0, 0xffe6},
        {0x1f18e, 0x1f18e},
        {0x1f191, 0x1f19a},
        {0x1f200, 0x1f64f},
        {0x1f680, 0x1f6ff},
        {0x1f7e0, 0x1f7eb},
        {0x1f90c, 0x1faff},
        {0x20000, 0x3fffd},
    };

    private CharWidth() {}

    /** Returns 0, 1 or 2. */
    static int of(int codePoint) {
        if (codePoint < 0x300) {
            return 1;
        }
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(codePoint) ? 2 : 1;
        };
    }

    private static boolean isWide(int codePoint) {
        for (int[] range : WIDE) {
            if (codePoint <= range[1]) {
                return codePoint >= range[0];
            }
        }
        return false;
    }

    /** Returns the columns that a whole text takes. */
    static int of(String text) {
        return text.codePoints().map(CharWidth::of).sum();
    }
}
