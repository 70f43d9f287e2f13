package io.narthex.api.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds what a new schema refuses, drops or understands otherwise of what an old one took: every object that was valid
 * must stay valid, and mean the same. Where that can't be told, as with a changed pattern, it counts as a violation.
 */
final class SchemaCompatibility {
    private static final List<String> UPPER = List.of("maximum", "maxLength", "maxItems", "maxProperties");
    private static final List<String> LOWER = List.of("minimum", "minLength", "minItems", "minProperties");

    private final List<String> violations = new ArrayList<>();

    private SchemaCompatibility() {}

    /** The violations between two versions of a CRD, none for a compatible one. */
    static List<String> ofCrds(JsonNode before, JsonNode after) {
        SchemaCompatibility check = new SchemaCompatibility();
        for (String pointer : List.of("/spec/group", "/spec/scope", "/spec/names/kind", "/spec/names/plural")) {
            if (!before.at(pointer).equals(after.at(pointer))) {
                check.violations.add(pointer + " changed from " + before.at(pointer) + " to " + after.at(pointer));
            }
        }
        Set<String> shortNames = texts(after.at("/spec/names/shortNames"));
        for (String name : texts(before.at("/spec/names/shortNames"))) {
            if (!shortNames.contains(name)) {
                check.violations.add("the short name " + name + " is gone");
            }
        }
        for (JsonNode version : before.at("/spec/versions")) {
            String name = version.get("name").textValue();
            JsonNode successor = MissingNode.getInstance();
            for (JsonNode candidate : after.at("/spec/versions")) {
                if (candidate.get("name").textValue().equals(name)) {
                    successor = candidate;
                }
            }
            boolean hidden = version.path("served").asBoolean()
                    && !successor.path("served").asBoolean();
            if (successor.isMissingNode() || hidden) {
                check.violations.add("the version " + name + " is gone");
                continue;
            }
            version.path("subresources").fieldNames().forEachRemaining(check.requireSubresource(successor));
            check.schemas("", version.at("/schema/openAPIV3Schema"), successor.at("/schema/openAPIV3Schema"));
        }
        return check.violations;
    }

    /** The violations between two versions of a schema, none for a compatible one. */
    static List<String> ofSchemas(JsonNode before, JsonNode after) {
        SchemaCompatibility check = new SchemaCompatibility();
        check.schemas("", before, after);
        return check.violations;
    }

    private Consumer<String> requireSubresource(JsonNode version) {
        return name -> {
            if (!version.path("subresources").has(name)) {
                violations.add("the subresource " + name + " is gone");
            }
        };
    }

    private void schemas(String path, JsonNode before, JsonNode after) {
        type(path, before, after);
        bounds(path, before, after);
        allowedValues(path, before, after);
        meaning(path, before, after);
        rules(path, before, after);
        fields(path, before, after);
        inner(path + "[]", "items", before, after);
        inner(path + "{}", "additionalProperties", before, after);
    }

    private void inner(String path, String keyword, JsonNode before, JsonNode after) {
        if (before.has(keyword)) {
            if (after.has(keyword)) {
                schemas(path, before.get(keyword), after.get(keyword));
            } else if (!preserves(after)) {
                report(path, keyword + " is gone");
            }
        }
    }

    private void type(String path, JsonNode before, JsonNode after) {
        String was = typeOf(before);
        String is = typeOf(after);
        boolean widened = (is.equals("integer or string") && (was.equals("integer") || was.equals("string")))
                || (is.equals("number") && was.equals("integer"));
        if (!was.equals(is) && !widened) {
            report(path, "the type changed from " + was + " to " + is);
        }
        if (before.path("nullable").asBoolean() && !after.path("nullable").asBoolean()) {
            report(path, "null is no longer allowed");
        }
        if (preserves(before) && !preserves(after)) {
            report(path, "unknown fields are no longer kept");
        }
    }

    private static String typeOf(JsonNode schema) {
        return schema.path("x-kubernetes-int-or-string").asBoolean()
                ? "integer or string"
                : schema.path("type").asText("any");
    }

    private static boolean preserves(JsonNode schema) {
        return schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    }

    private void bounds(String path, JsonNode before, JsonNode after) {
        for (String keyword : UPPER) {
            if (after.has(keyword)
                    && (!before.has(keyword)
                            || after.get(keyword)
                                            .decimalValue()
                                            .compareTo(before.get(keyword).decimalValue())
                                    < 0)) {
                report(path, keyword + " narrowed from " + before.path(keyword) + " to " + after.get(keyword));
            }
        }
        for (String keyword : LOWER) {
            if (after.has(keyword)
                    && (!before.has(keyword)
                            || after.get(keyword)
                                            .decimalValue()
                                            .compareTo(before.get(keyword).decimalValue())
                                    > 0)) {
                report(path, keyword + " narrowed from " + before.path(keyword) + " to " + after.get(keyword));
            }
        }
        for (String keyword : List.of("exclusiveMinimum", "exclusiveMaximum")) {
            if (after.path(keyword).asBoolean() && !before.path(keyword).asBoolean()) {
                report(path, keyword + " was added");
            }
        }
    }

    private void allowedValues(String path, JsonNode before, JsonNode after) {
        for (String keyword : List.of("pattern", "format")) {
            if (after.has(keyword) && !after.get(keyword).equals(before.path(keyword))) {
                report(path, keyword + " changed from " + before.path(keyword) + " to " + after.get(keyword));
            }
        }
        if (after.has("enum")) {
            if (!before.has("enum")) {
                report(path, "only certain values are still allowed");
            }
            Set<String> values = texts(after.get("enum"));
            for (String value : texts(before.path("enum"))) {
                if (!values.contains(value)) {
                    report(path, "the value " + value + " is gone");
                }
            }
        }
    }

    private void meaning(String path, JsonNode before, JsonNode after) {
        if (!before.path("default").equals(after.path("default"))) {
            report(path, "the default changed from " + before.path("default") + " to " + after.path("default"));
        }
        for (String keyword :
                List.of("x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type")) {
            if (!before.path(keyword).equals(after.path(keyword))) {
                report(path, keyword + " changed from " + before.path(keyword) + " to " + after.path(keyword));
            }
        }
    }

    private void rules(String path, JsonNode before, JsonNode after) {
        Set<String> known = new LinkedHashSet<>();
        before.path("x-kubernetes-validations")
                .forEach(rule -> known.add(rule.get("rule").textValue()));
        for (JsonNode rule : after.path("x-kubernetes-validations")) {
            if (!known.contains(rule.get("rule").textValue())) {
                report(path, "a rule was added: " + rule.get("rule").textValue());
            }
        }
    }

    private void fields(String path, JsonNode before, JsonNode after) {
        before.path("properties").properties().forEach(field -> {
            String inner = path + "." + field.getKey();
            if (after.path("properties").has(field.getKey())) {
                schemas(inner, field.getValue(), after.get("properties").get(field.getKey()));
            } else {
                report(inner, "the field is gone");
            }
        });
        Set<String> required = texts(before.path("required"));
        for (String name : texts(after.path("required"))) {
            if (!required.contains(name) && !after.path("properties").path(name).has("default")) {
                report(path + "." + name, "the field is required now");
            }
        }
    }

    private void report(String path, String what) {
        violations.add((path.isEmpty() ? "." : path) + ": " + what);
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        array.forEach(value -> texts.add(value.asText()));
        return texts;
    }
}
