package io.narthex.compiler.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value of a YAML file that holds no resource, such as {@code prometheus.yml} or a compose file, with its place.
 * Aliases and merge keys are replaced by what they name. Immutable.
 */
public final class YamlTree {

    /**
     * What a file holds.
     *
     * @param documents its documents that can be read, without empty ones
     * @param diagnostics what is wrong with it
     */
    public record Parsed(List<YamlTree> documents, List<Diagnostic> diagnostics) {
        public Parsed {
            documents = List.copyOf(documents);
            diagnostics = List.copyOf(diagnostics);
        }
    }

    /**
     * An entry of a mapping.
     *
     * @param key its key
     * @param place where the key stands
     * @param value its value
     */
    public record Entry(String key, Position place, YamlTree value) {}

    private final String file;
    private final YamlNode node;

    private YamlTree(String file, YamlNode node) {
        this.file = file;
        this.node = node;
    }

    /**
     * Reads a file.
     *
     * @param file the file as the user named it
     * @param content its bytes, at most {@link ResourceReader#MOST_BYTES}; more are refused with a diagnostic
     */
    public static Parsed parse(String file, byte[] content) {
        Problems problems = new Problems(file);
        List<YamlTree> documents = new ArrayList<>();
        if (content.length > ResourceReader.MOST_BYTES) {
            problems.addForFile(
                    DiagnosticCode.FILE_TOO_LARGE,
                    "the file has " + content.length + " bytes",
                    "at most " + ResourceReader.MOST_BYTES + " (8 MiB)",
                    "");
            return new Parsed(documents, problems.all());
        }
        SourceText source = SourceText.of(content, problems);
        if (source != null && source.reportBadCharacters(problems).isEmpty()) {
            TreeBuilder.AliasBudget aliases = new TreeBuilder.AliasBudget();
            Map<String, String> keys = new HashMap<>();
            for (DocumentText document : DocumentText.split(source)) {
                YamlNode root = new TreeBuilder(source, document, problems, aliases, keys).build();
                if (root != null && !isNull(root)) {
                    documents.add(new YamlTree(file, root));
                }
            }
        }
        return new Parsed(documents, problems.all());
    }

    private static boolean isNull(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.value() instanceof ScalarValue.Null;
    }

    /** Returns where the value stands. */
    public Position place() {
        return node.span().in(file);
    }

    /** Returns whether it is no value at all. */
    public boolean isNull() {
        return isNull(node);
    }

    /** Returns whether it is a mapping. */
    public boolean isMapping() {
        return node instanceof YamlNode.Mapping;
    }

    /** Returns whether it is a list. */
    public boolean isList() {
        return node instanceof YamlNode.Sequence;
    }

    /** Returns the entries of a mapping in the order of the file; none of anything else. */
    public List<Entry> entries() {
        return node instanceof YamlNode.Mapping mapping
                ? mapping.entries().stream()
                        .map(entry ->
                                new Entry(entry.key(), entry.keySpan().in(file), new YamlTree(file, entry.value())))
                        .toList()
                : List.of();
    }

    /** Returns the value of a mapping's entry, which may be none at all; empty where there is no such entry. */
    public Optional<YamlTree> get(String key) {
        return entries().stream()
                .filter(entry -> entry.key().equals(key))
                .map(Entry::value)
                .findFirst();
    }

    /** Returns the elements of a list; none of anything else. */
    public List<YamlTree> items() {
        return node instanceof YamlNode.Sequence list
                ? list.items().stream().map(item -> new YamlTree(file, item)).toList()
                : List.of();
    }

    /** Returns the text of a single value as it is written; empty for anything else, and for no value. */
    public Optional<String> text() {
        return node instanceof YamlNode.Scalar scalar && !isNull(node) ? Optional.of(scalar.text()) : Optional.empty();
    }

    /** Returns where the character {@code index} of a text stands, counted in code points from 0. */
    public Position place(int index) {
        Position start = place();
        return node instanceof YamlNode.Scalar scalar && scalar.plain() && index < start.length()
                ? new Position(file, start.line(), start.column() + index, start.length() - index)
                : start;
    }

    /** Returns the value as JSON. */
    public JsonNode json() {
        return JsonTree.of(node);
    }

    @Override
    public String toString() {
        return place().toString();
    }
}
