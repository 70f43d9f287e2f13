package io.narthex.api.generate;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.DateTime;
import io.narthex.api.schema.MapList;
import io.narthex.api.schema.SetList;
import io.narthex.api.v1alpha1.PortRef;
import io.narthex.api.v1alpha1.RawObject;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

/**
 * Completes a schema from the types it was made of: descriptions, the order of fields, topologies of lists, and a
 * maximum for everything that could grow.
 */
final class SchemaPolisher {
    /** What holds where a type says nothing. */
    static final int MAX_STRING = 1024;

    static final int MAX_ITEMS = 64;
    static final int MAX_ENTRIES = 64;
    /** The longest name of a port: that of a Kubernetes port has 15 characters, Docker's and Ingress's are freer. */
    static final int MAX_PORT_NAME = 63;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Javadocs docs;

    SchemaPolisher(Javadocs docs) {
        this.docs = docs;
    }

    /** The complete schema of {@code type}, whose raw schema is {@code raw}. */
    ObjectNode record(Class<?> type, JsonNode raw, String description) {
        ObjectNode schema = JSON.objectNode();
        schema.put("description", description);
        schema.put("type", "object");
        ArrayNode required = JSON.arrayNode();
        ObjectNode properties = JSON.objectNode();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = jsonName(component);
            JsonNode property = raw.path("properties").path(name);
            if (property.isMissingNode()) {
                throw new IllegalStateException(type.getSimpleName() + "." + name + " is not in the raw schema");
            }
            ObjectNode polished = value(component.getAnnotatedType(), property, docs.of(type, component.getName()));
            if (property.has("default")) {
                polished.set("default", property.get("default"));
            }
            properties.set(name, polished);
            if (field(type, component).isAnnotationPresent(Required.class)) {
                required.add(name);
            }
        }
        if (properties.size() != raw.path("properties").size()) {
            throw new IllegalStateException("the raw schema of " + type.getSimpleName() + " has other fields");
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        schema.set("properties", properties);
        if (raw.has("x-kubernetes-validations")) {
            schema.set("x-kubernetes-validations", raw.get("x-kubernetes-validations"));
        }
        return schema;
    }

    private ObjectNode value(AnnotatedType annotated, JsonNode raw, String description) {
        Type type = annotated.getType();
        if (type instanceof ParameterizedType generic) {
            AnnotatedType[] arguments = ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return list(annotated, arguments[0], raw, description);
            }
            if (generic.getRawType() == Map.class) {
                return map(annotated, arguments[1], raw, description);
            }
        }
        if (!(type instanceof Class<?> simple)) {
            throw new IllegalStateException("no schema for " + type);
        }
        if (simple.isRecord() && simple != PortRef.class && simple != RawObject.class) {
            return record(simple, raw, description);
        }
        ObjectNode schema = JSON.objectNode();
        if (!description.isEmpty()) {
            schema.put("description", description);
        }
        scalar(schema, simple, annotated);
        if (raw.has("type") && !raw.get("type").equals(schema.path("type"))) {
            throw new IllegalStateException("the raw schema of " + simple + " has the type " + raw.get("type"));
        }
        return schema;
    }

    private static void scalar(ObjectNode schema, Class<?> type, AnnotatedElement annotated) {
        if (type == PortRef.class) {
            schema.put("x-kubernetes-int-or-string", true);
            ArrayNode anyOf = schema.putArray("anyOf");
            anyOf.addObject().put("type", "integer");
            anyOf.addObject().put("type", "string");
            schema.put("minimum", 1).put("maximum", 65535).put("minLength", 1).put("maxLength", MAX_PORT_NAME);
        } else if (type == RawObject.class) {
            schema.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
            schema.put("maxProperties", MAX_ENTRIES);
        } else if (type == String.class) {
            schema.put("type", "string");
            Constraints.find(annotated, Pattern.class).ifPresent(pattern -> schema.put("pattern", pattern.value()));
            if (Constraints.find(annotated, DateTime.class).isPresent()) {
                schema.put("format", "date-time");
            }
            size(schema, annotated, "minLength", "maxLength", MAX_STRING);
        } else if (type.isEnum()) {
            schema.put("type", "string");
            ArrayNode values = schema.putArray("enum");
            for (Object constant : type.getEnumConstants()) {
                values.add(constant.toString());
            }
        } else if (type == boolean.class || type == Boolean.class) {
            schema.put("type", "boolean");
        } else if (type == Integer.class || type == int.class || type == Long.class) {
            schema.put("type", "integer").put("format", type == Long.class ? "int64" : "int32");
            long min =
                    (long) Constraints.find(annotated, Min.class).orElseThrow().value();
            long max =
                    (long) Constraints.find(annotated, Max.class).orElseThrow().value();
            schema.put("minimum", min).put("maximum", max);
        } else if (type == Double.class) {
            schema.put("type", "number").put("format", "double");
            Constraints.find(annotated, Min.class).ifPresent(min -> {
                schema.put("minimum", min.value());
                if (!min.inclusive()) {
                    schema.put("exclusiveMinimum", true);
                }
            });
            Constraints.find(annotated, Max.class).ifPresent(max -> schema.put("maximum", max.value()));
        } else {
            throw new IllegalStateException("no schema for " + type);
        }
    }

    private ObjectNode list(AnnotatedElement annotated, AnnotatedType element, JsonNode raw, String description) {
        ObjectNode schema = JSON.objectNode();
        if (!description.isEmpty()) {
            schema.put("description", description);
        }
        schema.put("type", "array");
        size(schema, annotated, "minItems", "maxItems", MAX_ITEMS);
        MapList keys = annotated.getAnnotation(MapList.class);
        if (keys != null) {
            schema.put("x-kubernetes-list-type", "map");
            ArrayNode names = schema.putArray("x-kubernetes-list-map-keys");
            for (String key : keys.value()) {
                names.add(key);
            }
        } else {
            boolean set = annotated.isAnnotationPresent(SetList.class);
            schema.put("x-kubernetes-list-type", set ? "set" : "atomic");
        }
        schema.set("items", value(element, raw.path("items"), typeDescription(element)));
        return schema;
    }

    private ObjectNode map(AnnotatedElement annotated, AnnotatedType element, JsonNode raw, String description) {
        ObjectNode schema = JSON.objectNode();
        if (!description.isEmpty()) {
            schema.put("description", description);
        }
        schema.put("type", "object");
        size(schema, annotated, "minProperties", "maxProperties", MAX_ENTRIES);
        schema.set("additionalProperties", value(element, raw.path("additionalProperties"), typeDescription(element)));
        return schema;
    }

    /** An element has no description but its type's, where that is a record of ours. */
    private String typeDescription(AnnotatedType element) {
        return element.getType() instanceof Class<?> type && type.isRecord()
                ? docs.of(type).text()
                : "";
    }

    private static void size(ObjectNode schema, AnnotatedElement annotated, String min, String max, long otherwise) {
        Size size = Constraints.find(annotated, Size.class).orElse(null);
        if (size != null && size.min() > 0) {
            schema.put(min, size.min());
        }
        schema.put(max, size == null ? otherwise : size.max());
    }

    static String jsonName(RecordComponent component) {
        JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
        return property == null ? component.getName() : property.value();
    }

    private static AnnotatedElement field(Class<?> type, RecordComponent component) {
        try {
            return type.getDeclaredField(component.getName());
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }
}
