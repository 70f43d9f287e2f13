package io.narthex.compiler.frontend;

import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts together the alerts that a service's labels declare, in Narthex's own form and in that of Docker Flow Monitor. */
final class AlertLabelReader {

    /** What the labels of an alert begin with, after what all of Narthex's own begin with. */
    static final String PREFIX = "alert.";

    /** The most alerts of a service. */
    private static final int MOST = 32;

    /** What stands before the number of an alert in Docker Flow Monitor's form; no name of an alert has a slash. */
    private static final String FLOW = "com.df/";

    private static final Pattern KEY = Pattern.compile(
            "alert\\.([^.]{1,256})\\.(expr|for|keep-firing-for|labels\\.([^.]+)|annotations\\.([^.]+))",
            Pattern.DOTALL);
    private static final Pattern FLOW_KEY =
            Pattern.compile("com\\.df\\.(alertName|alertIf|alertFor|alertLabels|alertAnnotations)(?:\\.(\\d{1,4}))?");

    private static final class Draft {
        private final Map<String, FoundLabel> parts = new TreeMap<>();
        private final Map<String, FoundLabel> labels = new TreeMap<>();
        private final Map<String, FoundLabel> annotations = new TreeMap<>();
        private final FieldPath place;

        Draft(FieldPath place) {
            this.place = place;
        }
    }

    private final LabelReading reading;
    private final Report report;
    private final Map<String, Draft> drafts = new TreeMap<>();

    AlertLabelReader(LabelReading reading, Report report) {
        this.reading = reading;
        this.report = report;
    }

    /** Returns whether a label is one of Docker Flow Monitor's alerts. */
    static boolean isFlow(String key) {
        return FLOW_KEY.matcher(key).matches();
    }

    /**
     * Takes a label in Narthex's own form.
     *
     * @param rest its name, from {@link #PREFIX} on
     */
    void take(String rest, LabelReading.Written written) {
        Matcher matcher = KEY.matcher(rest);
        if (!matcher.matches()) {
            reading.unknown(
                    Severity.WARNING,
                    written.place(),
                    "there is no label " + Quoting.quote(written.key()) + "; it is ignored",
                    "alert.ALERT. with expr, for, keep-firing-for, labels.NAME or annotations.NAME",
                    "correct it");
            return;
        }
        String label = matcher.group(3);
        String annotation = matcher.group(4);
        String name = label != null ? label : annotation;
        if (name != null && !LabelReading.isName(name)) {
            report.add(
                    DiagnosticCode.LABEL_VALUE_INVALID,
                    written.place(),
                    Quoting.quote(name) + " is no name of a" + (label != null ? " label" : "n annotation"),
                    LabelReading.NAMES,
                    "rename it");
            return;
        }
        FoundLabel found = reading.read(written);
        Draft draft = draft(matcher.group(1), written.place());
        Map<String, FoundLabel> parts =
                label != null ? draft.labels : annotation != null ? draft.annotations : draft.parts;
        FoundLabel first = parts.putIfAbsent(name == null ? matcher.group(2) : name, found);
        reading.compare(first, found, "the label of the service counts");
    }

    private Draft draft(String name, FieldPath place) {
        return drafts.computeIfAbsent(name, some -> new Draft(place));
    }

    /** Takes a label if it is one of Docker Flow Monitor's alerts, which are named when all parts are there; else false. */
    boolean takeFlow(LabelReading.Written written) {
        Matcher matcher = FLOW_KEY.matcher(written.key());
        if (!matcher.matches()) {
            return false;
        }
        FoundLabel found = reading.read(written);
        String index = matcher.group(2);
        Draft draft = draft(FLOW + (index == null ? "" : index), found.place());
        switch (matcher.group(1)) {
            case "alertName" -> draft.parts.putIfAbsent("name", found);
            case "alertIf" -> draft.parts.putIfAbsent("expr", found);
            case "alertFor" -> draft.parts.putIfAbsent("for", found);
            case "alertLabels" -> pairs(found, draft.labels);
            default -> pairs(found, draft.annotations);
        }
        return true;
    }

    private void pairs(FoundLabel found, Map<String, FoundLabel> into) {
        for (String pair : found.value().split(",", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? "" : pair.substring(0, equals).strip();
            if (!LabelReading.isName(name)) {
                report.add(
                        DiagnosticCode.LABEL_NOT_TRANSLATED,
                        found.place(),
                        Quoting.quote(pair) + " is no pair of a name and a value; it is ignored",
                        "NAME=VALUE,NAME=VALUE",
                        "use " + LabelField.PREFIX + PREFIX + "ALERT.labels.NAME");
                continue;
            }
            into.putIfAbsent(name, new FoundLabel(pair.substring(equals + 1).strip(), found.key(), found.place()));
        }
    }

    /** Returns the alerts, by name, no more than {@link #MOST}. */
    List<AlertLabels> alerts() {
        List<AlertLabels> declared = new ArrayList<>();
        Set<String> names = new HashSet<>();
        drafts.forEach((key, draft) -> {
            FoundLabel named = draft.parts.get("name");
            FoundLabel expr = draft.parts.get("expr");
            String name = named == null ? key : named.value();
            if (key.startsWith(FLOW) && !isTranslated(named, expr, draft.place)) {
                return;
            }
            if (!names.add(name)) {
                report.add(
                        DiagnosticCode.LABELS_CONFLICT,
                        draft.place,
                        "two alerts are called " + Quoting.quote(name) + "; the former counts",
                        "each name once",
                        "rename one of them");
                return;
            }
            declared.add(new AlertLabels(
                    name,
                    expr,
                    draft.parts.get("for"),
                    draft.parts.get("keep-firing-for"),
                    draft.labels,
                    draft.annotations,
                    draft.place));
        });
        if (declared.size() > MOST) {
            report.add(
                    DiagnosticCode.LABELS_TOO_MANY,
                    declared.get(MOST).place(),
                    "the labels declare " + declared.size() + " alerts; the first " + MOST + " by name are evaluated",
                    "at most " + MOST,
                    "declare a RuleSet for the others");
        }
        return List.copyOf(declared.subList(0, Math.min(declared.size(), MOST)));
    }

    /** Returns whether an alert in Docker Flow Monitor's form means something to Prometheus; says why where it doesn't. */
    private boolean isTranslated(@Nullable FoundLabel named, @Nullable FoundLabel expr, FieldPath place) {
        boolean isShortcut = expr != null && expr.value().startsWith("@");
        if (named != null && !isShortcut) {
            return true;
        }
        report.add(
                DiagnosticCode.LABEL_NOT_TRANSLATED,
                expr == null ? place : expr.place(),
                named == null
                        ? "the alert has no alertName; it is left out"
                        : "the alert " + Quoting.quote(named.value()) + " uses a shortcut of Docker Flow Monitor, "
                                + Quoting.quote(expr == null ? "" : expr.value()) + "; it is left out",
                "an expression in PromQL",
                "write it as " + LabelField.PREFIX + PREFIX + "NAME.expr");
        return false;
    }
}
