package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.RULES_NOT_CONFINED;

import io.narthex.api.v1alpha1.Rule;
import io.narthex.api.v1alpha1.RuleGroup;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.Expression;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.promql.Confinement;
import io.narthex.compiler.promql.Query;
import io.narthex.compiler.promql.QueryText;
import io.narthex.compiler.template.RuleTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one RuleSet of another namespace within the labels that the server enforces: its expressions read series that
 * bear them only, and what it records and alerts bears them.
 *
 * <p>An expression is rewritten as a tree, which Prometheus's parser made of it, and used once that parser made the
 * wanted tree of the new text. Until somebody was there to ask, and wherever there is doubt, the rule is refused.
 */
final class RuleConfinement {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final String TENANCY =
            "remove the label from tenancy of the PrometheusServer, or let a server of the"
                    + " RuleSet's own namespace take it";

    private final ResourceKey ruleSet;
    private final SortedMap<String, String> labels;
    private final ServerSettings server;
    private final Dialect dialect;
    private final Function<String, @Nullable QueryVerdict> verdicts;
    private final List<Expression> wanted = new ArrayList<>();
    private int waiting;

    /**
     * Prepares the look at one RuleSet.
     *
     * @param ruleSet the RuleSet
     * @param labels what is enforced on it, at least one label
     * @param server the server that takes it
     * @param dialect what the server understands
     * @param verdicts what is known of an expression; null for nothing
     */
    RuleConfinement(
            ResourceKey ruleSet,
            SortedMap<String, String> labels,
            ServerSettings server,
            Dialect dialect,
            Function<String, @Nullable QueryVerdict> verdicts) {
        this.ruleSet = ruleSet;
        this.labels = labels;
        this.server = server;
        this.dialect = dialect;
        this.verdicts = verdicts;
    }

    /** Returns whether the labels can confine rules on this server; notes why they can't. */
    boolean isPossible(Report report) {
        if (!dialect.hasParseQuery()) {
            report.add(
                    RULES_NOT_CONFINED,
                    SPEC,
                    "the server confines RuleSets of other namespaces to the labels " + shown() + ", for which"
                            + " Prometheus itself must parse their expressions; " + dialect.version() + " can't",
                    "Prometheus 3.0 or later",
                    "use a newer Prometheus, or move the RuleSet into the namespace "
                            + server.server().namespace());
            return false;
        }
        // What else a label must be to be enforced is said of the server, which isn't run with a wrong one.
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (label.getValue().contains("{{")) {
                report.add(
                        RULES_NOT_CONFINED,
                        SPEC,
                        "the label " + Quoting.quote(label.getKey()) + ", which the server enforces on RuleSets of"
                                + " other namespaces, can't confine rules: alerts would take its value for a template",
                        "a value without {{",
                        TENANCY);
                return false;
            }
        }
        return true;
    }

    /** Returns the expression to use; empty where there is none yet, or none at all, after noting why. */
    Optional<String> expression(String text, FieldPath at, Report report) {
        switch (verdicts.apply(text)) {
            case null -> waiting++;
            case QueryVerdict.Valid valid -> waiting++;
            // Told already, with its place.
            case QueryVerdict.Refused refused -> {}
            case QueryVerdict.Unparsed(String unknown) ->
                refuse(
                        "what Prometheus " + dialect.version() + " makes of it holds " + unknown
                                + ", which isn't known",
                        at,
                        report);
            case QueryVerdict.Unanswered(String why) -> refuse(why, at, report);
            case QueryVerdict.Parsed(Query query, Set<String> hidden) -> {
                return confined(query, hidden, at, report);
            }
        }
        return Optional.empty();
    }

    private Optional<String> confined(Query query, Set<String> hidden, FieldPath at, Report report) {
        Optional<String> feature =
                hidden.stream().filter(server.features()::contains).sorted().findFirst();
        if (feature.isPresent()) {
            refuse(
                    "the server has the feature " + feature.get() + ", whose use Prometheus " + dialect.version()
                            + " doesn't tell of",
                    at,
                    report);
            return Optional.empty();
        }
        Confinement confinement = new Confinement(labels);
        Optional<String> function = confinement.forbidden(query);
        if (function.isPresent()) {
            refuse(
                    "the function " + function.get()
                            + (function.get().equals("info")
                                    ? " reads series that no selector names"
                                    : " isn't known, and may read series that no selector names"),
                    at,
                    report);
            return Optional.empty();
        }
        Query goal = confinement.confine(query);
        String rewritten = QueryText.of(goal);
        wanted.add(new Expression(ruleSet, at, rewritten, true));
        switch (verdicts.apply(rewritten)) {
            case null -> waiting++;
            case QueryVerdict.Valid valid -> waiting++;
            case QueryVerdict.Parsed(Query proof, var others)
            when proof.equals(goal) -> {
                return Optional.of(rewritten);
            }
            case QueryVerdict.Refused(String message, var place) ->
                refuse("Prometheus refuses it rewritten: " + message, at, report);
            case QueryVerdict.Unanswered(String why) -> refuse(why, at, report);
            default -> refuse("Prometheus makes something else of it rewritten", at, report);
        }
        return Optional.empty();
    }

    private void refuse(String why, FieldPath at, Report report) {
        report.add(
                RULES_NOT_CONFINED,
                at,
                "the expression can't be confined to the labels " + shown() + ": " + why,
                "",
                "write it otherwise, or move the RuleSet into the namespace "
                        + server.server().namespace());
    }

    /** Notes what in a group's labels, which its alerts take for templates, could read series of others. */
    void check(RuleGroup group, FieldPath at, Report report) {
        boolean alerts = group.rules().stream().anyMatch(rule -> rule.alert() != null);
        templates(group.labels(), at.field("labels"), report, alerts);
    }

    /** Notes what else in a rule could read series of others. */
    void check(Rule rule, FieldPath at, Report report) {
        templates(rule.labels(), at.field("labels"), report, rule.alert() != null);
        templates(rule.annotations(), at.field("annotations"), report, true);
    }

    private void templates(Map<String, String> texts, FieldPath at, Report report, boolean templates) {
        texts.forEach((name, text) -> {
            if (templates && text != null && RuleTemplate.mentions(text, "query")) {
                report.add(
                        RULES_NOT_CONFINED,
                        at.field(name),
                        "the template uses the function query, which reads any series of the server",
                        "templates without query",
                        "show what the expression itself yields, by $value and $labels");
            }
        });
    }

    /** Returns a rule's labels with the enforced ones, which come before the rule's own. */
    Map<String, String> labels(Map<String, String> own) {
        TreeMap<String, String> all = new TreeMap<>(own);
        all.putAll(labels);
        return all;
    }

    /** Notes, once, that expressions wait for somebody who can parse them. */
    void tellWaiting(Report report) {
        if (waiting > 0) {
            report.add(
                    RULES_NOT_CONFINED,
                    SPEC,
                    "the server confines RuleSets of other namespaces to the labels " + shown() + ", for which a"
                            + " running Prometheus " + dialect.version() + " must parse their expressions, and none"
                            + " has yet",
                    "",
                    "start the server; with narthex run it is asked as soon as it runs");
        }
    }

    /** Returns the rewritten expressions, whose trees must be known. */
    List<Expression> wanted() {
        return wanted;
    }

    private String shown() {
        StringBuilder text = new StringBuilder();
        labels.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : ", ").append(name).append('=').append(Quoting.quote(value)));
        return text.toString();
    }
}
