package io.narthex.compiler.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The place of a field inside a resource, such as {@code spec.endpoints[0].interval}.
 *
 * <p>A step is a field's name or an index into a list (from 0). The path of the whole resource has no steps.
 *
 * @param steps the way from the resource's root, each a {@link Field} or an {@link Index}
 */
public record FieldPath(List<Step> steps) {

    /** One step of a path. */
    public sealed interface Step {}

    /**
     * A step to a mapping's entry.
     *
     * @param name the entry's key
     */
    public record Field(String name) implements Step {}

    /**
     * A step to a list's element.
     *
     * @param position the element's index, from 0
     * @param label what names the element to a user, such as an endpoint's name; empty where nothing does
     */
    public record Index(int position, String label) implements Step {}

    /** The path of the whole resource. */
    public static final FieldPath ROOT = new FieldPath(List.of());

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$-]*");

    public FieldPath {
        steps = List.copyOf(steps);
    }

    /** Returns the path of these fields, from the root: {@code of("spec", "interval")}. */
    public static FieldPath of(String... names) {
        FieldPath path = ROOT;
        for (String name : names) {
            path = path.field(name);
        }
        return path;
    }

    /** Returns the path of the entry {@code name} below this one. */
    public FieldPath field(String name) {
        return plus(new Field(name));
    }

    /** Returns the path of the list element {@code position} (from 0) below this one. */
    public FieldPath index(int position) {
        return plus(new Index(position, ""));
    }

    /** Returns the path of the list element {@code position} (from 0), shown to users as {@code [label]}. */
    public FieldPath index(int position, String label) {
        return plus(new Index(position, label));
    }

    private FieldPath plus(Step step) {
        List<Step> longer = new ArrayList<>(steps.size() + 1);
        longer.addAll(steps);
        longer.add(step);
        return new FieldPath(longer);
    }

    /** Returns the path without its last step; the root's parent is the root. */
    public FieldPath parent() {
        return steps.isEmpty() ? this : new FieldPath(steps.subList(0, steps.size() - 1));
    }

    /** Returns the path as users read it: {@code spec.endpoints[metrics].params["a.b"]}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            switch (step) {
                case Index(int position, String label) ->
                    text.append('[')
                            .append(label.isEmpty() ? Integer.toString(position) : label)
                            .append(']');
                case Field(String name)
                when PLAIN.matcher(name).matches() ->
                    text.append(text.isEmpty() ? "" : ".").append(name);
                case Field(String name) ->
                    text.append("[\"").append(name.replace("\"", "\\\"")).append("\"]");
            }
        }
        return text.toString();
    }
}
