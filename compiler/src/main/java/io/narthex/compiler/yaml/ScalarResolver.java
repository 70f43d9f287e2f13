package io.narthex.compiler.yaml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an unquoted scalar means. The rules are those of the YAML library in Kubernetes' clients, so that a
 * file means the same for kubectl: YAML 1.1's booleans (yes, on, y), octal numbers with a leading zero, underscores in
 * numbers; no sexagesimal numbers, and timestamps are text.
 */
final class ScalarResolver {

    private static final Map<String, ScalarValue> WORDS = Map.ofEntries(
            Map.entry("", ScalarValue.Null.INSTANCE),
            Map.entry("~", ScalarValue.Null.INSTANCE),
            Map.entry("null", ScalarValue.Null.INSTANCE),
            Map.entry("Null", ScalarValue.Null.INSTANCE),
            Map.entry("NULL", ScalarValue.Null.INSTANCE),
            Map.entry("y", new ScalarValue.Bool(true)),
            Map.entry("Y", new ScalarValue.Bool(true)),
            Map.entry("yes", new ScalarValue.Bool(true)),
            Map.entry("Yes", new ScalarValue.Bool(true)),
            Map.entry("YES", new ScalarValue.Bool(true)),
            Map.entry("true", new ScalarValue.Bool(true)),
            Map.entry("True", new ScalarValue.Bool(true)),
            Map.entry("TRUE", new ScalarValue.Bool(true)),
            Map.entry("on", new ScalarValue.Bool(true)),
            Map.entry("On", new ScalarValue.Bool(true)),
            Map.entry("ON", new ScalarValue.Bool(true)),
            Map.entry("n", new ScalarValue.Bool(false)),
            Map.entry("N", new ScalarValue.Bool(false)),
            Map.entry("no", new ScalarValue.Bool(false)),
            Map.entry("No", new ScalarValue.Bool(false)),
            Map.entry("NO", new ScalarValue.Bool(false)),
            Map.entry("false", new ScalarValue.Bool(false)),
            Map.entry("False", new ScalarValue.Bool(false)),
            Map.entry("FALSE", new ScalarValue.Bool(false)),
            Map.entry("off", new ScalarValue.Bool(false)),
            Map.entry("Off", new ScalarValue.Bool(false)),
            Map.entry("OFF", new ScalarValue.Bool(false)),
            Map.entry(".nan", new ScalarValue.Decimal(Double.NaN)),
            Map.entry(".NaN", new ScalarValue.Decimal(Double.NaN)),
            Map.entry(".NAN", new ScalarValue.Decimal(Double.NaN)),
            Map.entry(".inf", new ScalarValue.Decimal(Double.POSITIVE_INFINITY)),
            Map.entry(".Inf", new ScalarValue.Decimal(Double.POSITIVE_INFINITY)),
            Map.entry(".INF", new ScalarValue.Decimal(Double.POSITIVE_INFINITY)),
            Map.entry("+.inf", new ScalarValue.Decimal(Double.POSITIVE_INFINITY)),
            Map.entry("+.Inf", new ScalarValue.Decimal(Double.POSITIVE_INFINITY)),
            Map.entry("+.INF", new ScalarValue.Decimal(Double.POSITIVE_INFINITY)),
            Map.entry("-.inf", new ScalarValue.Decimal(Double.NEGATIVE_INFINITY)),
            Map.entry("-.Inf", new ScalarValue.Decimal(Double.NEGATIVE_INFINITY)),
            Map.entry("-.INF", new ScalarValue.Decimal(Double.NEGATIVE_INFINITY)));

    private static final Pattern INTEGER = Pattern.compile(
            "([-+]?)(?:0[xX](?<hex>[0-9a-fA-F]+)|0[bB](?<bin>[01]+)|0[oO]?(?<oct>[0-7]+)|(?<dec>0|[1-9][0-9]*))");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");
    /** Longer runs of digits are text: no field takes such a number, and parsing them is slow. */
    private static final int LONGEST_NUMBER = 400;

    private ScalarResolver() {}

    /** Returns what the unquoted {@code text} means. */
    static ScalarValue resolve(String text) {
        ScalarValue word = WORDS.get(text);
        if (word != null) {
            return word;
        }
        char first = text.charAt(0);
        if ((first != '.' && first != '-' && first != '+' && (first < '0' || first > '9'))
                || text.length() > LONGEST_NUMBER) {
            return new ScalarValue.Text(text);
        }
        String digits = first == '.' ? text : text.replace("_", "");
        ScalarValue.@Nullable Int integer = integer(digits);
        if (integer != null) {
            return integer;
        }
        if (DECIMAL.matcher(digits).matches()) {
            return decimal(digits);
        }
        return new ScalarValue.Text(text);
    }

    /** Returns what {@code text} means under one of YAML's own tags; null where it doesn't fit or the tag is unknown. */
    static @Nullable ScalarValue resolve(String tag, String text) {
        ScalarValue plain = text.isEmpty() ? ScalarValue.Null.INSTANCE : resolve(text);
        return switch (tag) {
            case "!", "tag:yaml.org,2002:str" -> new ScalarValue.Text(text);
            case "tag:yaml.org,2002:bool" -> plain instanceof ScalarValue.Bool ? plain : null;
            case "tag:yaml.org,2002:int" -> plain instanceof ScalarValue.Int ? plain : null;
            case "tag:yaml.org,2002:float" ->
                switch (plain) {
                    case ScalarValue.Decimal decimal -> decimal;
                    case ScalarValue.Int integer ->
                        new ScalarValue.Decimal(integer.value().doubleValue());
                    default -> null;
                };
            case "tag:yaml.org,2002:null" -> plain instanceof ScalarValue.Null ? plain : null;
            case "tag:yaml.org,2002:timestamp" -> new ScalarValue.Text(text);
            default -> null;
        };
    }

    private static ScalarValue.@Nullable Int integer(String digits) {
        Matcher matcher = INTEGER.matcher(digits);
        if (!matcher.matches()) {
            return null;
        }
        BigInteger value;
        if (matcher.group("hex") != null) {
            value = new BigInteger(matcher.group("hex"), 16);
        } else if (matcher.group("bin") != null) {
            value = new BigInteger(matcher.group("bin"), 2);
        } else if (matcher.group("oct") != null) {
            value = new BigInteger(matcher.group("oct"), 8);
        } else {
            value = new BigInteger(matcher.group("dec"));
        }
        return new ScalarValue.Int("-".equals(matcher.group(1)) ? value.negate() : value);
    }

    /** Returns a number as JSON carries it: one without a fraction is an integer, however it is written. */
    private static ScalarValue decimal(String digits) {
        double value = Double.parseDouble(digits.toLowerCase(Locale.ROOT));
        if (value == Math.rint(value) && Math.abs(value) < 1e21) {
            return new ScalarValue.Int(new BigDecimal(value).toBigInteger());
        }
        return new ScalarValue.Decimal(value);
    }
}
