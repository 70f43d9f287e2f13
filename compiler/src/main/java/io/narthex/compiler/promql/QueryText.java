package io.narthex.compiler.promql;

import io.narthex.compiler.promql.Query.Arithmetic;
import io.narthex.compiler.promql.Query.Matcher;
import io.narthex.compiler.promql.Query.Matching;
import io.narthex.compiler.promql.Query.Span;
import io.narthex.compiler.promql.Query.Time;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree as PromQL of Prometheus 3.0 and later. Whether a text says what its tree says is for Prometheus's parser
 * to prove.
 */
public final class QueryText {

    private static final Pattern NAME = QueryWords.NAME;
    /** Words beside those of {@link QueryWords} that mean something else where a label's name may stand. */
    private static final Set<String> WORDS = Set.of(
            "offset",
            "smoothed",
            "anchored",
            "by",
            "without",
            "on",
            "ignoring",
            "group_left",
            "group_right",
            "fill",
            "fill_left",
            "fill_right",
            "bool",
            "start",
            "end",
            "step",
            "range",
            "max_of",
            "min_of",
            "inf",
            "nan");

    private static final long[] UNITS = {86_400_000, 3_600_000, 60_000, 1000, 1};
    private static final String[] UNIT_NAMES = {"d", "h", "m", "s", "ms"};
    private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

    private final StringBuilder out = new StringBuilder();

    private QueryText() {}

    /** Returns the expression's text. */
    public static String of(Query query) {
        QueryText text = new QueryText();
        text.write(query);
        return text.out.toString();
    }

    private void write(Query query) {
        switch (query) {
            case Query.NumberLiteral(String value) -> out.append(value);
            case Query.StringLiteral(String value) -> quoted(value);
            case Query.Parentheses(Query expression) -> {
                out.append('(');
                write(expression);
                out.append(')');
            }
            case Query.Sign(String op, Query expression) -> {
                out.append(op);
                write(expression);
            }
            case Query.Call(String function, List<Query> arguments) -> {
                out.append(function).append('(');
                for (int i = 0; i < arguments.size(); i++) {
                    out.append(i == 0 ? "" : ", ");
                    write(arguments.get(i));
                }
                out.append(')');
            }
            case Query.Aggregation aggregation -> aggregation(aggregation);
            case Query.Binary binary -> {
                write(binary.left());
                out.append(' ').append(binary.op()).append(binary.bool() ? " bool" : "");
                if (binary.matching() != null) {
                    matching(binary.matching());
                }
                out.append(' ');
                write(binary.right());
            }
            case Query.Selector selector -> selector(selector);
            case Query.Subquery(Query expression, Span range, var step, Time time) -> {
                write(expression);
                out.append('[');
                span(range);
                out.append(':');
                if (step != null) {
                    span(step);
                }
                out.append(']');
                time(time);
            }
        }
    }

    private void aggregation(Query.Aggregation aggregation) {
        out.append(aggregation.op());
        if (aggregation.without() || !aggregation.labels().isEmpty()) {
            out.append(aggregation.without() ? " without (" : " by (");
            labels(aggregation.labels());
            out.append(") ");
        }
        out.append('(');
        if (aggregation.parameter() != null) {
            write(aggregation.parameter());
            out.append(", ");
        }
        write(aggregation.expression());
        out.append(')');
    }

    private void matching(Matching matching) {
        boolean left = matching.cardinality().equals("many-to-one");
        boolean right = matching.cardinality().equals("one-to-many");
        if (matching.on() || left || right || !matching.labels().isEmpty()) {
            out.append(matching.on() ? " on (" : " ignoring (");
            labels(matching.labels());
            out.append(')');
        }
        if (left || right) {
            out.append(left ? " group_left (" : " group_right (");
            labels(matching.include());
            out.append(')');
        }
        fill(" fill_left (", matching.fillLeft());
        fill(" fill_right (", matching.fillRight());
    }

    private void fill(String words, @Nullable String value) {
        if (value != null) {
            out.append(words).append(value).append(')');
        }
    }

    private void selector(Query.Selector selector) {
        out.append(selector.name());
        Matcher ofName = new Matcher("__name__", "=", selector.name());
        boolean skip = !selector.name().isEmpty();
        StringBuilder before = new StringBuilder("{");
        for (Matcher matcher : selector.matchers()) {
            if (skip && matcher.equals(ofName)) {
                skip = false;
                continue;
            }
            out.append(before);
            before.setLength(0);
            before.append(", ");
            if (NAME.matcher(matcher.name()).matches()) {
                out.append(matcher.name());
            } else {
                quoted(matcher.name());
            }
            out.append(matcher.op());
            quoted(matcher.value());
        }
        if (before.charAt(0) != '{') {
            out.append('}');
        } else if (selector.name().isEmpty()) {
            out.append("{}");
        }
        if (selector.range() != null) {
            out.append('[');
            span(selector.range());
            out.append(']');
        }
        if (!selector.extension().isEmpty()) {
            out.append(' ').append(selector.extension());
        }
        time(selector.time());
    }

    private void time(Time time) {
        if (time.timestamp() != null) {
            out.append(" @ ").append(BigDecimal.valueOf(time.timestamp(), 3).toPlainString());
        } else if (!time.startOrEnd().isEmpty()) {
            out.append(" @ ").append(time.startOrEnd()).append("()");
        }
        if (time.offset() != null) {
            out.append(" offset ");
            span(time.offset());
        }
    }

    private void span(Span span) {
        switch (span) {
            case Span.Fixed(long millis) -> duration(millis);
            case Span.Calculated(Arithmetic arithmetic) -> arithmetic(arithmetic);
        }
    }

    private void arithmetic(Arithmetic arithmetic) {
        switch (arithmetic) {
            case Arithmetic.Literal(String value, boolean duration) -> {
                BigDecimal millis =
                        duration ? new BigDecimal(value).multiply(MILLIS).stripTrailingZeros() : MILLIS;
                if (duration && millis.scale() <= 0 && millis.precision() - millis.scale() <= 18) {
                    duration(millis.longValueExact());
                } else {
                    out.append(value);
                }
            }
            case Arithmetic.Operation(String op, var left, var right, boolean wrapped) -> {
                out.append(wrapped ? "(" : "");
                if (NAME.matcher(op).matches()) {
                    out.append(op).append('(');
                    if (left != null && right != null) {
                        arithmetic(left);
                        out.append(", ");
                        arithmetic(right);
                    }
                    out.append(')');
                } else if (left == null && right != null) {
                    out.append(op);
                    arithmetic(right);
                } else if (left != null && right != null) {
                    arithmetic(left);
                    out.append(' ').append(op).append(' ');
                    arithmetic(right);
                }
                out.append(wrapped ? ")" : "");
            }
        }
    }

    /** Writes a length of time as Prometheus reads it: {@code 1h30m}, {@code -5m}, {@code 0s}. */
    private void duration(long millis) {
        if (millis == 0) {
            out.append("0s");
            return;
        }
        out.append(millis < 0 ? "-" : "");
        long rest = Math.abs(millis);
        for (int i = 0; i < UNITS.length; i++) {
            if (rest >= UNITS[i]) {
                out.append(rest / UNITS[i]).append(UNIT_NAMES[i]);
                rest %= UNITS[i];
            }
        }
    }

    private void labels(List<String> labels) {
        for (int i = 0; i < labels.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            String label = labels.get(i);
            if (NAME.matcher(label).matches() && !isWord(label.toLowerCase(Locale.ROOT))) {
                out.append(label);
            } else {
                quoted(label);
            }
        }
    }

    private static boolean isWord(String label) {
        return WORDS.contains(label) || QueryWords.AGGREGATIONS.contains(label) || QueryWords.BINARY.contains(label);
    }

    /** Writes a string in double quotes, with the escapes of Go. */
    private void quoted(String value) {
        out.append('"');
        value.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    int type = Character.getType(c);
                    boolean visible = type != Character.CONTROL
                            && type != Character.FORMAT
                            && type != Character.UNASSIGNED
                            && type != Character.PRIVATE_USE
                            && type != Character.SURROGATE
                            && type != Character.LINE_SEPARATOR
                            && type != Character.PARAGRAPH_SEPARATOR;
                    if (visible) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(String.format(Locale.ROOT, c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
                    }
                }
            }
        });
        out.append('"');
    }
}
