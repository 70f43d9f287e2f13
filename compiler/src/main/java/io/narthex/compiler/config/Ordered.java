package io.narthex.compiler.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Immutable maps with a fixed order, so that equal input makes equal bytes. */
final class Ordered {

    private Ordered() {}

    static <V> SortedMap<String, V> map(Map<String, V> entries) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    static SortedMap<String, List<String>> lists(Map<String, List<String>> entries) {
        TreeMap<String, List<String>> copy = new TreeMap<>();
        entries.forEach((key, values) -> copy.put(key, List.copyOf(values)));
        return Collections.unmodifiableSortedMap(copy);
    }
}
