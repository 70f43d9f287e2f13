package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_REGEX;
import static io.narthex.compiler.model.DiagnosticCode.INVALID_RELABELING;

import com.google.re2j.Pattern;
import io.narthex.api.v1alpha1.RelabelAction;
import io.narthex.api.v1alpha1.Relabeling;
import io.narthex.compiler.config.RelabelConfig;
import io.narthex.compiler.config.value.NameScheme;
import io.narthex.compiler.config.value.PrometheusRegex;
import io.narthex.compiler.config.value.RelabelTemplate;
import io.narthex.compiler.config.value.Text;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads users' steps of relabeling, by the rules of Prometheus's {@code relabel.Config.Validate}. */
final class Relabelings {

    private static final Set<String> NULLS = Set.of("null", "Null", "NULL", "~");
    private static final Set<String> ADDRESS = Set.of("__address__", "__scheme__", "__metrics_path__");
    /** Prometheus's own expression, which java.util.regex would try for years on some short texts. */
    private static final Pattern LEGACY_TARGET = Pattern.compile("(?:(?:[a-zA-Z_]|\\$(?:\\{\\w+\\}|\\w+))+\\w*)+");
    /** All that follows the prefix of a label or an annotation of an object of Kubernetes. */
    private static final Pattern OF_OBJECT =
            Pattern.compile("__meta_kubernetes_[a-z]+_(?:label|annotation)(?:present)?_\\(\\.[+*]\\)");

    private static final Set<RelabelAction> NEED_TARGET = Set.of(
            RelabelAction.REPLACE,
            RelabelAction.HASHMOD,
            RelabelAction.LOWERCASE,
            RelabelAction.UPPERCASE,
            RelabelAction.KEEPEQUAL,
            RelabelAction.DROPEQUAL);

    private final Report report;
    private final NameScheme names;
    private final @Nullable Severity redirection;

    /**
     * Makes a reader.
     *
     * @param report takes the problems
     * @param names which label names are valid
     * @param redirection how bad it is to change where a request goes; null where nobody minds
     */
    Relabelings(Report report, NameScheme names, @Nullable Severity redirection) {
        this.report = report;
        this.names = names;
        this.redirection = redirection;
    }

    /** Returns the steps; one that is wrong is noted and left out. */
    List<RelabelConfig> read(List<Relabeling> relabelings, FieldPath at) {
        List<RelabelConfig> steps = new ArrayList<>(relabelings.size());
        for (int i = 0; i < relabelings.size(); i++) {
            RelabelConfig step = read(relabelings.get(i), at.index(i));
            if (step != null) {
                steps.add(step);
            }
        }
        return steps;
    }

    private @Nullable RelabelConfig read(Relabeling step, FieldPath at) {
        int before = report.errors();
        RelabelAction action = step.action() == null ? RelabelAction.REPLACE : step.action();
        PrometheusRegex regex = step.regex() == null
                ? null
                : report.value(PrometheusRegex.parse(plain(step.regex())), INVALID_REGEX, at.field("regex"));
        RelabelTemplate replacement = step.replacement() == null ? null : RelabelTemplate.of(step.replacement());
        text(step.separator(), at.field("separator"));
        text(step.replacement(), at.field("replacement"));
        text(step.targetLabel(), at.field("targetLabel"));
        for (int i = 0; i < step.sourceLabels().size(); i++) {
            report.add(
                    INVALID_RELABELING,
                    at.field("sourceLabels").index(i),
                    names.labelNameProblem(step.sourceLabels().get(i)));
        }
        fields(step, action, at);
        target(step, action, at);
        if (replacement != null && report.errors() == before) {
            replacement
                    .missingGroup(regex == null ? PrometheusRegex.ANYTHING : regex)
                    .ifPresent(problem -> report.add(
                            INVALID_RELABELING,
                            Severity.WARNING,
                            at.field("replacement"),
                            problem.message(),
                            problem.allowed(),
                            problem.remedy()));
        }
        redirection(step, action, at);
        return report.errors() > before
                ? null
                : RelabelConfig.builder()
                        .sourceLabels(step.sourceLabels())
                        .separator(step.separator())
                        .targetLabel(step.targetLabel())
                        .regex(regex)
                        .modulus(step.modulus())
                        .replacement(replacement)
                        .action(Enums.action(step.action()))
                        .build();
    }

    /** Old releases take the text null, even in quotes, for no regular expression at all. */
    private static String plain(String regex) {
        return NULLS.contains(regex) ? "(?:" + regex + ")" : regex;
    }

    private void text(@Nullable String text, FieldPath field) {
        if (text != null) {
            report.add(INVALID_RELABELING, field, Text.problem(text));
        }
    }

    private void fields(Relabeling step, RelabelAction action, FieldPath at) {
        if (NEED_TARGET.contains(action) && step.targetLabel() == null) {
            report.add(
                    INVALID_RELABELING,
                    at,
                    "the action " + action + " lacks targetLabel",
                    "the label to " + (action.name().endsWith("EQUAL") ? "compare with" : "write"),
                    "add targetLabel");
        }
        if (action == RelabelAction.HASHMOD && (step.modulus() == null || step.modulus() <= 0)) {
            report.add(INVALID_RELABELING, at, "the action hashmod lacks modulus", "1 or more", "add modulus");
        }
        List<String> unwanted = new ArrayList<>();
        boolean equal = action == RelabelAction.KEEPEQUAL || action == RelabelAction.DROPEQUAL;
        boolean names = action == RelabelAction.LABELDROP || action == RelabelAction.LABELKEEP;
        boolean letters = action == RelabelAction.LOWERCASE || action == RelabelAction.UPPERCASE;
        unwanted(unwanted, "sourceLabels", names && !step.sourceLabels().isEmpty());
        unwanted(unwanted, "targetLabel", names && step.targetLabel() != null);
        unwanted(unwanted, "regex", equal && step.regex() != null);
        unwanted(unwanted, "separator", (equal || names) && step.separator() != null);
        unwanted(unwanted, "replacement", (equal || names || letters) && step.replacement() != null);
        unwanted(unwanted, "modulus", (equal || names) && step.modulus() != null);
        for (String field : unwanted) {
            report.add(
                    INVALID_RELABELING,
                    at.field(field),
                    "the action " + action + " takes no " + field,
                    equal ? "sourceLabels and targetLabel" : names ? "regex" : "all fields but replacement",
                    "remove " + field);
        }
    }

    private static void unwanted(List<String> list, String field, boolean set) {
        if (set) {
            list.add(field);
        }
    }

    private void target(Relabeling step, RelabelAction action, FieldPath at) {
        String target = step.targetLabel();
        if (target != null) {
            boolean template = action == RelabelAction.REPLACE && target.contains("$");
            if (template) {
                if (names == NameScheme.LEGACY && !LEGACY_TARGET.matcher(target).matches()) {
                    report.add(
                            INVALID_RELABELING,
                            at.field("targetLabel"),
                            "the label name made of groups has characters that a label can't have",
                            "letters, digits, underscores and references such as ${1}",
                            "");
                }
            } else if (NEED_TARGET.contains(action)) {
                report.add(INVALID_RELABELING, at.field("targetLabel"), names.labelNameProblem(target));
            }
        }
        String map = step.replacement();
        if (action == RelabelAction.LABELMAP && map != null) {
            if (names == NameScheme.LEGACY ? !LEGACY_TARGET.matcher(map).matches() : map.isEmpty()) {
                report.add(
                        INVALID_RELABELING,
                        at.field("replacement"),
                        "the label name made of groups has characters that a label can't have",
                        "letters, digits, underscores and references such as ${1}",
                        "");
            }
        }
    }

    private void redirection(Relabeling step, RelabelAction action, FieldPath at) {
        if (redirection == null) {
            return;
        }
        String written = written(step);
        if (written == null || !canRedirect(written)) {
            return;
        }
        report.add(
                DiagnosticCode.CREDENTIAL_REDIRECTED,
                redirection,
                at.field(action == RelabelAction.LABELMAP ? "replacement" : "targetLabel"),
                "this step can change where Prometheus sends the credentials",
                "labels other than __address__, __scheme__, __metrics_path__ and __param_*",
                "write the address into the source, or remove the credentials");
    }

    /** Returns whether one of these steps can write {@code __address__}. */
    static boolean writeAddress(List<Relabeling> steps) {
        return steps.stream()
                .map(Relabelings::written)
                .anyMatch(written -> written != null && canBe(written, "__address__"));
    }

    /**
     * Returns the name of the label that a step writes, perhaps with references to groups; null where it writes none, or none
     * that decides where a request goes.
     */
    private static @Nullable String written(Relabeling step) {
        return switch (step.action() == null ? RelabelAction.REPLACE : step.action()) {
            case REPLACE, HASHMOD, LOWERCASE, UPPERCASE -> step.targetLabel();
            case LABELMAP -> {
                String name = step.replacement() == null ? "$1" : step.replacement();
                yield isHarmless(name, step.regex()) ? null : name;
            }
            default -> null;
        };
    }

    /** Returns whether the name, perhaps with references to groups, can be one that decides where a request goes. */
    private static boolean canRedirect(String name) {
        String start = start(name);
        return start.startsWith("__param_")
                || (start.length() < name.length() && "__param_".startsWith(start))
                || ADDRESS.stream().anyMatch(label -> canBe(name, label));
    }

    private static boolean canBe(String name, String label) {
        String start = start(name);
        return start.length() < name.length() ? label.startsWith(start) : label.equals(name);
    }

    /** Returns what of a name stands before its first reference to a group. */
    private static String start(String name) {
        int dollar = name.indexOf('$');
        return dollar < 0 ? name : name.substring(0, dollar);
    }

    /** Names of labels and annotations of Kubernetes start with a letter or a digit, so that they can't be such a name. */
    private static boolean isHarmless(String written, @Nullable String regex) {
        return (written.equals("$1") || written.equals("${1}"))
                && regex != null
                && OF_OBJECT.matcher(regex).matches();
    }
}
