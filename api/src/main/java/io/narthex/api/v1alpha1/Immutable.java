package io.narthex.api.v1alpha1;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies that nobody can change, in the order of the original, so that equal input makes equal output. */
final class Immutable {
    private Immutable() {}

    /** A copy of {@code list}; empty where the list is absent. */
    static <T> List<T> list(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /** A copy of {@code map} in its own order; empty where the map is absent. */
    static <V> Map<String, V> map(@Nullable Map<String, V> map) {
        return map == null || map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** A copy of {@code map} whose lists are copied too; empty where the map is absent. */
    static <T> Map<String, List<T>> mapOfLists(@Nullable Map<String, List<T>> map) {
        if (map == null || map.isEmpty()) {
            return Map.of();
        }
        Map<String, List<T>> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(key, list(value)));
        return Collections.unmodifiableMap(copy);
    }

    /** A deep copy of a JSON value made of maps, lists, strings, numbers, booleans and nulls. */
    static @Nullable Object json(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> jsonObject(map);
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>(list.size());
                list.forEach(element -> copy.add(json(element)));
                yield Collections.unmodifiableList(copy);
            }
            case null -> null;
            case String text -> text;
            case Number number -> number;
            case Boolean bool -> bool;
            default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        };
    }

    static Map<String, @Nullable Object> jsonObject(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), json(value)));
        return Collections.unmodifiableMap(copy);
    }
}
