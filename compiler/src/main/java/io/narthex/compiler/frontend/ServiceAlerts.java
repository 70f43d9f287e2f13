package io.narthex.compiler.frontend;

import io.narthex.api.v1alpha1.Rule;
import io.narthex.api.v1alpha1.RuleGroup;
import io.narthex.api.v1alpha1.RuleSetSpec;
import io.narthex.compiler.assemble.RulePiece;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Expression;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.SourceMap;
import io.narthex.compiler.swarm.SwarmService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the alerts that a service's labels declare into rule groups, by the rules of RuleSets. */
final class ServiceAlerts {

    /** What is left of {@code {{ $value }}} and {@code {{ $labels.x }}} where a compose file took the variable out. */
    private static final Pattern LOST_DOLLAR = Pattern.compile("\\{\\{-?\\s*+(?:\\.[A-Za-z_][\\w.]*+\\s*+)?-?\\}\\}");

    /**
     * What the alerts became.
     *
     * @param groups a group for each alert that is right
     * @param expressions the expressions of all of them
     */
    record Result(List<RulePiece> groups, List<Expression> expressions) {
        static final Result NOTHING = new Result(List.of(), List.of());
    }

    private final ServerSettings server;
    private final RuleSetFrontend rules;

    ServiceAlerts(ServerSettings server, Function<String, @Nullable QueryVerdict> verdicts) {
        this.server = server;
        this.rules = new RuleSetFrontend(server, verdicts);
    }

    Result compile(Declared<SwarmService> service, List<AlertLabels> alerts, Report report) {
        if (alerts.isEmpty()) {
            return Result.NOTHING;
        }
        if (!server.enforcedLabels(service.key().namespace()).isEmpty()) {
            report.add(
                    DiagnosticCode.ALERTS_BY_LABEL_REFUSED,
                    alerts.getFirst().place(),
                    "the server enforces labels on what others declare, and takes no alerts from labels then",
                    "a RuleSet",
                    "declare a RuleSet, whose expressions are confined to the enforced labels");
            return Result.NOTHING;
        }
        List<RulePiece> groups = new ArrayList<>();
        List<Expression> expressions = new ArrayList<>();
        for (AlertLabels alert : alerts) {
            if (alert.expr() == null) {
                report.add(
                        DiagnosticCode.ALERT_INCOMPLETE,
                        alert.place(),
                        "the alert " + Quoting.quote(alert.name()) + " has no expression",
                        "an expression in PromQL",
                        "add the label "
                                + Quoting.quote(LabelField.PREFIX + AlertLabelReader.PREFIX + alert.name() + ".expr"));
                continue;
            }
            dollars(alert, report);
            RuleSetFrontend.Result result = rules.compile(ruleSet(service, alert));
            result.diagnostics().forEach(one -> report.addAll(List.of(moved(one, alert))));
            groups.addAll(result.groups());
            result.expressions()
                    .forEach(one -> expressions.add(
                            new Expression(one.resource(), place(one.field(), alert), one.text(), one.tree())));
        }
        return new Result(List.copyOf(groups), List.copyOf(expressions));
    }

    private static void dollars(AlertLabels alert, Report report) {
        List<FoundLabel> texts = new ArrayList<>(alert.labels().values());
        texts.addAll(alert.annotations().values());
        for (FoundLabel text : texts) {
            if (LOST_DOLLAR.matcher(text.value()).find()) {
                report.add(
                        DiagnosticCode.LABEL_DOLLAR_LOST,
                        text.place(),
                        "the template " + Quoting.quote(text.value()) + " seems to have lost a $",
                        "{{ $value }} or {{ $labels.NAME }}",
                        "write $$ for each $ in the stack's file, where a single one begins a variable");
            }
        }
    }

    private static Declared<RuleSetSpec> ruleSet(Declared<SwarmService> service, AlertLabels alert) {
        String stack = service.spec().stack().orElse(SwarmService.NO_STACK);
        String group = "swarm/" + stack + "/" + service.spec().shortName() + "/" + alert.name();
        Rule rule = new Rule(
                alert.name(),
                null,
                alert.expr() == null ? "" : alert.expr().value(),
                value(alert.hold()),
                value(alert.keep()),
                values(alert.labels()),
                values(alert.annotations()));
        SourceMap places = new SourceMap() {
            @Override
            public Optional<Position> locate(FieldPath path) {
                return service.source().locate(place(path, alert));
            }

            @Override
            public Optional<Position> locate(FieldPath path, int index) {
                return service.source().locate(place(path, alert), index);
            }
        };
        return new Declared<>(
                service.key(),
                Map.of(),
                Map.of(),
                new RuleSetSpec(List.of(new RuleGroup(group, null, null, null, Map.of(), List.of(rule)))),
                places);
    }

    private static @Nullable String value(@Nullable FoundLabel found) {
        return found == null ? null : found.value();
    }

    private static Map<String, String> values(Map<String, FoundLabel> found) {
        TreeMap<String, String> values = new TreeMap<>();
        found.forEach((name, one) -> values.put(name, one.value()));
        return values;
    }

    private static Diagnostic moved(Diagnostic found, AlertLabels alert) {
        return new Diagnostic(
                found.code(),
                found.severity(),
                found.resource(),
                place(found.field(), alert),
                found.position(),
                found.message(),
                found.allowed(),
                found.remedy());
    }

    /** Returns the label that gave what stands at {@code path} of the RuleSet. */
    private static FieldPath place(FieldPath path, AlertLabels alert) {
        List<FieldPath.Step> steps = path.steps();
        // spec.groups[0].rules[0].FIELD.NAME
        String field = steps.size() > 5 && steps.get(5) instanceof FieldPath.Field(String name) ? name : "";
        String name = steps.size() > 6 && steps.get(6) instanceof FieldPath.Field(String entry) ? entry : "";
        FoundLabel found = switch (field) {
            case "expr" -> alert.expr();
            case "for" -> alert.hold();
            case "keepFiringFor" -> alert.keep();
            case "labels" -> alert.labels().get(name);
            case "annotations" -> alert.annotations().get(name);
            default -> null;
        };
        return found == null ? alert.place() : found.place();
    }
}
