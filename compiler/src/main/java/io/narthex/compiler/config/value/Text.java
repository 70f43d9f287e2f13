package io.narthex.compiler.config.value;

import java.util.Optional;

/** Tells which texts can stand in Prometheus's configuration at all. */
public final class Text {

    private Text() {}

    /**
     * Returns why {@code text} can't be written, if it can't. Every character can, as an escape where needed, but half
     * of a surrogate pair is none: there is no UTF-8 for it, and Prometheus takes only that.
     */
    public static Optional<Problem> problem(String text) {
        int at = loneSurrogate(text);
        return at < 0
                ? Optional.empty()
                : Optional.of(new Problem(
                        "the text " + Quoting.quote(text) + " has half a character (a lone surrogate) at position "
                                + (at + 1),
                        "Unicode text",
                        "remove that character"));
    }

    /** Returns whether Prometheus can be given this text. */
    public static boolean isWritable(String text) {
        return loneSurrogate(text) < 0;
    }

    private static int loneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    return i;
                }
            }
        }
        return -1;
    }
}
