package io.narthex.compiler.frontend;

import io.narthex.api.v1alpha1.LabelSelector;
import io.narthex.api.v1alpha1.LabelSelectorRequirement;
import io.narthex.compiler.config.RelabelAction;
import io.narthex.compiler.config.RelabelConfig;
import io.narthex.compiler.config.value.PrometheusRegex;
import io.narthex.compiler.config.value.RelabelTemplate;
import io.narthex.compiler.config.value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Steps of relabeling that Narthex writes itself. What comes from users is escaped. */
final class Steps {

    private static final PrometheusRegex SOMETHING = PrometheusRegex.trusted("(.+)");
    private static final PrometheusRegex TRUE = PrometheusRegex.literally("true");
    private static final Pattern LONE_SURROGATE = Pattern.compile("[\\x{D800}-\\x{DFFF}]");
    private static final Pattern NOT_LEGACY = Pattern.compile("[^a-zA-Z0-9_]");

    private Steps() {}

    /** Whoever passes half a character has told of it already; nothing may fail for it here. */
    private static String clean(String text) {
        return Text.isWritable(text) ? text : LONE_SURROGATE.matcher(text).replaceAll("\uFFFD");
    }

    /** Returns {@code name} as Prometheus's service discovery writes it into a label's name. */
    static String sanitized(String name) {
        return NOT_LEGACY.matcher(name).replaceAll("_");
    }

    /** Keeps targets whose label has this value. */
    static RelabelConfig keep(String label, String value) {
        return matching(RelabelAction.KEEP, List.of(label), PrometheusRegex.literally(clean(value)));
    }

    /** Keeps targets that have this label. */
    static RelabelConfig keepPresent(String label) {
        return matching(RelabelAction.KEEP, List.of(label), SOMETHING);
    }

    /** Keeps targets whose label has one of these values. */
    static RelabelConfig keepAny(String label, List<String> values) {
        return matching(RelabelAction.KEEP, List.of(label), anyOf(values));
    }

    /** Drops targets whose label has one of these values. */
    static RelabelConfig dropAny(String label, List<String> values) {
        return matching(RelabelAction.DROP, List.of(label), anyOf(values));
    }

    /** Gives all targets this label. */
    static RelabelConfig set(String label, String value) {
        return RelabelConfig.builder()
                .targetLabel(label)
                .replacement(RelabelTemplate.literally(clean(value)))
                .build();
    }

    /** Copies a label where it isn't empty. */
    static RelabelConfig copy(String from, String to) {
        return RelabelConfig.builder()
                .sourceLabels(List.of(from))
                .regex(SOMETHING)
                .targetLabel(to)
                .build();
    }

    /** Copies a label, empty or not. */
    static RelabelConfig copyAlways(String from, String to) {
        return RelabelConfig.builder()
                .sourceLabels(List.of(from))
                .targetLabel(to)
                .build();
    }

    /** Writes what {@code template} makes of labels that match as a whole. */
    static RelabelConfig rewrite(
            List<String> from, @Nullable String separator, String regex, String to, String template) {
        return RelabelConfig.builder()
                .sourceLabels(from)
                .separator(separator)
                .regex(PrometheusRegex.trusted(regex))
                .targetLabel(to)
                .replacement(RelabelTemplate.of(template))
                .build();
    }

    /** Replaces, or adds, the port of the target's address. */
    static RelabelConfig port(int port) {
        return rewrite(List.of("__address__"), null, "(\\[[^\\]]+\\]|[^:]+)(?::\\d+)?", "__address__", "${1}:" + port);
    }

    /**
     * Keeps the objects that {@code selector} selects.
     *
     * @param object the start of the labels that discovery gives them, such as {@code __meta_kubernetes_pod}
     */
    static List<RelabelConfig> select(@Nullable LabelSelector selector, String object) {
        List<RelabelConfig> steps = new ArrayList<>();
        if (selector == null) {
            return steps;
        }
        for (Map.Entry<String, String> wanted : new TreeMap<>(selector.matchLabels()).entrySet()) {
            steps.addAll(in(object, wanted.getKey(), List.of(wanted.getValue())));
        }
        for (LabelSelectorRequirement wanted : selector.matchExpressions()) {
            String name = sanitized(wanted.key());
            String present = object + "_labelpresent_" + name;
            switch (wanted.operator()) {
                case IN -> steps.addAll(in(object, wanted.key(), wanted.values()));
                case NOT_IN ->
                    steps.add(matching(
                            RelabelAction.DROP,
                            List.of(present, object + "_label_" + name),
                            PrometheusRegex.trusted("true;(?:" + alternatives(wanted.values()) + ")")));
                case EXISTS -> steps.add(matching(RelabelAction.KEEP, List.of(present), TRUE));
                case DOES_NOT_EXIST -> steps.add(matching(RelabelAction.DROP, List.of(present), TRUE));
            }
        }
        return steps;
    }

    private static List<RelabelConfig> in(String object, String key, List<String> values) {
        String name = sanitized(key);
        return List.of(matching(
                RelabelAction.KEEP,
                List.of(object + "_labelpresent_" + name, object + "_label_" + name),
                PrometheusRegex.trusted("true;(?:" + alternatives(values) + ")")));
    }

    private static RelabelConfig matching(RelabelAction action, List<String> labels, PrometheusRegex regex) {
        return RelabelConfig.builder()
                .sourceLabels(labels)
                .regex(regex)
                .action(action)
                .build();
    }

    private static PrometheusRegex anyOf(List<String> values) {
        return PrometheusRegex.trusted(alternatives(values));
    }

    private static String alternatives(List<String> values) {
        return values.stream()
                .map(value -> PrometheusRegex.escape(clean(value)))
                .collect(Collectors.joining("|"));
    }
}
