package io.narthex.rollout.kubernetes;

/** What a configuration Secret is for. */
enum SecretKind {
    /** Files of jobs and of rules; mounted. */
    PART(64, true, 64),
    /** Credentials; mounted. */
    CREDENTIAL(8, true, 8),
    /** The file that names all others; mounted, and written last. */
    INDEX(1, true, 1),
    /** Copies of what the last good release needs and no mounted Secret may hold any more: as many as hold the originals. */
    KEPT(72, false, 8);

    private final int count;
    private final boolean mounted;
    private final int homes;

    SecretKind(int count, boolean mounted, int homes) {
        this.count = count;
        this.mounted = mounted;
        this.homes = homes;
    }

    /** Returns a number as it stands in names, such as {@code 07}. */
    static String digits(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    /** Returns how many there are at most. */
    int count() {
        return count;
    }

    /** Returns among how many files are spread; the others take what these have no room for. */
    int homes() {
        return homes;
    }

    /** Returns whether a server's pods see it. */
    boolean mounted() {
        return mounted;
    }
}
