package io.narthex.compiler.frontend;

import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.config.value.Text;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Severity;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a single label of a service is read, whatever it declares, and what is told of it. */
final class LabelReading {

    /** The names that labels and parameters may have, in words. */
    static final String NAMES = "letters, digits and underscores, not a digit first and not two underscores";

    /** So many unknown labels of a service are told of at most; the rest would say the same. */
    private static final int MOST_UNKNOWN = 40;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    /**
     * A label as it stands.
     *
     * @param key its name
     * @param value its value
     * @param place where it stands
     * @param onContainer whether it is the container's, which is a mistake, and not the service's
     */
    record Written(String key, String value, FieldPath place, boolean onContainer) {}

    private final Report report;
    private int unknown;
    private boolean misplaced;

    LabelReading(Report report) {
        this.report = report;
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches() && !name.startsWith("__");
    }

    /** Returns the label as it counts: where quotes stand around its value, they came there by mistake. */
    FoundLabel read(Written label) {
        if (label.onContainer() && !misplaced) {
            misplaced = true;
            report.add(
                    DiagnosticCode.LABEL_ON_CONTAINER,
                    label.place(),
                    "the label " + Quoting.quote(label.key()) + " stands on the container, not on the service",
                    "labels under deploy.labels",
                    "move the labels from labels to deploy.labels in the stack's file");
        }
        String text = label.value().strip();
        if (text.length() >= 2
                && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                && text.charAt(text.length() - 1) == text.charAt(0)) {
            String inner = text.substring(1, text.length() - 1).strip();
            report.add(
                    DiagnosticCode.LABEL_QUOTED,
                    label.place(),
                    "the value holds quotes, which are taken off: " + Quoting.quote(text),
                    Quoting.quote(inner),
                    "write the labels as a map, " + Quoting.quote(label.key())
                            + ": VALUE; in a list, quotes go around the whole item");
            text = inner;
        }
        if (!Text.isWritable(text)) {
            report.add(DiagnosticCode.LABEL_VALUE_INVALID, label.place(), Text.problem(text));
            text = "";
        }
        return new FoundLabel(text, label.key(), label.place());
    }

    /** Tells that two labels say different things of one. */
    void compare(@Nullable FoundLabel counts, FoundLabel other, String why) {
        if (counts == null || counts.value().equals(other.value())) {
            return;
        }
        report.add(
                DiagnosticCode.LABELS_CONFLICT,
                other.place(),
                counts.place() + " is " + Quoting.quote(counts.value()) + " and " + other.place() + " is "
                        + Quoting.quote(other.value()) + "; " + why,
                "one value",
                "remove one of the labels");
    }

    /** Tells of a label that isn't known, unless there were many. */
    void unknown(Severity severity, FieldPath place, String message, String allowed, String remedy) {
        unknown++;
        if (unknown <= MOST_UNKNOWN) {
            report.add(DiagnosticCode.LABEL_UNKNOWN, severity, place, message, allowed, remedy);
        }
    }

    /** Tells how many unknown labels weren't told of. */
    void end() {
        if (unknown > MOST_UNKNOWN) {
            report.add(
                    DiagnosticCode.LABEL_UNKNOWN,
                    FieldPath.of("labels"),
                    "there are " + (unknown - MOST_UNKNOWN) + " more unknown labels",
                    "",
                    "see the list of labels in docs/swarm-labels.md");
        }
    }

    /** Returns the truth value that a text is; null for none. */
    static @Nullable Boolean bool(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes" -> Boolean.TRUE;
            case "false", "0", "no" -> Boolean.FALSE;
            default -> null;
        };
    }

    /** Returns the truth value of a label that says whether something is scraped; null, after telling so, where it is none. */
    @Nullable
    Boolean bool(FoundLabel found) {
        Boolean value = bool(found.value());
        if (value == null) {
            report.add(
                    DiagnosticCode.LABEL_VALUE_INVALID,
                    found.place(),
                    Quoting.quote(found.value()) + " is neither true nor false; nothing is scraped for it",
                    "\"true\" or \"false\"",
                    "");
        } else if (!found.value().equalsIgnoreCase(value.toString())) {
            report.add(
                    DiagnosticCode.LABEL_BOOLEAN,
                    found.place(),
                    Quoting.quote(found.value()) + " is taken for " + value,
                    "\"true\" or \"false\"",
                    "write \"" + value + "\"");
        }
        return value;
    }
}
