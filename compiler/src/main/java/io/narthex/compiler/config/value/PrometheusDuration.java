package io.narthex.compiler.config.value;

import static io.narthex.compiler.config.value.Quoting.quote;

import java.time.Duration;

/**
 * A duration as Prometheus writes it: {@code 15s}, {@code 1h30m}, {@code 200h} (Prometheus documentation,
 * "Configuration", "duration"). Units are y (365 days), w, d (24 hours), h, m, s and ms, each at most once and the
 * longest first; {@code 0} needs none.
 *
 * @param millis the duration in milliseconds, at least 0
 */
public record PrometheusDuration(long millis) implements Comparable<PrometheusDuration> {

    /** No time at all; most fields of Prometheus take it for "not set". */
    public static final PrometheusDuration ZERO = new PrometheusDuration(0);

    /** What a field of this type allows, for messages. */
    public static final String ALLOWED = "a duration such as 30s, 5m, 1h30m or 15d";

    /** The longest duration, some 292 years: Prometheus counts nanoseconds in 64 bits. */
    private static final long MOST_MILLIS = Long.MAX_VALUE / 1_000_000;

    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
    private static final long[] UNIT_MILLIS = {31_536_000_000L, 604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1000L, 1
    };

    public PrometheusDuration {
        if (millis < 0 || millis > MOST_MILLIS) {
            throw new IllegalArgumentException("out of range: " + millis + " ms");
        }
    }

    /** Returns the duration of so many seconds. */
    public static PrometheusDuration ofSeconds(long seconds) {
        return new PrometheusDuration(Math.multiplyExact(seconds, 1000));
    }

    /** Reads a duration by the rules of Prometheus's {@code model.ParseDuration}. */
    public static Checked<PrometheusDuration> parse(String text) {
        if (text.equals("0")) {
            return Checked.of(ZERO);
        }
        if (text.isEmpty()) {
            return Checked.refused("a duration must not be empty", ALLOWED, "");
        }
        if (text.charAt(0) == '-') {
            return Checked.refused(
                    "the duration " + quote(text) + " is negative", "0 or longer", "write it without the minus sign");
        }
        long total = 0;
        int lastUnit = -1;
        int at = 0;
        while (at < text.length()) {
            int digits = at;
            while (at < text.length() && Ascii.isDigit(text.charAt(at))) {
                at++;
            }
            int unitStart = at;
            while (at < text.length() && !Ascii.isDigit(text.charAt(at))) {
                at++;
            }
            String number = text.substring(digits, unitStart);
            String unit = text.substring(unitStart, at);
            if (number.isEmpty()) {
                return Checked.refused(quote(text) + " is not a duration", ALLOWED, "");
            }
            if (unit.isEmpty()) {
                return Checked.refused(
                        "the duration " + quote(text) + " has a number without a unit",
                        ALLOWED,
                        number.length() <= 6 ? "write " + text + "s for seconds" : "add the unit");
            }
            int found = indexOf(unit);
            if (found < 0) {
                return unknownUnit(text, unit);
            }
            if (found == lastUnit) {
                return Checked.refused(
                        "the duration " + quote(text) + " has the unit " + unit + " twice", ALLOWED, "add them up");
            }
            if (found < lastUnit) {
                return Checked.refused(
                        "the duration " + quote(text) + " has " + unit + " after " + UNITS[lastUnit],
                        "units from the longest to the shortest: y, w, d, h, m, s, ms",
                        "write the longer unit first");
            }
            lastUnit = found;
            long count = amount(number);
            if (count > (MOST_MILLIS - total) / UNIT_MILLIS[found]) {
                return Checked.refused(
                        "the duration " + quote(text) + " is too long", "at most 292y", "write a shorter one");
            }
            total += count * UNIT_MILLIS[found];
        }
        return Checked.of(new PrometheusDuration(total));
    }

    private static Checked<PrometheusDuration> unknownUnit(String text, String unit) {
        String meant = switch (unit.strip()) {
            case "S", "sec", "secs", "second", "seconds" -> "s";
            case "M", "min", "mins", "minute", "minutes" -> "m";
            case "H", "hr", "hrs", "hour", "hours" -> "h";
            case "D", "day", "days" -> "d";
            case "W", "week", "weeks" -> "w";
            case "Y", "year", "years" -> "y";
            case "MS", "milli", "millis" -> "ms";
            default -> "";
        };
        if (unit.startsWith(".")) {
            return Checked.refused(
                    "the duration " + quote(text) + " has a fraction",
                    ALLOWED,
                    "write whole numbers with a smaller unit, such as 1s500ms for 1.5s");
        }
        return Checked.refused(
                "the duration " + quote(text) + " has the unknown unit " + quote(unit),
                "the units y, w, d, h, m, s and ms",
                meant.isEmpty() ? "" : "write " + meant + " instead of " + unit);
    }

    private static int indexOf(String unit) {
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i].equals(unit)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the number, or a very large one for all that don't fit. */
    private static long amount(String digits) {
        int start = 0;
        while (start < digits.length() - 1 && digits.charAt(start) == '0') {
            start++;
        }
        return digits.length() - start > 18 ? Long.MAX_VALUE : Long.parseLong(digits, start, digits.length(), 10);
    }

    /** Returns whether it is no time at all. */
    public boolean isZero() {
        return millis == 0;
    }

    /** Returns the same duration in Java's terms. */
    public Duration toDuration() {
        return Duration.ofMillis(millis);
    }

    @Override
    public int compareTo(PrometheusDuration other) {
        return Long.compare(millis, other.millis);
    }

    /** Returns the duration as Prometheus itself writes it: {@code 1h30m}, {@code 8d8h}, {@code 0s}. */
    @Override
    public String toString() {
        if (millis == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        long left = millis;
        for (int i = 0; i < UNITS.length; i++) {
            long unit = UNIT_MILLIS[i];
            // Years and weeks only where nothing remains: 90d reads better than 12w6d.
            if (left >= unit && (i > 1 || left % unit == 0)) {
                text.append(left / unit).append(UNITS[i]);
                left %= unit;
            }
        }
        return text.toString();
    }
}
