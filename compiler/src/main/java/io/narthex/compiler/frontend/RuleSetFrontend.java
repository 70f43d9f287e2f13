package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_RULE;
import static io.narthex.compiler.model.DiagnosticCode.INVALID_RULE_VALUE;

import io.narthex.api.v1alpha1.Rule;
import io.narthex.api.v1alpha1.RuleGroup;
import io.narthex.api.v1alpha1.RuleSetSpec;
import io.narthex.api.v1alpha1.Tenancy;
import io.narthex.compiler.assemble.Digest;
import io.narthex.compiler.assemble.RulePiece;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.Finding;
import io.narthex.compiler.config.Rendered;
import io.narthex.compiler.config.RuleConfig;
import io.narthex.compiler.config.RuleGroupConfig;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.config.value.Text;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Expression;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.template.RuleTemplate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns a RuleSet into groups of rules. Of PromQL it knows what Prometheus's own parser said, if that was asked. */
public final class RuleSetFrontend {

    private static final FieldPath GROUPS = FieldPath.of("spec", "groups");
    private static final Pattern RULE = Pattern.compile("rules\\[(\\d+)\\]\\.?(.*)");

    /**
     * What a RuleSet became.
     *
     * @param groups its groups, without those that are wrong
     * @param diagnostics what is wrong with it
     * @param expressions the expressions of its rules
     */
    public record Result(List<RulePiece> groups, List<Diagnostic> diagnostics, List<Expression> expressions) {}

    private final ServerSettings server;
    private final Dialect dialect;
    private final Names names;
    private final Function<String, @Nullable QueryVerdict> verdicts;

    /**
     * Makes a frontend for one server.
     *
     * @param server what the server asks for
     * @param verdicts what is known of an expression; null for nothing
     */
    public RuleSetFrontend(ServerSettings server, Function<String, @Nullable QueryVerdict> verdicts) {
        this.server = server;
        this.verdicts = verdicts;
        this.dialect = server.dialect();
        this.names = Names.of(dialect, server.names());
    }

    /** Returns what {@code ruleSet} becomes. */
    public Result compile(Declared<RuleSetSpec> ruleSet) {
        Report report = new Report(ruleSet);
        if (server.agent()) {
            report.add(
                    DiagnosticCode.RULES_IN_AGENT,
                    FieldPath.of("spec"),
                    "the " + server.server() + " is an agent, which evaluates no rules",
                    "a server that is no agent",
                    "let another server take the RuleSet");
            return new Result(List.of(), report.diagnostics(), List.of());
        }
        Optional<RuleConfinement> confinement = confinement(ruleSet);
        if (confinement.isPresent() && !confinement.get().isPossible(report)) {
            return new Result(List.of(), report.diagnostics(), List.of());
        }
        List<RulePiece> pieces = new ArrayList<>();
        List<Expression> expressions = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<RuleGroup> groups = ruleSet.spec().groups();
        for (int i = 0; i < groups.size(); i++) {
            RuleGroup group = groups.get(i);
            FieldPath at = GROUPS.index(i, group.name());
            Report own = new Report(ruleSet);
            if (!names.add(group.name())) {
                own.add(
                        DiagnosticCode.DUPLICATE_GROUP,
                        at.field("name"),
                        "two groups are called " + Quoting.quote(group.name()),
                        "each name once",
                        "rename one of them");
            }
            Optional<RuleGroupConfig> config = group(group, at, own, confinement, tenancy(ruleSet));
            for (int r = 0; r < group.rules().size(); r++) {
                String text = group.rules().get(r).expr();
                if (isAskable(text)) {
                    expressions.add(new Expression(
                            ruleSet.key(), at.field("rules").index(r).field("expr"), text, confinement.isPresent()));
                }
            }
            RulePiece piece =
                    own.errors() == 0 && config.isPresent() ? piece(ruleSet, group, config.get(), at, own) : null;
            if (piece != null && own.errors() == 0) {
                pieces.add(piece);
            }
            report.addAll(own.diagnostics());
        }
        confinement.ifPresent(some -> {
            some.tellWaiting(report);
            expressions.addAll(some.wanted());
        });
        return new Result(List.copyOf(pieces), report.diagnostics(), List.copyOf(expressions));
    }

    private Optional<RuleConfinement> confinement(Declared<RuleSetSpec> ruleSet) {
        SortedMap<String, String> labels = server.enforcedLabels(ruleSet.key().namespace());
        return labels.isEmpty()
                ? Optional.empty()
                : Optional.of(new RuleConfinement(ruleSet.key(), labels, server, dialect, verdicts));
    }

    private RulePiece piece(
            Declared<RuleSetSpec> ruleSet, RuleGroup group, RuleGroupConfig config, FieldPath at, Report report) {
        Rendered rendered = dialect.render(config);
        for (Finding finding : rendered.findings()) {
            report.addAll(List.of(finding.toDiagnostic(ruleSet.key(), place(at, finding.path()), ruleSet.source())));
        }
        byte[] bytes = rendered.bytes();
        return new RulePiece(
                ruleSet.key(),
                group.name(),
                config.rules().size(),
                Digest.of(bytes),
                name -> name.equals(group.name())
                        ? bytes
                        : dialect.render(new RuleGroupConfig(
                                        name,
                                        config.interval(),
                                        config.queryOffset(),
                                        config.limit(),
                                        config.labels(),
                                        config.rules()))
                                .bytes());
    }

    private static FieldPath place(FieldPath group, String path) {
        Matcher rule = RULE.matcher(path);
        FieldPath at = group;
        String rest = path;
        if (rule.matches()) {
            at = at.field("rules").index(Integer.parseInt(rule.group(1)));
            rest = rule.group(2);
        }
        return switch (rest) {
            case "keep_firing_for" -> at.field("keepFiringFor");
            case "query_offset" -> at.field("queryOffset");
            case "labels" -> at.field("labels");
            default -> at;
        };
    }

    /** Returns the group; empty where one of its rules isn't to be had. */
    private Optional<RuleGroupConfig> group(
            RuleGroup group,
            FieldPath at,
            Report report,
            Optional<RuleConfinement> confinement,
            Optional<Tenancy> tenancy) {
        Texts texts = new Texts(report, INVALID_RULE_VALUE);
        texts.check(group.name(), at.field("name"));
        if (group.name().isBlank()) {
            report.add(INVALID_RULE, at.field("name"), "the group has no name", "a name", "name the group");
        }
        boolean alerts = group.rules().stream().anyMatch(rule -> rule.alert() != null);
        labels(group.labels(), at.field("labels"), report, alerts);
        confinement.ifPresent(some -> some.check(group, at, report));
        List<RuleConfig> rules = new ArrayList<>(group.rules().size());
        Set<List<Object>> seen = new HashSet<>();
        for (int i = 0; i < group.rules().size(); i++) {
            Rule rule = group.rules().get(i);
            FieldPath ruleAt = at.field("rules").index(i);
            rule(rule, labels(group, rule), ruleAt, report, texts, confinement).ifPresent(rules::add);
            String name = rule.alert() != null ? rule.alert() : rule.record();
            if (!seen.add(List.of(Optional.ofNullable(name), rule.expr(), rule.labels()))) {
                report.add(
                        DiagnosticCode.DUPLICATE_RULE,
                        ruleAt,
                        "the group has the same rule twice",
                        "each rule once",
                        "remove one of them");
            }
        }
        if (rules.size() < group.rules().size()) {
            return Optional.empty();
        }
        return Optional.of(RuleGroupConfig.builder()
                .name(group.name())
                .interval(interval(group, at.field("interval"), report, texts, tenancy))
                .queryOffset(texts.duration(group.queryOffset(), at.field("queryOffset")))
                .limit(group.limit() == null ? null : Long.valueOf(group.limit()))
                .labels(dialect.hasGroupLabels() ? group.labels() : Map.of())
                .rules(rules)
                .build());
    }

    /** Returns what binds this RuleSet; empty where nothing does. */
    private Optional<Tenancy> tenancy(Declared<RuleSetSpec> ruleSet) {
        return server.isForeign(ruleSet.key().namespace()) ? Optional.ofNullable(server.tenancy()) : Optional.empty();
    }

    /** Returns the interval to write, no shorter than the server grants; null for the server's own. */
    private @Nullable PrometheusDuration interval(
            RuleGroup group, FieldPath at, Report report, Texts texts, Optional<Tenancy> tenancy) {
        PrometheusDuration interval = texts.positive(group.interval(), at);
        PrometheusDuration least = tenancy.map(Tenancy::minEvaluationInterval)
                .flatMap(text -> PrometheusDuration.parse(text).toOptional())
                .orElse(PrometheusDuration.ZERO);
        PrometheusDuration effective = interval == null ? server.evaluationInterval() : interval;
        if (effective.compareTo(least) >= 0) {
            return interval;
        }
        report.add(
                DiagnosticCode.INTERVAL_RAISED,
                at,
                "interval " + effective + " is shorter than the server grants; it is raised to " + least,
                "at least " + least,
                "set interval to " + least + " or more");
        return least;
    }

    /** Returns a rule's labels, with those of its group where the release knows only the former. */
    private Map<String, String> labels(RuleGroup group, Rule rule) {
        if (dialect.hasGroupLabels() || group.labels().isEmpty()) {
            return rule.labels();
        }
        Map<String, String> labels = new TreeMap<>(group.labels());
        labels.putAll(rule.labels());
        return labels;
    }

    /** Returns the rule; empty where nobody can tell yet whether its expression can be used. */
    private Optional<RuleConfig> rule(
            Rule rule,
            Map<String, String> labels,
            FieldPath at,
            Report report,
            Texts texts,
            Optional<RuleConfinement> confinement) {
        if ((rule.alert() == null) == (rule.record() == null)) {
            report.add(
                    INVALID_RULE,
                    at,
                    "alert and record are " + (rule.alert() == null ? "both missing" : "both set"),
                    "exactly one of alert and record",
                    "name either the alert or the series to record");
        }
        texts.check(rule.expr(), at.field("expr"));
        if (rule.expr().isBlank()) {
            report.add(INVALID_RULE, at.field("expr"), "the expression is empty", "an expression in PromQL", "");
        }
        Optional<String> expression = confinement.isEmpty() ? Optional.of(rule.expr()) : Optional.empty();
        if (isAskable(rule.expr())) {
            query(rule.expr(), at.field("expr"), report);
            if (confinement.isPresent()) {
                expression = confinement.get().expression(rule.expr(), at.field("expr"), report);
            }
        }
        texts.check(rule.alert(), at.field("alert"));
        if (rule.record() != null) {
            report.add(INVALID_RULE, at.field("record"), names.rules().metricNameProblem(rule.record()));
            if (rule.record().indexOf('{') >= 0 || rule.record().indexOf('}') >= 0) {
                report.add(
                        INVALID_RULE,
                        at.field("record"),
                        "the name " + Quoting.quote(rule.record()) + " holds braces",
                        "the name of a series without labels",
                        "put the labels into labels");
            }
            alertsOnly("for", rule.forDuration() != null, at, report);
            alertsOnly("keepFiringFor", rule.keepFiringFor() != null, at, report);
            alertsOnly("annotations", !rule.annotations().isEmpty(), at, report);
        }
        labels(rule.labels(), at.field("labels"), report, rule.alert() != null);
        annotations(rule.annotations(), at.field("annotations"), report);
        confinement.ifPresent(some -> some.check(rule, at, report));
        PrometheusDuration hold = texts.duration(rule.forDuration(), at.field("for"));
        PrometheusDuration keep = texts.duration(rule.keepFiringFor(), at.field("keepFiringFor"));
        if (expression.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(RuleConfig.builder()
                .record(rule.record())
                .alert(rule.alert())
                .expr(expression.get())
                .forDuration(hold)
                .keepFiringFor(keep)
                .labels(confinement.map(some -> some.labels(labels)).orElse(labels))
                .annotations(rule.annotations())
                .build());
    }

    private static boolean isAskable(String expression) {
        return !expression.isBlank() && Text.isWritable(expression);
    }

    private void query(String expression, FieldPath at, Report report) {
        if (!(verdicts.apply(expression) instanceof QueryVerdict.Refused(String message, var place))) {
            return;
        }
        int end = expression.codePointCount(0, expression.stripTrailing().length());
        report.addInside(
                DiagnosticCode.INVALID_QUERY,
                at,
                place.map(known -> Math.min(known.indexIn(expression), end)).orElse(0),
                "the expression is not PromQL: " + message,
                "",
                "mend the expression; Prometheus's own page at /query tells the same while you type");
    }

    private static void alertsOnly(String field, boolean set, FieldPath at, Report report) {
        if (set) {
            report.add(
                    INVALID_RULE,
                    at.field(field),
                    field + " is set for a recording rule",
                    "alerting rules only",
                    "remove " + field);
        }
    }

    private void labels(Map<String, String> labels, FieldPath at, Report report, boolean templates) {
        labels.forEach((name, value) -> {
            FieldPath field = at.field(name);
            report.add(INVALID_RULE, field, names.labels().labelNameProblem(name));
            if (name.equals("__name__")) {
                report.add(
                        INVALID_RULE,
                        field,
                        "a rule can't set the label __name__",
                        "another label",
                        "set record, or remove the label");
            }
            value(value, field, report, templates);
        });
    }

    private void annotations(Map<String, String> annotations, FieldPath at, Report report) {
        annotations.forEach((name, value) -> {
            FieldPath field = at.field(name);
            report.add(INVALID_RULE, field, names.labels().labelNameProblem(name));
            value(value, field, report, true);
        });
    }

    private void value(@Nullable String value, FieldPath at, Report report, boolean template) {
        String text = value == null ? "" : value;
        new Texts(report, INVALID_RULE_VALUE).check(text, at);
        if (template) {
            report.add(DiagnosticCode.INVALID_TEMPLATE, at, RuleTemplate.problem(text, dialect.version()));
        }
    }
}
