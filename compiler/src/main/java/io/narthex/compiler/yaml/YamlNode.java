package io.narthex.compiler.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value of a YAML document, with its place. Aliases are replaced by what they name. */
sealed interface YamlNode {

    /** Returns where the value stands: a scalar's first line, a flow collection's bracket, a block's first token. */
    Span span();

    /** Returns how much the value amounts to once aliases are expanded: nodes, and one more for every 64 characters. */
    int weight();

    /**
     * A mapping.
     *
     * @param span its place
     * @param weight what it amounts to
     * @param flow whether it is written in braces
     * @param entries its entries in the order of the file; no two of the same key
     */
    record Mapping(Span span, int weight, boolean flow, List<Entry> entries) implements YamlNode {
        public Mapping {
            entries = List.copyOf(entries);
        }

        @Nullable
        YamlNode get(String key) {
            Entry entry = entry(key);
            return entry == null ? null : entry.value();
        }

        @Nullable
        Entry entry(String key) {
            for (Entry entry : entries) {
                if (entry.key().equals(key)) {
                    return entry;
                }
            }
            return null;
        }
    }

    /**
     * An entry of a mapping.
     *
     * @param key the key's text
     * @param keySpan where the key stands
     * @param value the value
     */
    record Entry(String key, Span keySpan, YamlNode value) {}

    /**
     * A list.
     *
     * @param span its place
     * @param weight what it amounts to
     * @param flow whether it is written in brackets
     * @param items its elements
     */
    record Sequence(Span span, int weight, boolean flow, List<YamlNode> items) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /**
     * A single value.
     *
     * @param span its place
     * @param text what is written, without quotes and escapes
     * @param plain whether it is written without quotes
     * @param value what it means
     * @param places where its characters stand; null where they follow each other from its start on
     */
    record Scalar(
            Span span,
            String text,
            boolean plain,
            ScalarValue value,
            @Nullable TextPlaces places) implements YamlNode {
        @Override
        public int weight() {
            return 1 + text.length() / 64;
        }
    }
}
