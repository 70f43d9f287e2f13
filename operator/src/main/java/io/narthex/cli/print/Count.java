package io.narthex.cli.print;

/** Numbers of things in words. */
public final class Count {

    private Count() {}

    /** Returns {@code 1 file} or {@code 3 files}. */
    public static String of(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
