package io.narthex.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.promql.Query;
import io.narthex.compiler.promql.Query.Arithmetic;
import io.narthex.compiler.promql.Query.Matcher;
import io.narthex.compiler.promql.Query.Matching;
import io.narthex.compiler.promql.Query.Span;
import io.narthex.compiler.promql.Query.Time;
import io.narthex.compiler.promql.QueryWords;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tree that {@code /api/v1/parse_query} answers (web/api/v1/translate_ast.go of 3.0 to 3.16). Anything that it
 * doesn't know word for word may mean something, so it makes the whole tree unknown.
 */
final class QueryTreeReader {

    private static final int DEEPEST = 400;
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

    /** The operators between two expressions that are no words. */
    private static final Set<String> SYMBOLS =
            Set.of("+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<=", "</", ">/");
    /** The fields of what is looked at in time. */
    private static final Set<String> TIME = Set.of("offset", "offsetExpr", "timestamp", "startOrEnd");

    private static final Set<String> SELECTOR = union(TIME, "type", "name", "matchers", "anchored", "smoothed");
    private static final Set<String> MATRIX = union(SELECTOR, "range", "rangeExpr");
    private static final Set<String> SUBQUERY = union(TIME, "type", "expr", "range", "rangeExpr", "step", "stepExpr");
    private static final Set<String> MATCHES = Set.of("=", "!=", "=~", "!~");
    private static final Set<String> CARDINALITIES = Set.of("one-to-one", "many-to-one", "one-to-many", "many-to-many");
    private static final Set<String> ARITHMETIC =
            Set.of("+", "-", "*", "/", "%", "^", "step", "range", "min", "max", "min_of", "max_of");

    /** The tree holds something that isn't known. */
    private static final class Unknown extends Exception {
        private static final long serialVersionUID = 1L;

        Unknown(String what) {
            super(what, null, false, false);
        }
    }

    /** Features whose traces this release's trees don't show. */
    private final Set<String> hidden = new TreeSet<>();

    private QueryTreeReader() {}

    /** Returns what the tree says. */
    static QueryVerdict read(JsonNode tree) {
        QueryTreeReader reader = new QueryTreeReader();
        try {
            Query query = reader.query(tree, 0);
            return new QueryVerdict.Parsed(query, reader.hidden);
        } catch (Unknown e) {
            return new QueryVerdict.Unparsed(String.valueOf(e.getMessage()));
        }
    }

    private Query query(JsonNode node, int depth) throws Unknown {
        if (depth > DEEPEST) {
            throw new Unknown("it nests more than " + DEEPEST + " deep");
        }
        String type = text(node, "type");
        int next = depth + 1;
        return switch (type) {
            case "aggregation" -> aggregation(node, next);
            case "binaryExpr" -> binary(node, next);
            case "call" -> call(node, next);
            case "vectorSelector" -> {
                only(node, SELECTOR);
                yield selector(node, null);
            }
            case "matrixSelector" -> {
                only(node, MATRIX);
                yield selector(node, span(node, "range"));
            }
            case "subquery" -> subquery(node, next);
            case "numberLiteral" -> number(node);
            case "stringLiteral" -> {
                only(node, "type", "val");
                yield new Query.StringLiteral(text(node, "val"));
            }
            case "parenExpr" -> {
                only(node, "type", "expr");
                yield new Query.Parentheses(query(member(node, "expr"), next));
            }
            case "unaryExpr" -> {
                only(node, "type", "op", "expr");
                yield new Query.Sign(oneOf(Set.of("+", "-"), node, "op"), query(member(node, "expr"), next));
            }
            default -> throw new Unknown("a node of the type " + Transport.oneLine(type));
        };
    }

    private Query.Aggregation aggregation(JsonNode node, int next) throws Unknown {
        only(node, "type", "op", "expr", "param", "grouping", "without");
        JsonNode parameter = member(node, "param");
        return new Query.Aggregation(
                oneOf(QueryWords.AGGREGATIONS, node, "op"),
                parameter.isNull() ? null : query(parameter, next),
                query(member(node, "expr"), next),
                texts(node, "grouping"),
                bool(node, "without"));
    }

    private Query.Binary binary(JsonNode node, int next) throws Unknown {
        only(node, "type", "op", "lhs", "rhs", "matching", "bool");
        String op = text(node, "op");
        return new Query.Binary(
                QueryWords.BINARY.contains(op) ? op : oneOf(SYMBOLS, node, "op"),
                query(member(node, "lhs"), next),
                query(member(node, "rhs"), next),
                bool(node, "bool"),
                matching(member(node, "matching")));
    }

    private Query.Call call(JsonNode node, int next) throws Unknown {
        only(node, "type", "func", "args");
        JsonNode function = member(node, "func");
        only(function, "name", "argTypes", "variadic", "returnType");
        String name = text(function, "name");
        if (!QueryWords.NAME.matcher(name).matches()) {
            throw new Unknown("a function has the name " + Transport.oneLine(name));
        }
        List<Query> arguments = new ArrayList<>();
        for (JsonNode argument : array(node, "args")) {
            arguments.add(query(argument, next));
        }
        return new Query.Call(name, arguments);
    }

    private Query.Subquery subquery(JsonNode node, int next) throws Unknown {
        only(node, SUBQUERY);
        Span step = span(node, "step");
        return new Query.Subquery(
                query(member(node, "expr"), next),
                span(node, "range"),
                step.equals(new Span.Fixed(0)) ? null : step,
                time(node));
    }

    private static Query.NumberLiteral number(JsonNode node) throws Unknown {
        only(node, "type", "val");
        String value = text(node, "val");
        if (!NUMBER.matcher(value).matches() && !Set.of("NaN", "+Inf", "-Inf").contains(value)) {
            throw new Unknown("the number " + Transport.oneLine(value));
        }
        return new Query.NumberLiteral(value);
    }

    private Query.Selector selector(JsonNode node, @Nullable Span range) throws Unknown {
        List<Matcher> matchers = new ArrayList<>();
        for (JsonNode matcher : array(node, "matchers")) {
            only(matcher, "name", "value", "type");
            matchers.add(new Matcher(text(matcher, "name"), oneOf(MATCHES, matcher, "type"), text(matcher, "value")));
        }
        String extension = "";
        if (node.has("anchored") && node.has("smoothed")) {
            extension = bool(node, "anchored") ? "anchored" : bool(node, "smoothed") ? "smoothed" : "";
        } else {
            hidden.add("promql-extended-range-selectors");
        }
        return new Query.Selector(text(node, "name"), matchers, range, time(node), extension);
    }

    private Time time(JsonNode node) throws Unknown {
        Span offset = span(node, "offset");
        JsonNode timestamp = member(node, "timestamp");
        JsonNode startOrEnd = member(node, "startOrEnd");
        if (!timestamp.isNull() && !timestamp.canConvertToLong()) {
            throw new Unknown("a timestamp that is no number");
        }
        return new Time(
                offset.equals(new Span.Fixed(0)) ? null : offset,
                timestamp.isNull() ? null : timestamp.longValue(),
                startOrEnd.isNull() ? "" : oneOf(Set.of("start", "end"), node, "startOrEnd"));
    }

    private Span span(JsonNode node, String field) throws Unknown {
        JsonNode calculated = node.path(field + "Expr");
        if (calculated.isMissingNode()) {
            hidden.add("promql-duration-expr");
        } else if (!calculated.isNull()) {
            return new Span.Calculated(arithmetic(calculated, 0));
        }
        JsonNode millis = member(node, field);
        if (!millis.isIntegralNumber() || !millis.canConvertToLong() || millis.longValue() == Long.MIN_VALUE) {
            throw new Unknown("a " + field + " that is no number");
        }
        return new Span.Fixed(millis.longValue());
    }

    private Arithmetic arithmetic(JsonNode node, int depth) throws Unknown {
        if (depth > DEEPEST) {
            throw new Unknown("a duration nests more than " + DEEPEST + " deep");
        }
        String type = text(node, "type");
        if (type.equals("numberLiteral")) {
            only(node, "type", "val", "duration");
            String value = text(node, "val");
            if (!NUMBER.matcher(value).matches()) {
                throw new Unknown("the number " + Transport.oneLine(value));
            }
            return new Arithmetic.Literal(value, bool(node, "duration"));
        }
        if (!type.equals("durationExpr")) {
            throw new Unknown("a duration of the type " + Transport.oneLine(type));
        }
        only(node, "type", "op", "lhs", "rhs", "wrapped");
        JsonNode left = member(node, "lhs");
        JsonNode right = member(node, "rhs");
        return new Arithmetic.Operation(
                oneOf(ARITHMETIC, node, "op"),
                left.isNull() ? null : arithmetic(left, depth + 1),
                right.isNull() ? null : arithmetic(right, depth + 1),
                bool(node, "wrapped"));
    }

    private @Nullable Matching matching(JsonNode node) throws Unknown {
        if (node.isNull()) {
            return null;
        }
        only(node, "card", "labels", "on", "include", "fillValues");
        String left = null;
        String right = null;
        if (node.has("fillValues")) {
            JsonNode fill = member(node, "fillValues");
            only(fill, "lhs", "rhs");
            left = fill(member(fill, "lhs"));
            right = fill(member(fill, "rhs"));
        } else {
            hidden.add("promql-binop-fill-modifiers");
        }
        return new Matching(
                oneOf(CARDINALITIES, node, "card"),
                bool(node, "on"),
                texts(node, "labels"),
                texts(node, "include"),
                left,
                right);
    }

    private static @Nullable String fill(JsonNode node) throws Unknown {
        if (node.isNull()) {
            return null;
        }
        if (!node.isNumber()) {
            throw new Unknown("a value of fill that is no number");
        }
        return new BigDecimal(node.asText()).toPlainString();
    }

    private static Set<String> union(Set<String> fields, String... more) {
        Set<String> all = new HashSet<>(fields);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }

    private static void only(JsonNode node, String... fields) throws Unknown {
        only(node, Set.of(fields));
    }

    private static void only(JsonNode node, Set<String> known) throws Unknown {
        if (!node.isObject()) {
            throw new Unknown("something that is no node");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw new Unknown("the field " + Transport.oneLine(name));
            }
        }
    }

    private static JsonNode member(JsonNode node, String field) throws Unknown {
        JsonNode value = node.path(field);
        if (value.isMissingNode()) {
            throw new Unknown("a node without " + field);
        }
        return value;
    }

    private static JsonNode array(JsonNode node, String field) throws Unknown {
        JsonNode value = member(node, field);
        if (!value.isArray()) {
            throw new Unknown("a " + field + " that is no list");
        }
        return value;
    }

    private static List<String> texts(JsonNode node, String field) throws Unknown {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(node, field)) {
            texts.add(plain(element, field));
        }
        return texts;
    }

    private static String text(JsonNode node, String field) throws Unknown {
        return plain(member(node, field), field);
    }

    private static String plain(JsonNode value, String field) throws Unknown {
        if (!value.isTextual()) {
            throw new Unknown("a " + field + " that is no text");
        }
        // Bytes that are no UTF-8 are shown as this character, so what it stands for isn't known.
        if (value.textValue().indexOf('\uFFFD') >= 0) {
            throw new Unknown("a text that isn't UTF-8, or holds the replacement character U+FFFD");
        }
        return value.textValue();
    }

    private static String oneOf(Set<String> known, JsonNode node, String field) throws Unknown {
        String text = text(node, field);
        if (!known.contains(text)) {
            throw new Unknown("the " + field + " " + Transport.oneLine(text));
        }
        return text;
    }

    private static boolean bool(JsonNode node, String field) throws Unknown {
        JsonNode value = member(node, field);
        if (!value.isBoolean()) {
            throw new Unknown("a " + field + " that is neither true nor false");
        }
        return value.booleanValue();
    }
}
