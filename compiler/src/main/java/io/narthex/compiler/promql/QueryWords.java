package io.narthex.compiler.promql;

import java.util.Set;
import java.util.regex.Pattern;

/** The words of PromQL that stand for an operator, as Prometheus 3.0 and later know them (promql/parser/lex.go). */
public final class QueryWords {

    /** A name that needs no quotes: of a metric without a colon, of a label or of a function. */
    public static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    /** The aggregations. */
    public static final Set<String> AGGREGATIONS = Set.of(
            "sum",
            "avg",
            "count",
            "min",
            "max",
            "group",
            "stddev",
            "stdvar",
            "topk",
            "bottomk",
            "count_values",
            "quantile",
            "limitk",
            "limit_ratio");

    /** The operators between two expressions that are words. */
    public static final Set<String> BINARY = Set.of("and", "or", "unless", "atan2");

    private QueryWords() {}
}
