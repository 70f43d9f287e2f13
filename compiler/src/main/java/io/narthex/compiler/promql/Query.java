package io.narthex.compiler.promql;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expression of PromQL as Prometheus's parser understands it (web/api/v1/translate_ast.go). Two are equal exactly
 * where that makes the same of their texts; the order of a selector's matchers means nothing there, and is fixed here.
 *
 * <p>Parentheses are nodes of their own, so that no tree needs any that isn't in it.
 */
public sealed interface Query {

    /**
     * {@code sum by (job) (up)}.
     *
     * @param op the operator, such as {@code topk}
     * @param parameter what stands before the expression; null for none
     * @param expression what is aggregated
     * @param labels the labels of {@code by} or {@code without}, in the order written
     * @param without whether they are those of {@code without}
     */
    record Aggregation(String op, @Nullable Query parameter, Query expression, List<String> labels, boolean without)
            implements Query {
        public Aggregation {
            labels = List.copyOf(labels);
        }
    }

    /**
     * {@code a + on (job) group_left () b}.
     *
     * @param op the operator, such as {@code unless}
     * @param left the left operand
     * @param right the right operand
     * @param bool whether a comparison yields 0 or 1
     * @param matching how their series are matched; null where one of them is a scalar
     */
    record Binary(
            String op,
            Query left,
            Query right,
            boolean bool,
            @Nullable Matching matching) implements Query {}

    /**
     * How the series of two vectors are matched.
     *
     * @param cardinality {@code one-to-one}, {@code many-to-one}, {@code one-to-many}, {@code many-to-many}
     * @param on whether the labels are those of {@code on}, else of {@code ignoring}
     * @param labels these labels
     * @param include the labels of {@code group_left} or {@code group_right}
     * @param fillLeft the value of a series that is missing on the left; null for none
     * @param fillRight the same on the right
     */
    record Matching(
            String cardinality,
            boolean on,
            List<String> labels,
            List<String> include,
            @Nullable String fillLeft,
            @Nullable String fillRight) {
        public Matching {
            labels = List.copyOf(labels);
            include = List.copyOf(include);
        }
    }

    /**
     * {@code rate(a[5m])}.
     *
     * @param function the function's name
     * @param arguments its arguments
     */
    record Call(String function, List<Query> arguments) implements Query {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * {@code up{job="a"}} or {@code up[5m]}.
     *
     * @param name the name that stands before the braces; empty for none
     * @param matchers all matchers, that of the name included
     * @param range the range of {@code [5m]}; null for an instant vector
     * @param time when it is looked at
     * @param extension {@code anchored}, {@code smoothed}, or empty
     */
    record Selector(
            String name, List<Matcher> matchers, @Nullable Span range, Time time, String extension) implements Query {
        public Selector {
            matchers = matchers.stream().sorted(Matcher.ORDER).toList();
        }
    }

    /**
     * {@code job=~"a|b"}.
     *
     * @param name the label's name
     * @param op {@code =}, {@code !=}, {@code =~} or {@code !~}
     * @param value what it is compared with
     */
    record Matcher(String name, String op, String value) {
        static final Comparator<Matcher> ORDER =
                Comparator.comparing(Matcher::name).thenComparing(Matcher::op).thenComparing(Matcher::value);
    }

    /**
     * {@code (…)[1h:5m]}.
     *
     * @param expression what is evaluated
     * @param range for how long
     * @param step how often; null for the default
     * @param time when it is looked at
     */
    record Subquery(Query expression, Span range, @Nullable Span step, Time time) implements Query {}

    /**
     * {@code offset 5m @ end()}.
     *
     * @param offset how far back; null for not at all
     * @param timestamp the time of {@code @} in milliseconds; null for none
     * @param startOrEnd {@code start} or {@code end} of {@code @}, else empty
     */
    record Time(@Nullable Span offset, @Nullable Long timestamp, String startOrEnd) {}

    /** A length of time, as it stands in brackets or behind {@code offset}. */
    sealed interface Span {

        /**
         * A fixed one.
         *
         * @param millis its milliseconds, negative for one that lies ahead
         */
        record Fixed(long millis) implements Span {}

        /**
         * One that is calculated, such as {@code 5m * 2 + step()}.
         *
         * @param arithmetic how
         */
        record Calculated(Arithmetic arithmetic) implements Span {}
    }

    /** The arithmetic of a length of time. */
    sealed interface Arithmetic {

        /**
         * A number.
         *
         * @param value its decimal digits, in seconds
         * @param duration whether it is written as a duration
         */
        record Literal(String value, boolean duration) implements Arithmetic {}

        /**
         * An operation.
         *
         * @param op {@code +}, {@code -}, {@code *}, {@code /}, {@code %}, {@code ^}, or the name of a function
         * @param left the left operand; null for a sign, or a function without arguments
         * @param right the right operand; null for a function without arguments
         * @param wrapped whether parentheses surround it
         */
        record Operation(
                String op,
                @Nullable Arithmetic left,
                @Nullable Arithmetic right,
                boolean wrapped) implements Arithmetic {}
    }

    /**
     * {@code 1.5}.
     *
     * @param value its decimal digits, or {@code NaN}, {@code +Inf}, {@code -Inf}
     */
    record NumberLiteral(String value) implements Query {}

    /**
     * {@code "a"}.
     *
     * @param value its characters
     */
    record StringLiteral(String value) implements Query {}

    /**
     * {@code (a)}.
     *
     * @param expression what stands inside
     */
    record Parentheses(Query expression) implements Query {}

    /**
     * {@code -a}.
     *
     * @param op {@code +} or {@code -}
     * @param expression the operand
     */
    record Sign(String op, Query expression) implements Query {}
}
