package io.narthex.rollout.kubernetes;

/** What a configuration Secret is for. */
enum SecretKind {
    /** Files of jobs and of rules; mounted. */
    PART(64, true),
    /** Credentials; mounted. */
    CREDENTIAL(8, true),
    /** The file that names all others; mounted, and written last. */
    INDEX(1, true),
    /** What the last good release needs and no mounted Secret may hold any more. */
    KEPT(8, false);

    private final int count;
    private final boolean mounted;

    SecretKind(int count, boolean mounted) {
        this.count = count;
        this.mounted = mounted;
    }

    /** Returns a number as it stands in names, such as {@code 07}. */
    static String digits(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    /** Returns how many there are at most. */
    int count() {
        return count;
    }

    /** Returns whether a server's pods see it. */
    boolean mounted() {
        return mounted;
    }
}
