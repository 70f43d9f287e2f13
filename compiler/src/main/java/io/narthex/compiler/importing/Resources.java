package io.narthex.compiler.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.compiler.model.SecretValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Collects resources and credentials, and writes them down. */
final class Resources {

    static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final int LONGEST_NAME = 63;

    private final Map<String, List<JsonNode>> files = new TreeMap<>();
    private final Map<String, SecretValue> secrets = new TreeMap<>();
    private final Set<String> names = new HashSet<>();

    /** Adds a resource to a file. */
    void add(String file, String kind, String name, ObjectNode spec) {
        ObjectNode resource = JSON.objectNode();
        resource.put("apiVersion", ApiGroup.API_VERSION).put("kind", kind);
        resource.putObject("metadata").put("name", name);
        resource.set("spec", spec);
        files.computeIfAbsent(file, some -> new ArrayList<>()).add(resource);
    }

    /** Keeps a credential out of the YAML, and returns what refers to it. */
    ObjectNode secret(String name, String key, String value) {
        secrets.put(name + "/" + key, SecretValue.of(value));
        return reference(name, key);
    }

    static ObjectNode reference(String name, String key) {
        ObjectNode source = JSON.objectNode();
        source.putObject("secretRef").put("name", name).put("key", key);
        return source;
    }

    /** Returns a name for a resource of {@code kind} that is made of {@code text} and not taken yet. */
    String name(String kind, String text) {
        String clean =
                text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        clean = clean.isEmpty() ? kind.toLowerCase(Locale.ROOT) : clean;
        clean = clean.substring(0, Math.min(clean.length(), LONGEST_NAME - 4)).replaceAll("-$", "");
        String name = clean;
        for (int i = 2; !names.add(kind + "/" + name); i++) {
            name = clean + "-" + i;
        }
        return name;
    }

    Map<String, SecretValue> secrets() {
        return secrets;
    }

    /** Returns the files as YAML. */
    SortedMap<String, String> yaml() {
        TreeMap<String, String> yaml = new TreeMap<>();
        files.forEach((file, resources) -> {
            StringBuilder text = new StringBuilder();
            resources.forEach(
                    resource -> text.append(text.isEmpty() ? "" : "---\n").append(yaml(resource)));
            yaml.put(file, text.toString());
        });
        return yaml;
    }

    /** Returns a value as YAML. */
    static String yaml(JsonNode value) {
        return new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setDefaultScalarStyle(ScalarStyle.PLAIN)
                        .setSchema(new CoreSchema())
                        .setWidth(4096)
                        .setSplitLines(false)
                        .setIndicatorIndent(2)
                        .setIndentWithIndicator(true)
                        .build())
                .dumpToString(plain(value));
    }

    private static Object plain(JsonNode value) {
        if (value.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            value.properties().forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
            return map;
        }
        if (value.isArray()) {
            List<Object> list = new ArrayList<>();
            value.forEach(item -> list.add(plain(item)));
            return list;
        }
        return value.isBoolean()
                ? (Object) value.booleanValue()
                : value.isNumber() ? value.numberValue() : value.isNull() ? "" : value.textValue();
    }
}
