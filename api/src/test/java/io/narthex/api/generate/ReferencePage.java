package io.narthex.api.generate;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.api.v1alpha1.PortRef;
import io.narthex.api.v1alpha1.RawObject;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One kind's page of reference: every field of every type in it, in the order in which a reader meets the types. */
final class ReferencePage {
    private final Javadocs docs;
    private final Crds.Kind kind;
    private final JsonNode schema;
    private final Map<Class<?>, JsonNode> records = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();

    ReferencePage(Javadocs docs, Crds.Kind kind, JsonNode crd) {
        this.docs = docs;
        this.kind = kind;
        this.schema = crd.at("/spec/versions/0/schema/openAPIV3Schema");
        collect(kind.spec(), schema.at("/properties/spec"));
        collect(kind.status(), schema.at("/properties/status"));
    }

    String text() {
        line("<!-- Made from the types in api/ by: make crds -->");
        line("# " + kind.name());
        line("");
        line(escape(schema.get("description").textValue()));
        line("");
        line("```yaml");
        line("apiVersion: " + ApiGroup.API_VERSION);
        line("kind: " + kind.name());
        line("metadata:");
        line("  name: example");
        line("spec: ...    # " + kind.spec().getSimpleName());
        line("```");
        line("");
        line(
                "Durations are written as Prometheus writes them, such as `15s`, `1h30m` or `200h`. Where a field names a");
        line(
                "release of Prometheus, older ones lack it: the field is then left out, and a diagnostic says so. Every list,");
        line("map and string has a maximum, named here where it is not " + SchemaPolisher.MAX_ITEMS + " elements, "
                + SchemaPolisher.MAX_ENTRIES + " entries and " + SchemaPolisher.MAX_STRING + " characters.");
        rules(schema);
        records.forEach(this::type);
        return text.toString();
    }

    private void collect(Class<?> type, JsonNode node) {
        List<Runnable> children = new ArrayList<>();
        records.put(type, node);
        for (RecordComponent component : type.getRecordComponents()) {
            JsonNode property = node.path("properties").path(SchemaPolisher.jsonName(component));
            Type generic = component.getGenericType();
            if (generic instanceof ParameterizedType parameterized) {
                Type[] arguments = parameterized.getActualTypeArguments();
                generic = arguments[arguments.length - 1];
                property = property.has("items") ? property.get("items") : property.path("additionalProperties");
            }
            if (generic instanceof Class<?> child && isOurs(child)) {
                JsonNode childNode = property;
                children.add(() -> {
                    if (!records.containsKey(child)) {
                        collect(child, childNode);
                    }
                });
            }
        }
        children.forEach(Runnable::run);
    }

    private static boolean isOurs(Class<?> type) {
        return type.isRecord() && type != PortRef.class && type != RawObject.class;
    }

    private void type(Class<?> type, JsonNode node) {
        line("");
        line("## " + type.getSimpleName());
        line("");
        line(escape(docs.of(type).text()));
        rules(node);
        line("");
        line("| Field | Type | Description |");
        line("|---|---|---|");
        Set<String> required = new HashSet<>();
        node.path("required").forEach(name -> required.add(name.textValue()));
        List<Class<?>> enums = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = SchemaPolisher.jsonName(component);
            JsonNode property = node.path("properties").path(name);
            StringBuilder description = new StringBuilder(docs.of(type, component.getName()));
            if (property.has("default")) {
                description
                        .append(" Default: `")
                        .append(property.get("default").asText())
                        .append("`.");
            }
            line("| `" + name + "`" + (required.contains(name) ? " (required)" : "") + " | "
                    + typeName(component.getGenericType(), property) + " | " + cell(description + allowed(property))
                    + " |");
            enums.addAll(enumsOf(component.getGenericType()));
        }
        for (Class<?> values : enums.stream().distinct().toList()) {
            line("");
            line("`" + values.getSimpleName() + "`: " + escape(docs.of(values).text()));
            line("");
            for (Object constant : values.getEnumConstants()) {
                line("- `" + constant + "`: " + escape(docs.of(values, ((Enum<?>) constant).name())));
            }
        }
    }

    private void rules(JsonNode node) {
        List<String> messages = new ArrayList<>();
        node.path("x-kubernetes-validations")
                .forEach(rule -> messages.add(rule.get("message").textValue()));
        if (!messages.isEmpty()) {
            line("");
            messages.forEach(message -> line("- Rule: " + message + "."));
        }
    }

    private static List<Class<?>> enumsOf(Type type) {
        if (type instanceof Class<?> simple) {
            return simple.isEnum() ? List.of(simple) : List.of();
        }
        List<Class<?>> found = new ArrayList<>();
        for (Type argument : ((ParameterizedType) type).getActualTypeArguments()) {
            found.addAll(enumsOf(argument));
        }
        return found;
    }

    private static String typeName(Type type, JsonNode property) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                String of = "list of " + typeName(arguments[0], property.path("items"));
                JsonNode keys = property.path("x-kubernetes-list-map-keys");
                if (!keys.isMissingNode()) {
                    List<String> names = new ArrayList<>();
                    keys.forEach(key -> names.add("`" + key.textValue() + "`"));
                    return of + ", by " + String.join(" and ", names);
                }
                return of;
            }
            return "map of " + typeName(arguments[1], property.path("additionalProperties"));
        }
        Class<?> simple = (Class<?>) type;
        if (simple == PortRef.class) {
            return "port number or name";
        }
        if (simple == RawObject.class) {
            return "any object";
        }
        if (simple.isRecord()) {
            return "[" + simple.getSimpleName() + "](#" + simple.getSimpleName().toLowerCase(Locale.ROOT) + ")";
        }
        return simple.isEnum() ? simple.getSimpleName() : property.path("type").textValue();
    }

    private static String allowed(JsonNode property) {
        List<String> parts = new ArrayList<>();
        JsonNode leaf = property.has("items") ? property.get("items") : property;
        leaf = leaf.has("additionalProperties") ? leaf.get("additionalProperties") : leaf;
        if (leaf.has("pattern")) {
            parts.add("pattern `" + leaf.get("pattern").textValue() + "`");
        }
        range(parts, leaf, "minimum", "maximum", "");
        range(parts, leaf, "minLength", "maxLength", " characters");
        range(parts, property, "minItems", "maxItems", " elements");
        range(parts, property, "minProperties", "maxProperties", " entries");
        return parts.isEmpty() ? "" : " Allowed: " + String.join(", ", parts) + ".";
    }

    private static void range(List<String> parts, JsonNode node, String min, String max, String unit) {
        String highest = node.has(max) ? node.get(max).asText() : "";
        boolean usual = switch (max) {
            case "maxLength" -> node.path(max).asInt() == SchemaPolisher.MAX_STRING;
            case "maxItems" -> node.path(max).asInt() == SchemaPolisher.MAX_ITEMS;
            case "maxProperties" -> node.path(max).asInt() == SchemaPolisher.MAX_ENTRIES;
            default -> false;
        };
        if (node.has(min)) {
            String lowest = node.path("exclusiveMinimum").asBoolean() ? "above " : "";
            parts.add(lowest + node.get(min).asText() + (highest.isEmpty() ? " or more" : " to " + highest) + unit);
        } else if (!highest.isEmpty() && !usual) {
            parts.add("at most " + highest + unit);
        }
    }

    private static String cell(String value) {
        return escape(value).replace("|", "\\|");
    }

    /** Outside of code, angle brackets would be taken for HTML. */
    private static String escape(String value) {
        String[] parts = value.split("`", -1);
        for (int i = 0; i < parts.length; i += 2) {
            parts[i] = parts[i].replace("<", "&lt;");
        }
        return String.join("`", parts);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
