package io.narthex.rollout.kubernetes;

import java.util.Locale;

/** The names under which a pod shows which configuration Secrets have arrived in it. */
final class Arrivals {

    /** What the entry of a Secret begins with that holds its listing. */
    static final String PREFIX = "arrived-";

    private Arrivals() {}

    /** Returns the name in the folder of arrivals, such as {@code part-07}. */
    static String name(SecretKind kind, int number) {
        return kind == SecretKind.INDEX
                ? "index"
                : kind.name().toLowerCase(Locale.ROOT) + "-" + SecretKind.digits(number);
    }

    /** Returns the key of the entry in the Secret. */
    static String key(SecretKind kind, int number) {
        return PREFIX + name(kind, number);
    }
}
