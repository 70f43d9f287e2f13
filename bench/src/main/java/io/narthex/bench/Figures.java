package io.narthex.bench;

import java.util.List;
import java.util.Locale;

/** What was measured, one value a time. */
final class Figures {

    private Figures() {}

    /** Prints one line: the median, the 95th percentile, the longest, and of how many. */
    static void print(String what, List<Double> seconds) {
        System.out.printf(
                Locale.ROOT,
                "%-48s median %.3f s, p95 %.3f s, longest %.3f s (n=%d)%n",
                what + ":",
                rank(seconds, 0.5),
                rank(seconds, 0.95),
                rank(seconds, 1),
                seconds.size());
    }

    /** Prints one line with one value. */
    static void print(String what, String value) {
        System.out.printf(Locale.ROOT, "%-48s %s%n", what + ":", value);
    }

    static String mebibytes(double value) {
        return String.format(Locale.ROOT, "%.0f MiB", value);
    }

    /** Returns the least of the values that this share of them doesn't exceed. */
    static double rank(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.max(1, (int) Math.ceil(share * sorted.size())) - 1);
    }
}
