package io.narthex.reconcile;

import java.util.Base64;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** The tokens with which servers ask for targets: 256 random bits, as text for a URL. */
public final class RandomToken {

    private static final int BYTES = 32;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

    private RandomToken() {}

    /**
     * Returns a new token, which nobody knows.
     *
     * @param random must not be guessable
     */
    public static String make(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Returns whether a text may be one of these. */
    public static boolean isLike(String text) {
        return FORM.matcher(text).matches();
    }
}
