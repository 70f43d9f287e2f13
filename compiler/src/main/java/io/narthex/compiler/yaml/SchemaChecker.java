package io.narthex.compiler.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds a value against its schema, as the API server would: the same values pass, the same defaults are filled in,
 * but every mistake is told apart and explained.
 */
final class SchemaChecker {

    private final Schema root;
    private final String kind;
    private final RuleTwins twins;
    private final Problems problems;

    /**
     * Prepares the checking of one resource.
     *
     * @param root the schema of the whole resource, in which misplaced fields are looked for
     * @param kind the resource's kind
     */
    SchemaChecker(Schema root, String kind, RuleTwins twins, Problems problems) {
        this.root = root;
        this.kind = kind;
        this.twins = twins;
        this.problems = problems;
    }

    /**
     * Checks {@code node} and returns it as JSON, defaults filled in. Where a problem was reported the result is only
     * good for further checks.
     *
     * @param span where to report what is missing: the key, or the value where it has none
     */
    JsonNode check(YamlNode node, Schema schema, Place place, Span span) {
        int before = problems.errors();
        JsonNode value = switch (node) {
            case YamlNode.Mapping mapping -> mapping(mapping, schema, place, span);
            case YamlNode.Sequence list -> list(list, schema, place);
            case YamlNode.Scalar scalar -> scalar(scalar, schema, place);
        };
        if (problems.errors() == before) {
            checkRules(node, value, schema, place, span);
        }
        return value;
    }

    private JsonNode mapping(YamlNode.Mapping mapping, Schema schema, Place place, Span span) {
        if (schema.type() == Schema.Type.ANY) {
            return JsonTree.of(mapping);
        }
        if (schema.type() != Schema.Type.OBJECT) {
            wrongType(mapping, schema, place);
            return JsonTree.NODES.nullNode();
        }
        ObjectNode object = JsonTree.NODES.objectNode();
        for (YamlNode.Entry entry : mapping.entries()) {
            Schema field = schema.properties().get(entry.key());
            if (field == null) {
                field = schema.additional();
            }
            if (field == null) {
                if (schema.open()) {
                    object.set(entry.key(), JsonTree.of(entry.value()));
                } else {
                    unknownField(entry, schema.properties().keySet(), place.field(entry.key()));
                }
                continue;
            }
            Place below = place.field(entry.key());
            if (isNull(entry.value()) && !field.nullable() && field.type() != Schema.Type.ANY) {
                // The API server drops such fields, then fills in defaults.
                boolean needed = schema.required().contains(entry.key()) && field.defaultValue() == null;
                problems.add(
                        needed ? DiagnosticCode.FIELD_MISSING : DiagnosticCode.VALUE_ABSENT,
                        below.path(),
                        entry.keySpan(),
                        Shown.plain(entry.key()) + " has no value" + (needed ? "" : " and counts as not set"),
                        field.type().words(),
                        needed ? "give it a value" : "give it a value, or delete the line");
                continue;
            }
            Span keySpan =
                    isBlock(entry.value()) ? entry.keySpan() : entry.value().span();
            JsonNode value = check(entry.value(), field, below, keySpan);
            object.set(entry.key(), value);
        }
        fillIn(object, schema);
        for (String name : schema.required()) {
            if (!object.has(name) && mapping.entry(name) == null) {
                problems.add(
                        DiagnosticCode.FIELD_MISSING,
                        place.path(),
                        span,
                        Shown.plain(name) + " is missing",
                        "",
                        "add " + Shown.plain(name) + example(schema.properties().get(name)));
            }
        }
        if (!schema.count().admit(mapping.entries().size())) {
            problems.add(
                    DiagnosticCode.COUNT_OUT_OF_RANGE,
                    place.path(),
                    span,
                    entries(mapping.entries().size(), "entry", "entries"),
                    schema.count().words(),
                    "");
        }
        return object;
    }

    private static String example(@Nullable Schema schema) {
        return schema == null || schema.type() == Schema.Type.ANY
                ? ""
                : ": " + schema.type().words();
    }

    /** Fills in the defaults of fields that aren't there, and those inside the defaults. */
    private static void fillIn(ObjectNode object, Schema schema) {
        schema.properties().forEach((name, field) -> {
            JsonNode value = field.defaultValue();
            if (value != null && !object.has(name)) {
                JsonNode copy = value.deepCopy();
                object.set(name, copy);
                if (copy instanceof ObjectNode inner) {
                    fillIn(inner, field);
                }
            }
        });
    }

    /** Reports a field of the resource itself that isn't among the {@code known}. */
    void reportUnknown(YamlNode.Entry entry, Set<String> known) {
        unknownField(entry, known, Place.ROOT.field(entry.key()));
    }

    private void unknownField(YamlNode.Entry entry, Set<String> known, Place place) {
        String name = entry.key();
        Optional<String> near = Nearest.of(name, known);
        Optional<String> elsewhere = near.isPresent() ? Optional.empty() : find(name);
        String allowed = known.isEmpty()
                ? "no fields"
                : known.size() <= 8 ? known.stream().sorted().collect(Collectors.joining(", ")) : "";
        String remedy;
        if (name.codePoints().anyMatch(Shown::hidden)) {
            remedy = "type the name anew: it holds a character that can't be seen";
        } else if (near.isPresent()) {
            remedy = "did you mean " + near.get() + "?";
        } else if (elsewhere.isPresent()) {
            remedy = name + " belongs at " + elsewhere.get();
        } else {
            remedy = "delete it, or see: narthex explain " + explained(place);
        }
        if (Place.isCredential(name) && entry.value() instanceof YamlNode.Scalar) {
            inlineCredential(entry.keySpan(), place, Shown.plain(name) + " is no field here");
            return;
        }
        problems.add(
                DiagnosticCode.FIELD_UNKNOWN,
                place.path(),
                entry.keySpan(),
                "unknown field " + Shown.plain(name),
                allowed,
                remedy);
    }

    /** Returns what {@code narthex explain} is asked about the mapping around {@code place}. */
    private String explained(Place place) {
        StringBuilder path = new StringBuilder(kind);
        for (var step : place.path().parent().steps()) {
            if (step instanceof FieldPath.Field(String name)) {
                path.append('.').append(name);
            }
        }
        return path.toString();
    }

    /** Returns where a field of this very name is known, nearest to the root; empty where nowhere. */
    private Optional<String> find(String name) {
        record At(String path, Schema schema) {}
        List<At> level = List.of(new At("", root));
        while (!level.isEmpty()) {
            List<At> next = new ArrayList<>();
            for (At at : level) {
                for (Map.Entry<String, Schema> property :
                        new TreeMap<>(at.schema().properties()).entrySet()) {
                    String field = property.getKey();
                    if (at.path().isEmpty() && !field.equals("spec")) {
                        continue;
                    }
                    String path = at.path().isEmpty() ? field : at.path() + "." + field;
                    if (field.equals(name)) {
                        return Optional.of(path);
                    }
                    next.add(new At(path, property.getValue()));
                }
                if (at.schema().items() != null) {
                    next.add(new At(at.path() + "[]", at.schema().items()));
                }
            }
            level = next;
        }
        return Optional.empty();
    }

    private JsonNode list(YamlNode.Sequence list, Schema schema, Place place) {
        if (schema.type() == Schema.Type.ANY) {
            return JsonTree.of(list);
        }
        if (schema.type() != Schema.Type.ARRAY) {
            wrongType(list, schema, place);
            return JsonTree.NODES.nullNode();
        }
        if (!schema.count().admit(list.items().size())) {
            problems.add(
                    DiagnosticCode.COUNT_OUT_OF_RANGE,
                    place.path(),
                    list.span(),
                    entries(list.items().size(), "element", "elements"),
                    schema.count().words(),
                    "");
        }
        ArrayNode array = JsonTree.NODES.arrayNode(list.items().size());
        Schema element = schema.items();
        Map<String, Integer> firsts = new HashMap<>();
        int index = 0;
        for (YamlNode item : list.items()) {
            String label = schema.listType() == Schema.ListType.MAP ? label(item, schema) : "";
            Place below = place.index(index, label);
            int before = problems.errors();
            JsonNode value = element == null ? JsonTree.of(item) : check(item, element, below, start(item));
            array.add(value);
            if (schema.listType() != Schema.ListType.ATOMIC && problems.errors() == before) {
                reportDuplicate(item, value, schema, below, firsts, index, list);
            }
            index++;
        }
        return array;
    }

    private void reportDuplicate(
            YamlNode item,
            JsonNode value,
            Schema schema,
            Place place,
            Map<String, Integer> firsts,
            int index,
            YamlNode.Sequence list) {
        List<String> keys = schema.listKeys();
        String identity = keys.isEmpty()
                ? value.toString()
                : keys.stream().map(key -> String.valueOf(value.get(key))).collect(Collectors.joining(","));
        Integer first = firsts.putIfAbsent(identity, index);
        if (first == null) {
            return;
        }
        Span span = start(item);
        if (!keys.isEmpty() && item instanceof YamlNode.Mapping mapping) {
            YamlNode key = mapping.get(keys.getFirst());
            span = key == null ? span : key.span();
        }
        String name = keys.isEmpty() ? "the value" : String.join(" and ", keys);
        problems.add(
                DiagnosticCode.ENTRY_DUPLICATE,
                place.path(),
                span,
                name + " " + Shown.plain(identity.replace("\"", "")) + " appears twice; first in line "
                        + start(list.items().get(first)).line(),
                "each once in the list",
                "delete or rename one of the two");
    }

    private static String label(YamlNode item, Schema schema) {
        List<String> label = new ArrayList<>();
        for (String key : schema.listKeys()) {
            YamlNode value = item instanceof YamlNode.Mapping mapping ? mapping.get(key) : null;
            if (value instanceof YamlNode.Scalar scalar && !isNull(scalar)) {
                label.add(Shown.plain(scalar.text()));
            } else {
                Schema field = schema.items() == null
                        ? null
                        : schema.items().properties().get(key);
                JsonNode byDefault = field == null ? null : field.defaultValue();
                if (byDefault == null) {
                    return "";
                }
                label.add(byDefault.asText());
            }
        }
        return String.join(",", label);
    }

    private JsonNode scalar(YamlNode.Scalar scalar, Schema schema, Place place) {
        JsonNode json = JsonTree.of(scalar.value());
        switch (scalar.value()) {
            case ScalarValue.Null ignored
            when schema.nullable() || schema.type() == Schema.Type.ANY -> {
                return json;
            }
            case ScalarValue.Text(String text) when takesText(schema) -> checkText(text, scalar, schema, place);
            case ScalarValue.Bool ignored when schema.type() == Schema.Type.BOOLEAN -> {}
            case ScalarValue.Int(BigInteger number)
            when takesNumber(schema) -> checkNumber(new BigDecimal(number), scalar, schema, place);
            case ScalarValue.Decimal(double number)
            when schema.type() == Schema.Type.NUMBER && Double.isFinite(number) ->
                checkNumber(BigDecimal.valueOf(number), scalar, schema, place);
            default -> {
                if (schema.type() != Schema.Type.ANY) {
                    wrongType(scalar, schema, place);
                    return json;
                }
            }
        }
        checkAllowed(json, scalar, schema, place);
        return json;
    }

    private static boolean takesText(Schema schema) {
        return schema.type() == Schema.Type.STRING || schema.type() == Schema.Type.INT_OR_STRING;
    }

    private static boolean takesNumber(Schema schema) {
        return schema.type() == Schema.Type.INTEGER
                || schema.type() == Schema.Type.NUMBER
                || schema.type() == Schema.Type.INT_OR_STRING;
    }

    private void checkText(String text, YamlNode.Scalar scalar, Schema schema, Place place) {
        int length = text.codePointCount(0, text.length());
        if (!schema.text().admit(length)) {
            problems.add(
                    DiagnosticCode.TEXT_LENGTH,
                    place.path(),
                    scalar.span(),
                    length == 0 ? "the text is empty" : "the text has " + entries(length, "character", "characters"),
                    schema.text().words() + " characters",
                    "");
        } else if (schema.pattern() != null && !schema.pattern().admits(text)) {
            Patterns.Words words = Patterns.words(schema.pattern().expression());
            problems.add(
                    DiagnosticCode.TEXT_FORM,
                    place.path(),
                    scalar.span(),
                    (place.isCredential() ? "the text" : Shown.quoted(text)) + " is not " + words.name(),
                    words.allowed(),
                    words.remedy());
        }
    }

    private void checkNumber(BigDecimal number, YamlNode.Scalar scalar, Schema schema, Place place) {
        if (schema.range() != null && !schema.range().admit(number)) {
            problems.add(
                    DiagnosticCode.NUMBER_OUT_OF_RANGE,
                    place.path(),
                    scalar.span(),
                    Shown.plain(scalar.text()) + " is out of range",
                    schema.range().words(),
                    "");
        }
    }

    private void checkAllowed(JsonNode json, YamlNode.Scalar scalar, Schema schema, Place place) {
        if (schema.allowed().isEmpty() || schema.allowed().contains(json)) {
            return;
        }
        List<String> allowed = schema.allowed().stream().map(JsonNode::asText).toList();
        problems.add(
                DiagnosticCode.VALUE_NOT_ALLOWED,
                place.path(),
                scalar.span(),
                (place.isCredential() ? "the value" : Shown.quoted(scalar.text())) + " is not allowed here",
                String.join(", ", allowed),
                Nearest.of(scalar.text(), allowed)
                        .map(near -> "did you mean " + near + "?")
                        .orElse(""));
    }

    /** Reports a value of another type than the schema's. */
    private void wrongType(YamlNode node, Schema schema, Place place) {
        Span span = start(node);
        if (node instanceof YamlNode.Scalar scalar && !isNull(scalar)) {
            wrongScalar(scalar, schema, place);
            return;
        }
        String found = switch (node) {
            case YamlNode.Mapping ignored -> "a mapping";
            case YamlNode.Sequence ignored -> "a list";
            case YamlNode.Scalar ignored -> "nothing";
        };
        String remedy = switch (schema.type()) {
            case ARRAY -> node instanceof YamlNode.Mapping ? "put \"- \" before its first key and indent the rest" : "";
            case STRING, INT_OR_STRING ->
                node instanceof YamlNode.Scalar ? "write a value, or \"\" for an empty text" : "";
            default -> "";
        };
        problems.add(
                DiagnosticCode.TYPE_WRONG,
                place.path(),
                span,
                "found " + found + " instead of " + schema.type().words(),
                schema.type().words(),
                remedy);
    }

    private void wrongScalar(YamlNode.Scalar scalar, Schema schema, Place place) {
        String text = scalar.text();
        if (takesText(schema)) {
            wrongText(scalar, schema, place);
            return;
        }
        if (schema.type() == Schema.Type.OBJECT
                && (place.isCredential() || schema.properties().containsKey("secretRef"))) {
            inlineCredential(scalar.span(), place, "a value stands here, where only a reference may");
            return;
        }
        boolean isText = scalar.value() instanceof ScalarValue.Text;
        String found = place.isCredential()
                ? scalar.value().words()
                : isText ? "the text " + Shown.quoted(text) : Shown.plain(text);
        String remedy = "";
        if (isText) {
            ScalarValue unquoted = ScalarResolver.resolve(text);
            boolean quotesOnly = !scalar.plain()
                    && (schema.type() == Schema.Type.BOOLEAN
                            ? unquoted instanceof ScalarValue.Bool
                            : unquoted instanceof ScalarValue.Int && takesNumber(schema));
            remedy = quotesOnly ? "leave the quotes out: " + text : "";
        }
        if (schema.type() == Schema.Type.ARRAY && !place.isCredential()) {
            remedy = "write it as a list: [" + Shown.plain(text) + "]";
        }
        problems.add(
                DiagnosticCode.TYPE_WRONG,
                place.path(),
                scalar.span(),
                "found " + found + " instead of " + schema.type().words(),
                schema.type().words(),
                remedy);
    }

    /** Reports a number or a boolean where a text is meant: for want of quotes, or because it wouldn't do anyway. */
    private void wrongText(YamlNode.Scalar scalar, Schema schema, Place place) {
        String text = scalar.text();
        if (!schema.allowed().isEmpty() && !schema.allowed().contains(JsonTree.NODES.textNode(text))) {
            checkAllowed(JsonTree.of(scalar.value()), scalar, schema, place);
            return;
        }
        if (schema.pattern() != null && !schema.pattern().admits(text)) {
            checkText(text, scalar, schema, place);
            return;
        }
        problems.add(
                DiagnosticCode.QUOTES_MISSING,
                place.path(),
                scalar.span(),
                (place.isCredential() ? "the value" : Shown.plain(text)) + " is read as "
                        + scalar.value().words() + " without quotes",
                schema.type().words(),
                place.isCredential() ? "put it in double quotes" : "write " + Shown.quoted(text));
    }

    private void inlineCredential(Span span, Place place, String message) {
        problems.add(
                DiagnosticCode.CREDENTIAL_INLINE,
                place.path(),
                span,
                message + ", and credentials never stand in a resource",
                "secretRef: {name, key}",
                "put it into a secret, in a folder the file .secrets/NAME/KEY, and refer to it by secretRef");
    }

    void checkRules(YamlNode node, JsonNode value, Schema schema, Place place, Span span) {
        for (Schema.Rule rule : schema.rules()) {
            RuleTwins.Twin twin =
                    twins.find(rule).orElseThrow(() -> new IllegalStateException("no twin of the rule " + rule));
            twin.check(value).ifPresent(breach -> {
                Place at = place;
                Span shown = span;
                YamlNode around = node;
                for (String name : breach.field().isEmpty()
                        ? List.<String>of()
                        : List.of(breach.field().split("[.]"))) {
                    at = at.field(name);
                    YamlNode.Entry entry = around instanceof YamlNode.Mapping mapping ? mapping.entry(name) : null;
                    if (entry != null) {
                        around = entry.value();
                        shown = isBlock(around) ? entry.keySpan() : around.span();
                    }
                }
                problems.add(
                        DiagnosticCode.RULE_BROKEN,
                        at.path(),
                        shown,
                        breach.message().isEmpty() ? rule.message() : breach.message(),
                        breach.allowed(),
                        breach.remedy());
            });
        }
    }

    private static boolean isNull(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.value() instanceof ScalarValue.Null;
    }

    static boolean isBlock(YamlNode node) {
        return switch (node) {
            case YamlNode.Mapping mapping -> !mapping.flow();
            case YamlNode.Sequence list -> !list.flow();
            case YamlNode.Scalar ignored -> false;
        };
    }

    /** Returns what to underline of a value as a whole: its first key where it is a block mapping. */
    static Span start(YamlNode node) {
        return node instanceof YamlNode.Mapping mapping
                        && !mapping.flow()
                        && !mapping.entries().isEmpty()
                ? mapping.entries().getFirst().keySpan()
                : node.span();
    }

    private static String entries(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
