package io.narthex.compiler.config;

import io.narthex.compiler.config.value.NameScheme;
import io.narthex.compiler.config.value.Problem;
import io.narthex.compiler.config.value.RelabelTemplate;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What Prometheus demands of a rule of relabeling beyond its syntax (the sources, {@code model/relabel}): which fields an
 * action needs, and which it forbids.
 */
public final class RelabelRules {

    private static final Set<RelabelAction> WITH_TARGET = EnumSet.of(
            RelabelAction.REPLACE,
            RelabelAction.HASHMOD,
            RelabelAction.LOWERCASE,
            RelabelAction.UPPERCASE,
            RelabelAction.KEEPEQUAL,
            RelabelAction.DROPEQUAL);

    /** A legacy name that may hold references to groups. */
    private static final Pattern LEGACY_TEMPLATE =
            Pattern.compile("(?:[a-zA-Z_]|\\$(?:\\{\\w+\\}|\\w+))(?:\\w|\\$(?:\\{\\w+\\}|\\w+))*");

    private RelabelRules() {}

    /**
     * Something wrong with a rule.
     *
     * @param field the field that is wrong or missing
     * @param problem what is wrong
     */
    public record Mistake(ConfigField field, Problem problem) {}

    /** Returns what Prometheus would refuse the rule for, if anything. */
    public static Optional<Mistake> mistake(RelabelConfig rule, NameScheme scheme) {
        RelabelAction action = rule.action() == null ? RelabelAction.REPLACE : rule.action();
        String name = action.text();
        String target = rule.targetLabel() == null ? "" : rule.targetLabel();
        if (action == RelabelAction.HASHMOD && (rule.modulus() == null || rule.modulus() == 0)) {
            return of(
                    ConfigField.RELABEL_MODULUS,
                    "the action hashmod has no modulus",
                    "a whole number above 0",
                    "set the modulus");
        }
        if (WITH_TARGET.contains(action) && target.isEmpty()) {
            return of(
                    ConfigField.RELABEL_TARGET_LABEL,
                    "the action " + name + " has no target label",
                    "the name of a label",
                    "set the target label");
        }
        if (WITH_TARGET.contains(action) && !isTarget(action, target, scheme)) {
            return scheme.labelNameProblem(target)
                    .map(problem -> new Mistake(ConfigField.RELABEL_TARGET_LABEL, problem));
        }
        Optional<Mistake> surplus = surplus(rule, action, name);
        if (surplus.isPresent()) {
            return surplus;
        }
        if (action == RelabelAction.LABELMAP && rule.replacement() != null) {
            RelabelTemplate replacement = rule.replacement();
            if (!isTemplate(replacement.text(), scheme)) {
                return scheme.labelNameProblem(replacement.text())
                        .map(problem -> new Mistake(ConfigField.RELABEL_REPLACEMENT, problem));
            }
        }
        return Optional.empty();
    }

    private static boolean isTarget(RelabelAction action, String target, NameScheme scheme) {
        boolean dynamic = action == RelabelAction.REPLACE && target.indexOf('$') >= 0;
        return dynamic ? isTemplate(target, scheme) : scheme.isLabelName(target);
    }

    private static boolean isTemplate(String text, NameScheme scheme) {
        return scheme == NameScheme.LEGACY ? LEGACY_TEMPLATE.matcher(text).matches() : scheme.isLabelName(text);
    }

    private static Optional<Mistake> surplus(RelabelConfig rule, RelabelAction action, String name) {
        return switch (action) {
            case LOWERCASE, UPPERCASE ->
                rule.replacement() == null || rule.replacement().equals(RelabelTemplate.FIRST_GROUP)
                        ? Optional.empty()
                        : notWith(ConfigField.RELABEL_REPLACEMENT, name);
            case KEEPEQUAL, DROPEQUAL -> {
                if (rule.regex() != null) {
                    yield notWith(ConfigField.RELABEL_REGEX, name);
                }
                yield common(rule, name);
            }
            case LABELDROP, LABELKEEP -> {
                if (!rule.sourceLabels().isEmpty()) {
                    yield notWith(ConfigField.RELABEL_SOURCE_LABELS, name);
                }
                if (rule.targetLabel() != null && !rule.targetLabel().isEmpty()) {
                    yield notWith(ConfigField.RELABEL_TARGET_LABEL, name);
                }
                yield common(rule, name);
            }
            default -> Optional.empty();
        };
    }

    private static Optional<Mistake> common(RelabelConfig rule, String name) {
        if (rule.modulus() != null && rule.modulus() != 0) {
            return notWith(ConfigField.RELABEL_MODULUS, name);
        }
        if (rule.separator() != null && !rule.separator().equals(";")) {
            return notWith(ConfigField.RELABEL_SEPARATOR, name);
        }
        if (rule.replacement() != null && !rule.replacement().equals(RelabelTemplate.FIRST_GROUP)) {
            return notWith(ConfigField.RELABEL_REPLACEMENT, name);
        }
        return Optional.empty();
    }

    private static Optional<Mistake> notWith(ConfigField field, String action) {
        String what = field.key().replace('_', ' ').toLowerCase(Locale.ROOT);
        return of(field, "the action " + action + " takes no " + what, "", "remove the " + what);
    }

    private static Optional<Mistake> of(ConfigField field, String message, String allowed, String remedy) {
        return Optional.of(new Mistake(field, new Problem(message, allowed, remedy)));
    }
}
