package io.narthex.compiler.yaml;

import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.SourceMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a resource's fields stand, in little memory: it is kept for as long as the resource. The nodes lie in
 * preorder; a node's children follow it, each behind the end of the one before.
 */
final class CompactSourceMap implements SourceMap {

    /** Of each node: the end of its subtree, then line, column and length of its value. */
    private static final int WIDTH = 4;

    private static final int END = 0;
    private static final int VALUE = 1;

    private final String file;
    /** The key in the mapping around; null for a list's element and the root. */
    private final @Nullable String[] keys;

    private final int[] data;

    /** Of nodes whose characters don't simply follow each other, where these stand. */
    private final Map<Integer, TextPlaces> texts;

    private CompactSourceMap(String file, @Nullable String[] keys, int[] data, Map<Integer, TextPlaces> texts) {
        this.file = file;
        this.keys = keys;
        this.data = data;
        this.texts = texts;
    }

    static SourceMap of(String file, YamlNode root) {
        List<@Nullable String> keys = new ArrayList<>();
        List<int[]> rows = new ArrayList<>();
        Map<Integer, TextPlaces> texts = new HashMap<>();
        add(null, root, SchemaChecker.start(root), keys, rows, texts);
        int[] data = new int[rows.size() * WIDTH];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, data, i * WIDTH, WIDTH);
        }
        return new CompactSourceMap(file, keys.toArray(new @Nullable String[0]), data, Map.copyOf(texts));
    }

    private static void add(
            @Nullable String key,
            YamlNode node,
            Span value,
            List<@Nullable String> keys,
            List<int[]> rows,
            Map<Integer, TextPlaces> texts) {
        int[] row = {0, value.line(), value.column(), value.length()};
        keys.add(key);
        rows.add(row);
        switch (node) {
            case YamlNode.Mapping mapping -> {
                for (YamlNode.Entry entry : mapping.entries()) {
                    Span shown = SchemaChecker.isBlock(entry.value())
                            ? entry.keySpan()
                            : entry.value().span();
                    add(entry.key(), entry.value(), shown, keys, rows, texts);
                }
            }
            case YamlNode.Sequence list -> {
                for (YamlNode item : list.items()) {
                    add(null, item, SchemaChecker.start(item), keys, rows, texts);
                }
            }
            case YamlNode.Scalar scalar -> {
                if (scalar.places() != null) {
                    texts.put(rows.size() - 1, scalar.places());
                }
            }
        }
        row[END] = rows.size();
    }

    @Override
    public Optional<Position> locate(FieldPath path) {
        int at = nearest(path) * WIDTH + VALUE;
        return Optional.of(new Position(file, data[at], data[at + 1], data[at + 2]));
    }

    @Override
    public Optional<Position> locate(FieldPath path, int index) {
        int node = nearest(path);
        int line = data[node * WIDTH + VALUE];
        int column = data[node * WIDTH + VALUE + 1];
        TextPlaces places = texts.get(node);
        Span span = places == null ? new Span(line, column + index, 1) : places.at(index, line, column);
        return Optional.of(span.in(file));
    }

    private int nearest(FieldPath path) {
        int node = 0;
        for (FieldPath.Step step : path.steps()) {
            int child = child(node, step);
            if (child < 0) {
                return node;
            }
            node = child;
        }
        return node;
    }

    private int child(int node, FieldPath.Step step) {
        int end = data[node * WIDTH + END];
        int index = 0;
        for (int child = node + 1; child < end; child = data[child * WIDTH + END]) {
            String key = keys[child];
            boolean found = switch (step) {
                case FieldPath.Field(String name) -> name.equals(key);
                case FieldPath.Index(int position, String ignored) -> key == null && position == index;
            };
            if (found) {
                return child;
            }
            index++;
        }
        return -1;
    }
}
