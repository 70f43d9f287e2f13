package io.narthex.compiler.promql;

import io.narthex.compiler.promql.Query.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps an expression within the series that bear certain labels: each selector gets a matcher of equality for each
 * label, beside those that it has. A selector matches what all its matchers match, so whatever the user wrote about
 * such a label, nothing else is found; a matcher for another value finds nothing.
 *
 * <p>What a selector finds is all that an expression can read, save for one function: {@code info} looks for series that
 * no selector names. So only functions are let through that are known to read nothing but their arguments. Labels that
 * the expression itself makes up, by {@code label_replace}, {@code count_values} or {@code absent}, tell nothing of
 * others; the rule's own labels replace them in the result.
 */
public final class Confinement {

    /** The functions of Prometheus 3.0 to 3.16 (promql/parser/functions.go) without {@code info}. */
    private static final Set<String> FUNCTIONS = Set.of(
            "abs",
            "absent",
            "absent_over_time",
            "acos",
            "acosh",
            "asin",
            "asinh",
            "atan",
            "atanh",
            "avg_over_time",
            "ceil",
            "changes",
            "clamp",
            "clamp_max",
            "clamp_min",
            "cos",
            "cosh",
            "count_over_time",
            "day_of_month",
            "day_of_week",
            "day_of_year",
            "days_in_month",
            "deg",
            "delta",
            "deriv",
            "double_exponential_smoothing",
            "end",
            "exp",
            "first_over_time",
            "floor",
            "histogram_avg",
            "histogram_count",
            "histogram_fraction",
            "histogram_quantile",
            "histogram_quantiles",
            "histogram_stddev",
            "histogram_stdvar",
            "histogram_sum",
            "hour",
            "idelta",
            "increase",
            "integral",
            "irate",
            "label_join",
            "label_replace",
            "last_over_time",
            "ln",
            "log10",
            "log2",
            "mad_over_time",
            "max_of",
            "max_over_time",
            "min_of",
            "min_over_time",
            "minute",
            "month",
            "pi",
            "predict_linear",
            "present_over_time",
            "quantile_over_time",
            "rad",
            "range",
            "rate",
            "resets",
            "round",
            "scalar",
            "sgn",
            "sin",
            "sinh",
            "sort",
            "sort_by_label",
            "sort_by_label_desc",
            "sort_desc",
            "sqrt",
            "start",
            "start_timestamp",
            "stddev_over_time",
            "stdvar_over_time",
            "step",
            "sum_over_time",
            "tan",
            "tanh",
            "time",
            "timestamp",
            "ts_of_first_over_time",
            "ts_of_last_over_time",
            "ts_of_max_over_time",
            "ts_of_min_over_time",
            "vector",
            "year");

    private final SortedMap<String, String> labels;

    /** @param labels the labels and their values, none of them empty */
    public Confinement(SortedMap<String, String> labels) {
        if (labels.isEmpty() || labels.containsKey("") || labels.containsValue("")) {
            throw new IllegalArgumentException("a label without a name or a value confines nothing");
        }
        this.labels = new TreeMap<>(labels);
    }

    /** Returns the name of a function in it that may read more than its arguments, if there is one. */
    public Optional<String> forbidden(Query query) {
        return switch (query) {
            case Query.Call(String function, var arguments) when !FUNCTIONS.contains(function) -> Optional.of(function);
            case Query.Call(String function, List<Query> arguments) ->
                arguments.stream()
                        .flatMap(argument -> forbidden(argument).stream())
                        .findFirst();
            case Query.Aggregation aggregation ->
                Optional.ofNullable(aggregation.parameter())
                        .flatMap(this::forbidden)
                        .or(() -> forbidden(aggregation.expression()));
            case Query.Binary binary -> forbidden(binary.left()).or(() -> forbidden(binary.right()));
            case Query.Subquery subquery -> forbidden(subquery.expression());
            case Query.Parentheses(Query expression) -> forbidden(expression);
            case Query.Sign(String op, Query expression) -> forbidden(expression);
            case Query.Selector selector -> Optional.empty();
            case Query.NumberLiteral number -> Optional.empty();
            case Query.StringLiteral text -> Optional.empty();
        };
    }

    /** Returns the expression, confined; one for which {@link #forbidden} says nothing. */
    public Query confine(Query query) {
        return switch (query) {
            case Query.Selector(String name, var matchers, var range, var time, String extension) -> {
                List<Matcher> all = new ArrayList<>(matchers);
                labels.forEach((label, value) -> all.add(new Matcher(label, "=", value)));
                yield new Query.Selector(name, all, range, time, extension);
            }
            case Query.Call(String function, List<Query> arguments) ->
                new Query.Call(function, arguments.stream().map(this::confine).toList());
            case Query.Aggregation(String op, var parameter, Query expression, var by, boolean without) ->
                new Query.Aggregation(
                        op, parameter == null ? null : confine(parameter), confine(expression), by, without);
            case Query.Binary(String op, Query left, Query right, boolean bool, var matching) ->
                new Query.Binary(op, confine(left), confine(right), bool, matching);
            case Query.Subquery(Query expression, var range, var step, var time) ->
                new Query.Subquery(confine(expression), range, step, time);
            case Query.Parentheses(Query expression) -> new Query.Parentheses(confine(expression));
            case Query.Sign(String op, Query expression) -> new Query.Sign(op, confine(expression));
            case Query.NumberLiteral number -> number;
            case Query.StringLiteral text -> text;
        };
    }
}
