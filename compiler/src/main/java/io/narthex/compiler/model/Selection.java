package io.narthex.compiler.model;

import io.narthex.api.v1alpha1.LabelSelector;
import io.narthex.api.v1alpha1.LabelSelectorRequirement;
import io.narthex.api.v1alpha1.ResourceSelection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells which resources a server takes, and of the others what keeps them from it. */
public final class Selection {

    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    private Selection() {}

    /**
     * Returns what keeps a resource from a server; empty where the server takes it.
     *
     * @param field the selection's name in the server's specification, for the message
     * @param selection what the server selects; null for all of its own namespace
     * @param serverNamespace the server's namespace
     * @param namespace the resource's namespace
     * @param namespaceLabels that namespace's labels; empty where they aren't known, since a namespace of Kubernetes has some
     * @param labels the resource's labels
     */
    public static Optional<String> miss(
            String field,
            @Nullable ResourceSelection selection,
            String serverNamespace,
            String namespace,
            Map<String, String> namespaceLabels,
            Map<String, String> labels) {
        LabelSelector namespaces = selection == null ? null : selection.namespaceSelector();
        if (namespaces == null) {
            if (!namespace.equals(serverNamespace)) {
                return Optional.of(field + ".namespaceSelector is unset, so only the namespace " + serverNamespace
                        + " is taken; this is " + namespace);
            }
        } else {
            Map<String, String> withName = new TreeMap<>(namespaceLabels);
            withName.putIfAbsent(NAMESPACE_NAME, namespace);
            Optional<String> miss = miss(namespaces, withName, namespaceLabels.isEmpty() ? "isn't known" : "is absent");
            if (miss.isPresent()) {
                return Optional.of(field + ".namespaceSelector wants " + miss.get() + " of the namespace " + namespace);
            }
        }
        LabelSelector own = selection == null ? null : selection.selector();
        return own == null
                ? Optional.empty()
                : miss(own, labels, "is absent").map(miss -> field + ".selector wants " + miss);
    }

    /** Returns whether {@code selector} selects an object of these labels. */
    public static boolean matches(LabelSelector selector, Map<String, String> labels) {
        return miss(selector, labels, "is absent").isEmpty();
    }

    private static Optional<String> miss(LabelSelector selector, Map<String, String> labels, String absent) {
        for (Map.Entry<String, String> wanted : new TreeMap<>(selector.matchLabels()).entrySet()) {
            String value = labels.get(wanted.getKey());
            if (!wanted.getValue().equals(value)) {
                return Optional.of("the label " + wanted.getKey() + "=" + wanted.getValue() + found(value, absent));
            }
        }
        for (LabelSelectorRequirement wanted : selector.matchExpressions()) {
            String value = labels.get(wanted.key());
            boolean holds = switch (wanted.operator()) {
                case IN -> value != null && wanted.values().contains(value);
                case NOT_IN -> value == null || !wanted.values().contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
            if (!holds) {
                return Optional.of("the label " + wanted.key() + " " + operator(wanted) + found(value, absent));
            }
        }
        return Optional.empty();
    }

    private static String operator(LabelSelectorRequirement wanted) {
        List<String> values = wanted.values();
        return switch (wanted.operator()) {
            case IN -> "in (" + String.join(", ", values) + ")";
            case NOT_IN -> "not in (" + String.join(", ", values) + ")";
            case EXISTS -> "to exist";
            case DOES_NOT_EXIST -> "not to exist";
        };
    }

    private static String found(@Nullable String value, String absent) {
        return ", which " + (value == null ? absent : "is " + value);
    }
}
