package io.narthex.compiler.config.value;

import static io.narthex.compiler.config.value.Quoting.quote;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of relabeling, in RE2 syntax (Prometheus documentation, "Configuration", "regex"). Prometheus
 * anchors it at both ends and lets the dot match a line's end: {@code ^(?s:...)$}.
 *
 * <p>Two are equal when their text is.
 */
public final class PrometheusRegex {

    /** What Prometheus uses where none is given: anything, as group 1. */
    public static final PrometheusRegex ANYTHING = parse("(.*)").orThrow();

    /** What a field of this type allows, for messages. */
    public static final String ALLOWED = "an RE2 regular expression";

    private static final String META = "\\.+*?()|[]{}^$";

    private final String text;
    /** Compiled when it is asked for, which of most expressions nobody does. */
    private volatile @Nullable Pattern anchored;

    private PrometheusRegex(String text, @Nullable Pattern anchored) {
        this.text = text;
        this.anchored = anchored;
    }

    private Pattern anchored() {
        Pattern compiled = anchored;
        if (compiled == null) {
            compiled = anchored(text);
            anchored = compiled;
        }
        return compiled;
    }

    private static Pattern anchored(String text) {
        return Pattern.compile("^(?s:" + text + ")$");
    }

    /**
     * Reads a regular expression. Refused is what Go's {@code regexp} refuses, and a few expressions far too large to
     * be meant.
     */
    public static Checked<PrometheusRegex> parse(String text) {
        if (!Text.isWritable(text)) {
            return new Checked.Invalid<>(Text.problem(text).orElseThrow());
        }
        RegexScan scan = RegexScan.of(text);
        if (scan.problem() != null) {
            return Checked.refused(
                    "the regular expression " + quote(text) + " " + scan.problem(), ALLOWED, scan.remedy());
        }
        try {
            // By itself first: a)(b would be right between the anchors' parentheses.
            Pattern.compile(scan.portable());
            return Checked.of(new PrometheusRegex(scan.portable(), anchored(scan.portable())));
        } catch (PatternSyntaxException e) {
            return Checked.refused(
                    "the regular expression " + quote(text) + " is not valid: " + reason(e), ALLOWED, remedy(e));
        }
    }

    /**
     * Returns a regular expression that is known to be right, without looking at it.
     *
     * @param text what {@link #parse} would take; texts of others in it are escaped
     */
    public static PrometheusRegex trusted(String text) {
        return new PrometheusRegex(text, null);
    }

    /** Returns a regular expression that matches exactly this text. */
    public static PrometheusRegex literally(String text) {
        return trusted(escape(text));
    }

    /** Returns the regular expression's text that matches exactly {@code text}, as Go's {@code QuoteMeta} does. */
    public static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (META.indexOf(c) >= 0) {
                out.append('\\');
            }
            out.append(c);
        }
        return out.toString();
    }

    private static String reason(PatternSyntaxException e) {
        String what = e.getDescription();
        String where = e.getPattern();
        return where == null || where.isEmpty() ? what : what + ": " + quote(where);
    }

    private static String remedy(PatternSyntaxException e) {
        String what = e.getDescription().toLowerCase(Locale.ROOT);
        if (what.contains("missing argument to repetition")) {
            return "put something before the repetition, such as .* for any text, or escape it with \\";
        }
        if (what.contains("missing closing )") || what.contains("unexpected )") || what.contains("internal error")) {
            return "balance the parentheses, or write \\( and \\) for the characters themselves";
        }
        if (what.contains("missing closing ]")) {
            return "close the character class with ], or write \\[ for the character itself";
        }
        if (what.contains("nested repetition")) {
            return "RE2 has no possessive repetitions such as a*+; put the inner one in (?:...)";
        }
        return "";
    }

    /** Returns the expression without the anchors, in a form that all supported releases of Prometheus read. */
    public String text() {
        return text;
    }

    /** Returns how many groups can be referred to; group 0, the whole, is not counted. */
    public int groupCount() {
        return anchored().groupCount();
    }

    /** Returns the named groups and their numbers. */
    public Map<String, Integer> namedGroups() {
        return new TreeMap<>(anchored().namedGroups());
    }

    /** Returns whether it matches the whole of {@code value}. */
    public boolean matches(String value) {
        return anchored().matcher(value).find();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrometheusRegex that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /**
     * What is known about an expression before it is compiled: the checks that Go makes and RE2/J doesn't, words for
     * what other dialects have and RE2 lacks, and bounds on what compiling costs.
     */
    private record RegexScan(String portable, @Nullable String problem, String remedy) {

        private static final int DEEPEST = 250;
        private static final long MOST_REPEATED = 1000;
        private static final long LARGEST = 100_000;

        private static RegexScan bad(String problem, String remedy) {
            return new RegexScan("", problem, remedy);
        }

        static RegexScan of(String text) {
            StringBuilder portable = new StringBuilder(text.length());
            Deque<long[]> outer = new ArrayDeque<>();
            // Of the group around: the size so far, the largest product of repetitions; of the last atom: the same.
            long size = 0;
            long product = 1;
            long atomSize = 0;
            long atomProduct = 1;
            int at = 0;
            while (at < text.length()) {
                int start = at;
                char c = text.charAt(at);
                switch (c) {
                    case '\\' -> {
                        int point = at + 1 < text.length() ? text.codePointAt(at + 1) : -1;
                        String wrong = escapeProblem(point);
                        if (wrong != null) {
                            return bad(wrong, escapeRemedy(point));
                        }
                        at += point < 0 ? 1 : 1 + Character.charCount(point);
                        if (point == 'Q') {
                            int end = text.indexOf("\\E", at);
                            if (end < 0) {
                                return bad("has \\Q without \\E", "close the quoted part with \\E");
                            }
                            at = end + 2;
                        }
                        atomSize = 1;
                        atomProduct = 1;
                        size += point == 'Q' ? (long) at - start : 1;
                    }
                    case '[' -> {
                        at = classEnd(text, at);
                        atomSize = 1;
                        atomProduct = 1;
                        size++;
                    }
                    case '(' -> {
                        at++;
                        if (text.startsWith("?", at)) {
                            String wrong = groupProblem(text, at);
                            if (wrong != null) {
                                return bad(wrong, "RE2 has no lookaround, backreferences, atomic groups or comments");
                            }
                        }
                        if (outer.size() == DEEPEST) {
                            return bad("is nested too deeply", "use fewer parentheses");
                        }
                        outer.push(new long[] {size, product});
                        size = 0;
                        product = 1;
                        if (text.startsWith("?<", at)) {
                            // Go reads (?<name>...) from 1.22 on, with which Prometheus 2.51 and later are built.
                            portable.append("(?P<");
                            at += 2;
                            start = at;
                        }
                        atomSize = 0;
                        atomProduct = 1;
                    }
                    case ')' -> {
                        at++;
                        atomSize = size;
                        atomProduct = product;
                        if (!outer.isEmpty()) {
                            long[] around = outer.pop();
                            size += around[0];
                            product = Math.max(product, around[1]);
                        }
                    }
                    case '{' -> {
                        long count = repetitions(text, at);
                        at++;
                        if (count > 1) {
                            atomProduct *= count;
                            if (atomProduct > MOST_REPEATED) {
                                return bad(
                                        "repeats something more than 1000 times",
                                        "use smaller numbers in {...}, nested ones multiply");
                            }
                            product = Math.max(product, atomProduct);
                            size += atomSize * (count - 1);
                        }
                    }
                    default -> {
                        at++;
                        if ("*+?|".indexOf(c) < 0) {
                            atomSize = 1;
                            atomProduct = 1;
                            size++;
                        }
                    }
                }
                portable.append(text, start, at);
                if (size > LARGEST) {
                    return bad("is too large", "use a shorter one, or several relabeling rules");
                }
            }
            return new RegexScan(portable.toString(), null, "");
        }

        private static @Nullable String escapeProblem(int point) {
            if (point >= '1' && point <= '9') {
                return "has the backreference \\" + (char) point;
            }
            return switch (point) {
                case -1 -> "ends with a backslash";
                case 'Z', 'G', 'R', 'X', 'h', 'H', 'K', 'e', 'c', 'u', 'N', 'k', 'g' ->
                    "has \\" + (char) point + ", which RE2 lacks";
                default -> point > 0x7F ? "has a backslash before " + quote(Character.toString(point)) : null;
            };
        }

        private static String escapeRemedy(int point) {
            if (point >= '1' && point <= '9') {
                return "RE2 has no backreferences; write the expected text out";
            }
            return switch (point) {
                case -1 -> "write \\\\ for a backslash";
                case 'Z' -> "write \\z";
                case 'u' -> "write \\x{...} with the character's code";
                case 'h' -> "write [ \\t]";
                default -> "remove the backslash, or write the characters themselves";
            };
        }

        private static @Nullable String groupProblem(String text, int at) {
            String[][] foreign = {
                {"?=", "a lookahead"},
                {"?!", "a negative lookahead"},
                {"?<=", "a lookbehind"},
                {"?<!", "a negative lookbehind"},
                {"?>", "an atomic group"},
                {"?#", "a comment"},
                {"?P=", "a backreference"},
                {"?P>", "a recursion"},
                {"?R", "a recursion"},
                {"?'", "a group name in quotes"},
                {"?(", "a condition"},
                {"?|", "a branch reset"},
                {"?x", "the flag x"},
                {"?u", "the flag u"},
                {"?d", "the flag d"},
            };
            for (String[] one : foreign) {
                if (text.startsWith(one[0], at)) {
                    return "has " + one[1] + " (" + one[0] + "...), which RE2 lacks";
                }
            }
            return null;
        }

        /** Returns the index behind the class that starts at {@code at}; the text's end where it isn't closed. */
        private static int classEnd(String text, int at) {
            int i = at + 1;
            if (text.startsWith("^", i)) {
                i++;
            }
            if (text.startsWith("]", i)) {
                i++;
            }
            while (i < text.length()) {
                if (text.startsWith("[:", i)) {
                    int end = text.indexOf(":]", i + 2);
                    if (end >= 0) {
                        i = end + 2;
                        continue;
                    }
                }
                char c = text.charAt(i);
                if (c == ']') {
                    return i + 1;
                }
                i += c == '\\' ? 2 : 1;
            }
            return text.length();
        }

        /** Returns the larger number of the {@code {n,m}} at {@code at}; 1 where there is none. */
        private static long repetitions(String text, int at) {
            int end = text.indexOf('}', at);
            if (end < 0 || end - at > 20) {
                return 1;
            }
            long most = 1;
            long number = -1;
            for (int i = at + 1; i < end; i++) {
                char c = text.charAt(i);
                if (Ascii.isDigit(c)) {
                    number = Math.min((number < 0 ? 0 : number) * 10 + (c - '0'), 1_000_000);
                    most = Math.max(most, number);
                } else if (c == ',' && number >= 0) {
                    number = -1;
                } else {
                    return 1;
                }
            }
            return most;
        }
    }
}
