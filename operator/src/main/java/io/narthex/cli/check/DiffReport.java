package io.narthex.cli.check;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.print.Style;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.Output;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Retention;
import io.narthex.reconcile.Change;
import io.narthex.reconcile.ConfigDiff;
import io.narthex.reconcile.ConfigView;
import io.narthex.rollout.Retentions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What differs between two configurations, and what applying it takes. */
public final class DiffReport {

    private final List<Change> changes;
    private final Effect effect;

    private DiffReport(List<Change> changes, Effect effect) {
        this.changes = changes;
        this.effect = effect;
    }

    /** Compares; the bundles are there where they were compiled here, and tell of the retention. */
    public static DiffReport of(ConfigView before, ConfigView after, Optional<Bundle> was, Optional<Bundle> is) {
        return of(before, after, was, is, List.of(), false);
    }

    /**
     * Compares a server in a cluster.
     *
     * @param beside what differs of it besides its configuration
     * @param livesInPods whether its samples go with its pods
     */
    public static DiffReport of(
            ConfigView before,
            ConfigView after,
            Optional<Bundle> was,
            Optional<Bundle> is,
            List<Change> beside,
            boolean livesInPods) {
        List<Change> changes = new ArrayList<>(ConfigDiff.between(before, after));
        boolean configured = !changes.isEmpty();
        changes.addAll(beside);
        return new DiffReport(
                List.copyOf(changes), Effect.of(changes, was, is, configured, livesInPods && was.isPresent()));
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** Prints the differences, a line each, and what applying them takes. */
    public void print(Output output) {
        changes.forEach(change -> output.line(line(change, output.style())));
        output.aside(effect.words());
    }

    /** What applying the changes takes. */
    private record Effect(boolean restart, String reason, Optional<String> dataLoss, boolean configured, boolean any) {

        static Effect of(
                List<Change> changes,
                Optional<Bundle> before,
                Optional<Bundle> after,
                boolean configured,
                boolean livesInPods) {
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
            boolean pods = changes.stream().anyMatch(change -> change.part() == Change.Part.POD);
            boolean restart = pods || !atStart.isEmpty();
            List<String> reasons = new ArrayList<>();
            if (!atStart.isEmpty()) {
                reasons.add(
                        String.join(", ", atStart) + (atStart.size() == 1 ? " is" : " are") + " read at start only");
            }
            if (pods) {
                reasons.add("the pods become others");
            }
            List<String> losses = new ArrayList<>();
            loss.ifPresent(losses::add);
            if (restart && livesInPods) {
                losses.add("Deletes all samples: they go with the pods (storage.emptyDir).");
            }
            return new Effect(
                    restart,
                    String.join("; ", reasons),
                    losses.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", losses)),
                    configured,
                    !changes.isEmpty());
        }

        String words() {
            if (!any) {
                return "Nothing differs.";
            }
            String how = restart
                    ? "Applying: RESTART (" + reason + ")."
                    : configured ? "Applying: reload." : "Applying: neither reload nor restart.";
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
            case POD -> "pod";
            case OBJECT -> "object";
        };
        boolean restarts = change.part() == Change.Part.FLAG || change.part() == Change.Part.POD;
        String sign = restarts
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
            case CHANGED -> restarts ? style.yellow(line) : line;
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
    public ObjectNode into(ObjectNode document) {
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
