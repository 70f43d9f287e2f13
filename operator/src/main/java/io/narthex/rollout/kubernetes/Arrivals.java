package io.narthex.rollout.kubernetes;

import java.util.Locale;

/** The names under which a pod shows which configuration Secrets have arrived in it. */
final class Arrivals {

    /** What the name of the entry begins with that pods show. */
    private static final String ARRIVAL = "arrived-";

    /** What the name of the entry begins with that holds the listing. */
    private static final String LISTING = "listing-";

    private Arrivals() {}

    /** Returns the name in the folder of arrivals, such as {@code part-07}. */
    static String name(SecretKind kind, int number) {
        return kind == SecretKind.INDEX
                ? "index"
                : kind.name().toLowerCase(Locale.ROOT) + "-" + SecretKind.digits(number);
    }

    /** Returns the key of the entry in the Secret that pods show. */
    static String key(SecretKind kind, int number) {
        return ARRIVAL + name(kind, number);
    }

    /** Returns the key of the entry in the Secret that holds its listing. */
    static String listing(SecretKind kind, int number) {
        return LISTING + name(kind, number);
    }

    /** Returns whether a Secret's entry of this key tells of others, and is no file. */
    static boolean isOurs(String key) {
        return key.startsWith(LISTING) || key.startsWith(ARRIVAL);
    }
}
