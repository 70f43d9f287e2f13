package io.narthex.compiler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.SourceMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/** Puts texts that nobody expects into the fields of good resources. */
final class Hostile {

    static final List<String> TEXTS = List.of(
            "",
            " ",
            "\0",
            "\u0007",
            "\u202e",
            "\ud800",
            "a\nb",
            "a\r\nb",
            "\t",
            "- x",
            "a: b",
            "{{",
            "}}",
            "{{ end }}",
            "$1",
            "${",
            "$$",
            "*",
            "(",
            "\\",
            "'",
            "\"",
            "#",
            "a #b",
            "!!int 1",
            "&a",
            "*a",
            "%a",
            "@a",
            "`a`",
            "0x1F",
            "010",
            "null",
            "~",
            "yes",
            "1e3",
            "1_000",
            "12:30:45",
            "é",
            "\ud83d\ude00",
            "x".repeat(5000),
            "../../etc/passwd",
            "/etc/passwd",
            "__address__",
            "__param_target",
            "job",
            "-1s",
            "5s",
            "99999999999999y",
            "http://u:p@127.0.0.1",
            "http://127.0.0.1:99999",
            "[::1",
            "%zz",
            "\u0085",
            "\u2028",
            "\ufeff",
            "{a}",
            "[a]",
            "a,b",
            "...",
            "---",
            "?",
            "|",
            ">",
            "=",
            "<<",
            "--help",
            "(?=a)",
            "a{1001}",
            "10XB",
            "secret/../x");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Hostile() {}

    /** Returns {@code inventory} with one text somewhere replaced, and what was replaced in words. */
    static Optional<Map.Entry<String, Inventory>> mutate(
            Inventory inventory, Random random, Predicate<String> allowed) {
        List<Declared<?>> resources = new ArrayList<>();
        inventory.resources().values().forEach(resources::add);
        resources.sort((a, b) -> a.key().compareTo(b.key()));
        Declared<?> chosen = resources.get(random.nextInt(resources.size()));
        JsonNode tree = JSON.valueToTree(chosen.spec());
        List<Runnable> edits = new ArrayList<>();
        List<String> names = new ArrayList<>();
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        collect(tree, "", text, edits, names);
        int at = random.nextInt(edits.size());
        if (!allowed.test(names.get(at))) {
            return Optional.empty();
        }
        edits.get(at).run();
        Object spec;
        try {
            spec = JSON.treeToValue(tree, chosen.spec().getClass());
        } catch (JsonProcessingException e) {
            return Optional.empty(); // Not a text but one of a few words, or a number.
        }
        Declared<Object> changed =
                new Declared<>(chosen.key(), chosen.labels(), chosen.annotations(), spec, SourceMap.NONE);
        return Optional.of(
                Map.entry(chosen.key() + names.get(at) + " = " + Quoting.quote(text), inventory.with(changed)));
    }

    private static void collect(JsonNode node, String path, String text, List<Runnable> edits, List<String> names) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> entry : List.copyOf(object.properties())) {
                String name = path + "." + entry.getKey();
                if (entry.getValue().isTextual()) {
                    edits.add(() -> object.put(entry.getKey(), text));
                    names.add(name);
                    if (path.endsWith("abels")
                            || path.endsWith("arams")
                            || path.endsWith("nnotations")
                            || path.endsWith("extraFlags")
                            || path.endsWith("headers")) {
                        edits.add(() -> {
                            object.remove(entry.getKey());
                            object.set(text, entry.getValue());
                        });
                        names.add(name + " (key)");
                    }
                }
                collect(entry.getValue(), name, text, edits, names);
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int index = i;
                String name = path + "[" + i + "]";
                if (array.get(i).isTextual()) {
                    edits.add(() -> array.set(index, text));
                    names.add(name);
                }
                collect(array.get(i), name, text, edits, names);
            }
        }
    }
}
