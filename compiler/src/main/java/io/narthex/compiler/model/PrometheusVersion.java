package io.narthex.compiler.model;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of Prometheus.
 *
 * @param major the first number
 * @param minor the second number
 * @param patch the third number
 */
public record PrometheusVersion(int major, int minor, int patch) implements Comparable<PrometheusVersion> {

    /** The oldest release that Narthex supports. */
    public static final PrometheusVersion OLDEST = new PrometheusVersion(2, 42, 0);
    /** The newest release that Narthex knows; a newer one is treated as this one. */
    public static final PrometheusVersion NEWEST_KNOWN = new PrometheusVersion(3, 16, 0);

    private static final Comparator<PrometheusVersion> ORDER = Comparator.comparingInt(PrometheusVersion::major)
            .thenComparingInt(PrometheusVersion::minor)
            .thenComparingInt(PrometheusVersion::patch);
    private static final Pattern TEXT = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?(?:[-+~].*)?");

    /** Returns the version that {@code text} names ({@code 3.16.0}, {@code v2.42}, {@code 2.42.0+ds}); empty for none. */
    public static Optional<PrometheusVersion> parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String patch = matcher.group(3);
        return Optional.of(new PrometheusVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                patch == null ? 0 : Integer.parseInt(patch)));
    }

    /** Returns whether this is {@code major.minor.0} or later. */
    public boolean isAtLeast(int major, int minor) {
        return compareTo(new PrometheusVersion(major, minor, 0)) >= 0;
    }

    @Override
    public int compareTo(PrometheusVersion other) {
        return ORDER.compare(this, other);
    }

    /** Returns {@code major.minor.patch}. */
    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
