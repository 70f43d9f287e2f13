package io.narthex.cli.explain;

import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.cli.terminal.Failure;
import io.narthex.compiler.yaml.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The schema of a kind or of one of its fields, read from the CRD that Kubernetes uses, too.
 *
 * @param path the field as users write it, such as {@code Monitor.spec.endpoints.interval}
 * @param node the OpenAPI schema of the field
 * @param required whether the field must be there
 */
record ResourceSchema(String path, Map<String, Object> node, boolean required) {

    /** Returns the kinds that have a schema. */
    static Set<String> kinds() {
        return ApiKinds.SPECS.keySet();
    }

    /** Returns the kind that {@code text} names in whatever case; empty for none. */
    static Optional<String> kindOf(String text) {
        return kinds().stream().filter(kind -> kind.equalsIgnoreCase(text)).findAny();
    }

    /** Returns the schema of a whole kind, one of {@link #kinds()}. */
    static ResourceSchema of(String kind) {
        String file = "/" + ApiKinds.definition(kind);
        try (InputStream in = ApiGroup.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the class path lacks " + file);
            }
            Object definition = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
            Object versions = map(map(definition).get("spec")).get("versions");
            Object version = versions instanceof List<?> list ? list.getFirst() : null;
            return new ResourceSchema(kind, map(map(map(version).get("schema")).get("openAPIV3Schema")), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the field below this one, by names separated by dots; a first {@code spec} may be left out.
     *
     * @throws Failure where there is no such field, naming the nearest
     */
    ResourceSchema find(List<String> names) {
        ResourceSchema at = this;
        boolean first = true;
        for (String name : names) {
            String plain = name.replaceAll("\\[.*]", "");
            Map<String, ResourceSchema> fields = at.fields();
            ResourceSchema spec = fields.get("spec");
            if (first && !fields.containsKey(plain) && spec != null) {
                at = spec;
                fields = at.fields();
            }
            first = false;
            ResourceSchema next = fields.get(plain);
            if (next == null && at.elements().containsKey("additionalProperties")) {
                // A map's keys are the user's own.
                next = new ResourceSchema(
                        at.path + "." + plain, map(at.elements().get("additionalProperties")), false);
            }
            if (next == null) {
                throw unknown(at.path, plain, fields.keySet());
            }
            at = next;
        }
        return at;
    }

    private static Failure unknown(String path, String name, Set<String> known) {
        return Failure.usage(
                path + " has no field " + name,
                Nearest.of(name, known)
                        .map(near -> "did you mean " + near + "?")
                        .orElse(known.isEmpty() ? "narthex explain " + path : "it has " + String.join(", ", known)));
    }

    /** Returns the fields below this one, of a list those of its elements, in the schema's order. */
    Map<String, ResourceSchema> fields() {
        Map<String, Object> elements = elements();
        Object required = elements.get("required");
        Map<String, ResourceSchema> fields = new LinkedHashMap<>();
        map(elements.get("properties"))
                .forEach((name, schema) -> fields.put(
                        name,
                        new ResourceSchema(
                                path + "." + name,
                                map(schema),
                                required instanceof List<?> list && list.contains(name))));
        return fields;
    }

    /** Returns the schema of the value, for a list that of its elements. */
    private Map<String, Object> elements() {
        return node.containsKey("items") ? map(node.get("items")) : node;
    }

    /** Returns the type in words, such as {@code list of objects}. */
    String type() {
        String type = plainType(node);
        return switch (type) {
            case "array" -> "list of " + plural(plainType(map(node.get("items"))));
            case "object" ->
                node.containsKey("additionalProperties")
                        ? "map of " + plural(plainType(map(node.get("additionalProperties"))))
                        : "object";
            default -> type;
        };
    }

    private static String plural(String type) {
        return type.equals("any value") ? "any values" : type + "s";
    }

    private static String plainType(Map<String, Object> schema) {
        if (Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"))) {
            return "integer or string";
        }
        return schema.get("type") instanceof String type ? type : "any value";
    }

    /** Returns the default as YAML writes it; empty for none. */
    Optional<String> defaultValue() {
        return Optional.ofNullable(node.get("default")).map(String::valueOf);
    }

    /** Returns the description; empty for none. */
    String description() {
        return node.get("description") instanceof String text ? text.strip() : "";
    }

    /** Returns the description's first sentence. */
    String summary() {
        String[] sentences = description().split("(?<=[.:])\\s", 2);
        return sentences[0].replaceAll("\\s+", " ");
    }

    /** Returns what values are allowed, one phrase each. */
    List<String> allowed() {
        List<String> allowed = new ArrayList<>();
        Map<String, Object> value = elements();
        if (value.get("enum") instanceof List<?> constants) {
            allowed.add("one of "
                    + String.join(", ", constants.stream().map(String::valueOf).toList()));
        }
        limit(allowed, value, "minimum", "at least ");
        limit(allowed, value, "maximum", "at most ");
        boolean duration = isDuration(value);
        if (!duration) {
            length(allowed, value);
        }
        limit(allowed, node, "minItems", "at least ", " elements");
        limit(allowed, node, "maxItems", "at most ", " elements");
        limit(allowed, node, "maxProperties", "at most ", " entries");
        if (value.get("format") instanceof String format && !format.startsWith("int")) {
            allowed.add("format " + format);
        }
        if (duration) {
            allowed.add("a duration such as 30s, 1h30m or 15d");
        } else if (value.get("pattern") instanceof String pattern) {
            allowed.add("matching " + pattern);
        }
        if (value.get("x-kubernetes-validations") instanceof List<?> rules) {
            for (Object rule : rules) {
                if (map(rule).get("message") instanceof String message) {
                    allowed.add(message);
                }
            }
        }
        return allowed;
    }

    /** The pattern of Prometheus's durations is known by its end, and better said in words. */
    private static boolean isDuration(Map<String, Object> value) {
        return value.get("pattern") instanceof String pattern && pattern.endsWith("([0-9]+ms)?)$");
    }

    private static void length(List<String> allowed, Map<String, Object> value) {
        if (Integer.valueOf(1).equals(value.get("minLength"))) {
            allowed.add("not empty");
        } else {
            limit(allowed, value, "minLength", "at least ", " characters");
        }
        limit(allowed, value, "maxLength", "at most ", " characters");
    }

    private static void limit(List<String> allowed, Map<String, Object> schema, String key, String before) {
        limit(allowed, schema, key, before, "");
    }

    private static void limit(
            List<String> allowed, Map<String, Object> schema, String key, String before, String after) {
        Object value = schema.get(key);
        if (value != null) {
            allowed.add(before + value + after);
        }
    }

    @SuppressWarnings("unchecked") // keys of JSON objects are strings
    private static Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** Returns {@code text} as the names of fields. */
    static List<String> names(String text) {
        return List.of(text.split("\\.", -1));
    }
}
