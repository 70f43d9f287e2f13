package io.narthex.compiler.config.value;

import static io.narthex.compiler.config.value.Quoting.quote;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as Prometheus reads it in flags and files: {@code 512MB}, {@code 1GiB}, {@code 1GB512MB}. Both KB
 * and KiB are 1024 bytes (Prometheus documentation, "Storage", and the units that it is built with).
 *
 * @param bytes how many, at least 0
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {

    /** What a field of this type allows, for messages. */
    public static final String ALLOWED = "a size such as 512MB, 10GB or 1GiB (KB = KiB = 1024 bytes)";

    private static final String PREFIXES = "KMGTPE";
    private static final Pattern PART = Pattern.compile("(\\d*(?:\\.\\d*)?)([^\\d.]*)", Pattern.DOTALL);
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("out of range: " + bytes + " bytes");
        }
    }

    /** Reads a size by the rules of {@code units.ParseBase2Bytes}, of which negative sizes are refused. */
    public static Checked<ByteSize> parse(String text) {
        String rest = text.startsWith("+") ? text.substring(1) : text;
        if (rest.startsWith("-")) {
            return Checked.refused(
                    "the size " + quote(text) + " is negative", "0 or more", "write it without the minus sign");
        }
        if (rest.equals("0")) {
            return Checked.of(new ByteSize(0));
        }
        if (rest.isEmpty()) {
            return Checked.refused("a size must not be empty", ALLOWED, "");
        }
        BigDecimal total = BigDecimal.ZERO;
        String suffix = "";
        Matcher part = PART.matcher(rest);
        for (int at = 0; at < rest.length(); at = part.end()) {
            part.region(at, rest.length());
            if (!part.lookingAt() || !hasDigit(part.group(1))) {
                return Checked.refused(quote(text) + " is not a size", ALLOWED, "");
            }
            String number = part.group(1);
            String unit = part.group(2);
            if (unit.isEmpty()) {
                return Checked.refused(
                        "the size " + quote(text) + " has a number without a unit", ALLOWED, "write " + text + "B");
            }
            int power = power(unit);
            if (power < 0) {
                return unknownUnit(text, unit);
            }
            String thisSuffix = unit.substring(power == 0 ? 0 : 1);
            if (power > 0 && !suffix.isEmpty() && !suffix.equals(thisSuffix)) {
                return Checked.refused(
                        "the size " + quote(text) + " mixes units such as KB with units such as KiB",
                        ALLOWED,
                        "use one kind");
            }
            suffix = power > 0 ? thisSuffix : suffix;
            // 19 digits hold any number that fits; more are refused before they cost memory.
            BigDecimal count = number.length() > 30 ? MOST : new BigDecimal(number.equals(".") ? "0" : trimmed(number));
            total = total.add(count.multiply(BigDecimal.valueOf(1L << (10 * power))));
            if (total.compareTo(MOST) >= 0) {
                return Checked.refused("the size " + quote(text) + " is too large", "less than 8EB", "");
            }
        }
        return Checked.of(new ByteSize(total.longValue()));
    }

    private static String trimmed(String number) {
        String whole = number.startsWith(".") ? "0" + number : number;
        return whole.endsWith(".") ? whole.substring(0, whole.length() - 1) : whole;
    }

    private static boolean hasDigit(String number) {
        return number.length() > (number.contains(".") ? 1 : 0);
    }

    /** Returns the power of 1024 that the unit stands for; negative for no unit. */
    private static int power(String unit) {
        if (unit.equals("B")) {
            return 0;
        }
        int prefix = PREFIXES.indexOf(unit.charAt(0));
        String suffix = unit.substring(1);
        return prefix >= 0 && (suffix.equals("B") || suffix.equals("iB")) ? prefix + 1 : -1;
    }

    private static Checked<ByteSize> unknownUnit(String text, String unit) {
        char first = Character.toUpperCase(
                unit.strip().isEmpty() ? ' ' : unit.strip().charAt(0));
        String meant = PREFIXES.indexOf(first) >= 0 ? first + "B" : first == 'B' ? "B" : "";
        return Checked.refused(
                "the size " + quote(text) + " has the unknown unit " + quote(unit),
                "the units B, KB, MB, GB, TB, PB, EB and KiB, MiB, GiB, TiB, PiB, EiB",
                meant.isEmpty() ? "" : "write " + meant + " instead of " + unit);
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** Returns the size as Prometheus itself writes it: {@code 1GiB512MiB}, {@code 0B}. */
    @Override
    public String toString() {
        if (bytes == 0) {
            return "0B";
        }
        StringBuilder text = new StringBuilder();
        for (int power = PREFIXES.length(); power >= 0; power--) {
            long count = (bytes >>> (10 * power)) & (power == PREFIXES.length() ? Long.MAX_VALUE : 1023);
            if (count > 0) {
                text.append(count);
                text.append(power == 0 ? "B" : PREFIXES.charAt(power - 1) + "iB");
            }
        }
        return text.toString();
    }
}
