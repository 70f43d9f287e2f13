package io.narthex.compiler.config.value;

import static io.narthex.compiler.config.value.Quoting.quote;

import java.util.Optional;

/**
 * Which names metrics and labels may have (Prometheus documentation, "Data model").
 *
 * <p>Prometheus below 3.0 knows {@link #LEGACY} only; from 3.0 on {@link #UTF8} is its default.
 */
public enum NameScheme {
    /** ASCII letters, digits and underscores, not a digit first; metric names also colons. */
    LEGACY("legacy"),
    /** Any Unicode text that isn't empty. */
    UTF8("utf8");

    private final String text;

    NameScheme(String text) {
        this.text = text;
    }

    /** Returns what the configuration calls it: the value of {@code metric_name_validation_scheme}. */
    public String text() {
        return text;
    }

    /** Returns what is wrong with {@code name} as the name of a label, if anything is. */
    public Optional<Problem> labelNameProblem(String name) {
        return problem(name, "label", false, "[a-zA-Z_][a-zA-Z0-9_]*");
    }

    /** Returns what is wrong with {@code name} as the name of a metric, if anything is. */
    public Optional<Problem> metricNameProblem(String name) {
        return problem(name, "metric", true, "[a-zA-Z_:][a-zA-Z0-9_:]*");
    }

    /** Returns whether {@code name} can name a label. */
    public boolean isLabelName(String name) {
        return this == LEGACY ? isLegacy(name, false) : !name.isEmpty() && Text.isWritable(name);
    }

    /** Returns whether {@code name} can name a metric. */
    public boolean isMetricName(String name) {
        return this == LEGACY ? isLegacy(name, true) : !name.isEmpty() && Text.isWritable(name);
    }

    private Optional<Problem> problem(String name, String what, boolean colons, String allowed) {
        if (colons ? isMetricName(name) : isLabelName(name)) {
            return Optional.empty();
        }
        if (this == UTF8) {
            return name.isEmpty()
                    ? Optional.of(new Problem("a " + what + " name must not be empty", "any text", ""))
                    : Text.problem(name);
        }
        String better = legacyFrom(name, colons);
        return Optional.of(new Problem(
                quote(name) + " is not a valid " + what + " name",
                "a name of the form " + allowed,
                better.isEmpty() ? "" : "rename it, for example to " + better));
    }

    private static boolean isLegacy(String name, boolean colons) {
        if (name.isEmpty() || Ascii.isDigit(name.charAt(0))) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isLegacy(name.charAt(i), colons)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLegacy(char c, boolean colons) {
        return Ascii.isLetterOrDigit(c) || c == '_' || (colons && c == ':');
    }

    private static String legacyFrom(String name, boolean colons) {
        if (name.isEmpty() || name.length() > 60) {
            return "";
        }
        StringBuilder better = new StringBuilder(Ascii.isDigit(name.charAt(0)) ? "_" : "");
        boolean kept = false;
        for (int i = 0; i < name.length(); i++) {
            boolean good = isLegacy(name.charAt(i), colons);
            kept |= good && name.charAt(i) != '_';
            better.append(good ? name.charAt(i) : '_');
        }
        return kept ? better.toString() : "";
    }
}
