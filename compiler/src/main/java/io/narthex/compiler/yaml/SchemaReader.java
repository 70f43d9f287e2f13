package io.narthex.compiler.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the schemas out of a {@code CustomResourceDefinition}. The definitions are our own, so a flaw is a bug. */
final class SchemaReader {

    /** What says nothing about the values allowed, or what {@link #type} reads. */
    private static final Set<String> HARMLESS = Set.of(
            "description",
            "title",
            "example",
            "externalDocs",
            "anyOf",
            "x-kubernetes-map-type",
            "x-kubernetes-embedded-resource");

    private static final BigDecimal INT32_LEAST = BigDecimal.valueOf(Integer.MIN_VALUE);
    private static final BigDecimal INT32_MOST = BigDecimal.valueOf(Integer.MAX_VALUE);
    private static final BigDecimal INT64_LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal INT64_MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private SchemaReader() {}

    /** Returns the schema of the whole resource in the version {@code version} of this definition. */
    static Schema read(String name, byte[] definition, String version) {
        YamlNode root = parse(name, definition);
        YamlNode versions = get(get(root, "spec"), "versions");
        for (YamlNode candidate : ((YamlNode.Sequence) require(versions, name)).items()) {
            if (text(get(candidate, "name")).equals(version)) {
                return schema((YamlNode.Mapping) require(get(get(candidate, "schema"), "openAPIV3Schema"), name), "");
            }
        }
        throw new IllegalStateException(name + " has no version " + version);
    }

    private static YamlNode parse(String name, byte[] definition) {
        Problems problems = new Problems(name);
        SourceText source = SourceText.of(definition, problems);
        YamlNode root = null;
        if (source != null) {
            for (DocumentText document : DocumentText.split(source)) {
                root = new TreeBuilder(source, document, problems, new TreeBuilder.AliasBudget(), new HashMap<>())
                        .build();
            }
        }
        if (problems.errors() > 0) {
            throw new IllegalStateException(name + ": " + problems.all());
        }
        return require(root, name);
    }

    private static Schema schema(YamlNode.Mapping node, String path) {
        Map<String, Schema> properties = new LinkedHashMap<>();
        Set<String> required = new TreeSet<>();
        List<JsonNode> allowed = new ArrayList<>();
        List<String> listKeys = new ArrayList<>();
        List<Schema.Rule> rules = new ArrayList<>();
        Schema additional = null;
        Schema items = null;
        TextPattern pattern = null;
        JsonNode defaultValue = null;
        Schema.ListType listType = Schema.ListType.ATOMIC;
        int minLength = 0;
        int maxLength = Integer.MAX_VALUE;
        int minCount = 0;
        int maxCount = Integer.MAX_VALUE;
        BigDecimal minimum = null;
        BigDecimal maximum = null;
        boolean aboveMinimum = false;
        boolean belowMaximum = false;
        boolean nullable = false;
        boolean open = false;
        for (YamlNode.Entry entry : node.entries()) {
            YamlNode value = entry.value();
            switch (entry.key()) {
                case "type", "x-kubernetes-int-or-string" -> {}
                case "nullable" -> nullable = flag(value);
                case "x-kubernetes-preserve-unknown-fields" -> open = flag(value);
                case "properties" -> {
                    for (YamlNode.Entry property : ((YamlNode.Mapping) value).entries()) {
                        properties.put(
                                property.key(),
                                schema(
                                        (YamlNode.Mapping) property.value(),
                                        path.isEmpty() ? property.key() : path + "." + property.key()));
                    }
                }
                case "required" -> required.addAll(texts(value));
                case "additionalProperties" -> {
                    if (value instanceof YamlNode.Mapping mapping) {
                        additional = schema(mapping, path + "[]");
                    } else {
                        open = open || flag(value);
                    }
                }
                case "items" -> items = schema((YamlNode.Mapping) value, path + "[]");
                case "enum" -> ((YamlNode.Sequence) value).items().forEach(item -> allowed.add(JsonTree.of(item)));
                case "pattern" -> pattern = new TextPattern(text(value));
                case "minLength" -> minLength = number(value).intValueExact();
                case "maxLength" -> maxLength = number(value).intValueExact();
                case "minItems", "minProperties" -> minCount = number(value).intValueExact();
                case "maxItems", "maxProperties" -> maxCount = number(value).intValueExact();
                case "minimum" -> minimum = number(value);
                case "maximum" -> maximum = number(value);
                case "exclusiveMinimum" -> aboveMinimum = flag(value);
                case "exclusiveMaximum" -> belowMaximum = flag(value);
                case "format" -> {
                    switch (text(value)) {
                        case "int32" -> {
                            minimum = minimum == null ? INT32_LEAST : minimum;
                            maximum = maximum == null ? INT32_MOST : maximum;
                        }
                        case "int64" -> {
                            minimum = minimum == null ? INT64_LEAST : minimum;
                            maximum = maximum == null ? INT64_MOST : maximum;
                        }
                        // A double holds whatever a number in YAML is.
                        case "double", "date-time" -> {}
                        default -> throw unsupported(path, "format " + text(value));
                    }
                }
                case "default" -> defaultValue = JsonTree.of(value);
                case "x-kubernetes-list-type" ->
                    listType = switch (text(value)) {
                        case "map" -> Schema.ListType.MAP;
                        case "set" -> Schema.ListType.SET;
                        default -> Schema.ListType.ATOMIC;
                    };
                case "x-kubernetes-list-map-keys" -> listKeys.addAll(texts(value));
                case "x-kubernetes-validations" -> {
                    for (YamlNode rule : ((YamlNode.Sequence) value).items()) {
                        rules.add(new Schema.Rule(path, text(get(rule, "rule")), text(get(rule, "message"))));
                    }
                }
                default -> {
                    if (!HARMLESS.contains(entry.key())) {
                        throw unsupported(path, entry.key());
                    }
                }
            }
        }
        boolean ranged = minimum != null || maximum != null;
        return new Schema(
                type(node, path),
                nullable,
                open,
                Collections.unmodifiableMap(properties),
                Collections.unmodifiableSet(required),
                additional,
                items,
                List.copyOf(allowed),
                pattern,
                new Schema.Bounds(minLength, maxLength),
                new Schema.Bounds(minCount, maxCount),
                ranged ? new Schema.Range(minimum, aboveMinimum, maximum, belowMaximum) : null,
                listType,
                List.copyOf(listKeys),
                defaultValue,
                List.copyOf(rules));
    }

    private static Schema.Type type(YamlNode.Mapping node, String path) {
        if (flag(node.get("x-kubernetes-int-or-string"))) {
            return Schema.Type.INT_OR_STRING;
        }
        if (node.get("anyOf") != null) {
            throw unsupported(path, "anyOf");
        }
        YamlNode type = node.get("type");
        if (type == null) {
            return Schema.Type.ANY;
        }
        return switch (text(type)) {
            case "object" -> Schema.Type.OBJECT;
            case "array" -> Schema.Type.ARRAY;
            case "string" -> Schema.Type.STRING;
            case "integer" -> Schema.Type.INTEGER;
            case "number" -> Schema.Type.NUMBER;
            case "boolean" -> Schema.Type.BOOLEAN;
            default -> throw unsupported(path, "type " + text(type));
        };
    }

    private static @Nullable YamlNode get(@Nullable YamlNode node, String key) {
        return node instanceof YamlNode.Mapping mapping ? mapping.get(key) : null;
    }

    private static <T> T require(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalStateException(name + " is no CustomResourceDefinition");
        }
        return value;
    }

    private static boolean flag(@Nullable YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.value().equals(new ScalarValue.Bool(true));
    }

    private static String text(@Nullable YamlNode node) {
        return node instanceof YamlNode.Scalar scalar ? scalar.text() : "";
    }

    private static List<String> texts(YamlNode node) {
        return ((YamlNode.Sequence) node)
                .items().stream().map(SchemaReader::text).toList();
    }

    private static BigDecimal number(YamlNode node) {
        return switch (((YamlNode.Scalar) node).value()) {
            case ScalarValue.Int(BigInteger value) -> new BigDecimal(value);
            case ScalarValue.Decimal(double value) -> BigDecimal.valueOf(value);
            default -> throw new IllegalStateException("no number: " + text(node));
        };
    }

    private static IllegalStateException unsupported(String path, String what) {
        return new IllegalStateException("the reader doesn't know " + what + " at " + path);
    }
}
