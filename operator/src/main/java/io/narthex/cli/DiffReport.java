package io.narthex.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.print.Style;
import io.narthex.cli.print.Visible;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Retention;
import io.narthex.reconcile.Change;
import io.narthex.reconcile.ConfigDiff;
import io.narthex.reconcile.ConfigView;
import io.narthex.rollout.Retentions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What differs between two configurations, and what applying it takes. */
final class DiffReport {

    private final List<Change> changes;
    private final Effect effect;

    private DiffReport(List<Change> changes, Effect effect) {
        this.changes = changes;
        this.effect = effect;
    }

    /** Compares; the bundles are there where they were compiled here, and tell of the retention. */
    static DiffReport of(ConfigView before, ConfigView after, Optional<Bundle> was, Optional<Bundle> is) {
        List<Change> changes = ConfigDiff.between(before, after);
        return new DiffReport(changes, Effect.of(changes, was, is));
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    /** Prints the differences, a line each, and what applying them takes. */
    void print(Output output) {
        changes.forEach(change -> output.line(line(change, output.style())));
        output.aside(effect.words());
    }

    /** What applying the changes takes. */
    private record Effect(boolean restart, String reason, Optional<String> dataLoss, boolean any) {

        static Effect of(List<Change> changes, Optional<Bundle> before, Optional<Bundle> after) {
            List<String> atStart = changes.stream()
                    .filter(change -> change.part() == Change.Part.FLAG
                            || (change.part() == Change.Part.SETTING
                                    && change.name().startsWith(ConfigView.WEB_SETTINGS)))
                    .map(Change::name)
                    .toList();
            Optional<Retention> was = before.map(Bundle::retention);
            Optional<Retention> is = after.map(Bundle::retention);
            Optional<String> loss = was.isPresent() && is.isPresent()
                    ? Retentions.shrinks(was.get(), is.get())
                            .map(ways -> "Deletes samples (" + ways + ")"
                                    + (is.get().allowDataLoss() ? "." : ": refused without allowDataLoss."))
                    : Optional.empty();
            return new Effect(
                    !atStart.isEmpty(),
                    atStart.isEmpty()
                            ? ""
                            : String.join(", ", atStart) + (atStart.size() == 1 ? " is" : " are")
                                    + " read at start only",
                    loss,
                    !changes.isEmpty());
        }

        String words() {
            if (!any) {
                return "Nothing differs.";
            }
            String how = restart ? "Applying: RESTART (" + reason + ")." : "Applying: reload.";
            return how + dataLoss.map(loss -> " " + loss).orElse("");
        }
    }

    private static String line(Change change, Style style) {
        String what = switch (change.part()) {
            case JOB -> "job";
            case RULE_GROUP -> "rules";
            case SETTING -> "set";
            case FLAG -> "flag";
            case FILE -> "file";
        };
        String sign = change.part() == Change.Part.FLAG
                ? "!"
                : switch (change.kind()) {
                    case ADDED -> "+";
                    case REMOVED -> "-";
                    case CHANGED -> "~";
                };
        String name = Visible.of(change.name());
        String rest = Visible.of(rest(change));
        String line = sign + " " + what + "  " + name + (rest.isEmpty() ? "" : "   " + rest);
        return switch (change.kind()) {
            case ADDED -> style.green(line);
            case REMOVED -> style.red(line);
            case CHANGED -> change.part() == Change.Part.FLAG ? style.yellow(line) : line;
        };
    }

    private static String rest(Change change) {
        String field = change.field().isEmpty() ? "" : change.field() + " ";
        if (change.kind() == Change.Kind.CHANGED) {
            return change.before().isEmpty() && change.after().isEmpty() && field.isEmpty()
                    ? ""
                    : field + shown(change.before()) + " -> " + shown(change.after());
        }
        return change.kind() == Change.Kind.ADDED ? change.after() : change.before();
    }

    private static String shown(String value) {
        return value.isEmpty() ? "unset" : value;
    }

    /** Adds all of it to a document, which is returned. */
    ObjectNode into(ObjectNode document) {
        document.put("equal", changes.isEmpty())
                .put("restart", effect.restart())
                .put("reason", effect.reason());
        effect.dataLoss().ifPresent(loss -> document.put("dataLoss", loss));
        ArrayNode list = document.putArray("changes");
        for (Change change : changes) {
            list.addObject()
                    .put("kind", change.kind().name().toLowerCase(Locale.ROOT))
                    .put("part", change.part().name().toLowerCase(Locale.ROOT))
                    .put("name", change.name())
                    .put("field", change.field())
                    .put("before", change.before())
                    .put("after", change.after());
        }
        return document;
    }
}
