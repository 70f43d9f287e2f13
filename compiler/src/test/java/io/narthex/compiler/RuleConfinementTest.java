package io.narthex.compiler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Expression;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.promql.Query;
import io.narthex.compiler.promql.Query.Matcher;
import io.narthex.compiler.promql.Query.Selector;
import io.narthex.compiler.promql.Query.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RuleSets of other namespaces are confined to what the server enforces, or refused. */
class RuleConfinementTest {

    private static final ResourceKey TEAM = new ResourceKey("RuleSet", "team", "shop");
    private static final String TENANCY = "tenancy: {namespaceLabel: ns}\n";

    private static Inventory inventory(String server, String rule) {
        return Yaml.inventory(Yaml.resource("PrometheusServer", "main", "ruleSets: {namespaceSelector: {}}\n" + server)
                + Yaml.resource("RuleSet", "shop", "groups: [{name: web, rules: [" + rule + "]}]\n")
                        .replace("name: shop", "name: shop\n  namespace: team"));
    }

    private static Compilation compile(Inventory inventory, String version) {
        return Compiler.create().compile(inventory, DefaultServer.KEY, Yaml.options(version));
    }

    private static Inventory knowing(Inventory inventory, Map<String, QueryVerdict> verdicts) {
        BucketMap<String, QueryVerdict> all = BucketMap.empty();
        for (Map.Entry<String, QueryVerdict> verdict : verdicts.entrySet()) {
            all = all.with(verdict.getKey(), verdict.getValue());
        }
        return inventory.withQueries(all);
    }

    private static Query up(Matcher... more) {
        List<Matcher> matchers = new ArrayList<>(List.of(more));
        matchers.add(new Matcher("__name__", "=", "up"));
        return new Selector("up", matchers, null, new Time(null, null, ""), "");
    }

    private static final Matcher OURS = new Matcher("ns", "=", "team");

    private static QueryVerdict parsed(Query query) {
        return new QueryVerdict.Parsed(query, Set.of());
    }

    private static String messages(Compilation compilation) {
        return compilation.diagnostics().stream()
                .map(diagnostic -> diagnostic.code().id() + " " + diagnostic.message())
                .collect(Collectors.joining("\n"));
    }

    private static String rules(Compilation compilation) {
        Bundle bundle = compilation.bundle().orElseThrow();
        return bundle.files().values().stream()
                .map(file -> new String(file.content(), UTF_8))
                .collect(Collectors.joining());
    }

    @Test
    void aRuleIsAskedAboutRewrittenAskedAboutAgainAndUsed() {
        Inventory plain = inventory(TENANCY, "{record: a, expr: up, labels: {ns: other, x: 'y'}}");
        Compilation first = compile(plain, "3.16.0");
        assertThat(messages(first)).startsWith("NX1408 ").contains("must parse their expressions, and none has yet");
        assertThat(rules(first)).doesNotContain("record");
        assertThat(first.expressions(TEAM))
                .extracting(Expression::text, Expression::tree)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("up", true));

        Compilation second = compile(knowing(plain, Map.of("up", parsed(up()))), "3.16.0");
        assertThat(messages(second)).contains("none has yet");
        assertThat(second.expressions(TEAM)).extracting(Expression::text).containsExactly("up", "up{ns=\"team\"}");

        Compilation third =
                compile(knowing(plain, Map.of("up", parsed(up()), "up{ns=\"team\"}", parsed(up(OURS)))), "3.16.0");
        assertThat(third.diagnostics()).isEmpty();
        assertThat(rules(third)).contains("up{ns=", "ns: team", "x: ").doesNotContain("other");
    }

    @Test
    void aProofThatIsNotOneRefuses() {
        Inventory plain = inventory(TENANCY, "{record: a, expr: up}");
        for (QueryVerdict bad : List.of(
                parsed(up()),
                parsed(up(new Matcher("ns", "=~", "team"))),
                parsed(up(new Matcher("ns", "=", "other"))),
                new QueryVerdict.Unparsed("a node of the type x"),
                new QueryVerdict.Refused("no", Optional.empty()))) {
            Compilation compilation =
                    compile(knowing(plain, Map.of("up", parsed(up()), "up{ns=\"team\"}", bad)), "3.16.0");
            assertThat(messages(compilation))
                    .startsWith("NX1408 the expression can't be confined to the labels ns=\"team\": Prometheus ");
            assertThat(rules(compilation)).doesNotContain("record");
        }
    }

    @Test
    void whatIsNotKnownOfAnExpressionRefusesIt() {
        Inventory plain = inventory("features: [promql-duration-expr]\n" + TENANCY, "{record: a, expr: up}");
        assertThat(messages(compile(knowing(plain, Map.of("up", new QueryVerdict.Unparsed("the field foo"))), "3.5.0")))
                .contains("holds the field foo, which isn't known");
        assertThat(messages(compile(
                        knowing(plain, Map.of("up", new QueryVerdict.Parsed(up(), Set.of("promql-duration-expr")))),
                        "3.5.0")))
                .contains("has the feature promql-duration-expr, whose use Prometheus 3.5.0 doesn't tell of");
        assertThat(messages(compile(
                        knowing(plain, Map.of("up", parsed(new Query.Call("info", List.of(up()))))), "3.16.0")))
                .contains("the function info reads series that no selector names");
        assertThat(messages(compile(
                        knowing(plain, Map.of("up", parsed(new Query.Call("brand_new", List.of(up()))))), "3.16.0")))
                .contains("the function brand_new isn't known");
    }

    @Test
    void aLabelThatCantConfineIsRefused() {
        assertThat(messages(compile(
                        inventory("tenancy: {enforcedLabels: {team: '{{ query }}'}}\n", "{record: a, expr: up}"),
                        "3.16.0")))
                .startsWith("NX1408 the label ")
                .contains("for a template");
    }

    @Test
    void aReleaseWithoutTheParserRefuses() {
        assertThat(messages(compile(inventory(TENANCY, "{record: a, expr: up}"), "2.55.0")))
                .startsWith("NX1408 ")
                .contains("Prometheus itself must parse their expressions; 2.55.0 can't");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ query \"up\" }}",
                "{{query `up`}}",
                "{{ with query \"up\" }}{{ . }}{{ end }}",
                "{{ \"up\" | query | first | value }}",
                "{{ \"}}\" | query }}",
                "{{ '\"' }}{{ query \"x\" }}",
                "{{ `\\` }}{{ query `x` }}",
                "{{/* } */}}{{- query \"x\" -}}",
                "{{ define \"x\" }}{{ query . }}{{ end }}{{ template \"x\" \"up\" }}",
                "{{ printf \"%v\" (query \"up\") }}",
                "{{\"a\\\"\" | query}}",
            })
    void aTemplateThatQueriesIsRefused(String template) {
        for (String where : List.of("annotations", "labels")) {
            Compilation compilation = compile(
                    knowing(
                            inventory(
                                    TENANCY,
                                    "{alert: A, expr: up, " + where + ": {x: '" + template.replace("'", "''") + "'}}"),
                            Map.of("up", parsed(up()), "up{ns=\"team\"}", parsed(up(OURS)))),
                    "3.16.0");
            assertThat(compilation.diagnostics())
                    .extracting(Diagnostic::message)
                    .containsExactly("the template uses the function query, which reads any series of the server");
            assertThat(rules(compilation)).doesNotContain("alert:");
        }
    }

    /** From 3.0 on an alert takes over its group's labels, as templates. */
    @Test
    void aTemplateThatQueriesInTheLabelsOfAGroupIsRefused() {
        for (String kind : List.of("alert", "record")) {
            Inventory labelled = Yaml.inventory(
                    Yaml.resource("PrometheusServer", "main", "ruleSets: {namespaceSelector: {}}\n" + TENANCY)
                            + Yaml.resource(
                                            "RuleSet",
                                            "shop",
                                            "groups: [{name: web, labels: {leak: '{{ with query \"up\" }}{{ . | first |"
                                                    + " value }}{{ end }}'}, rules: [{" + kind + ": a, expr: up}]}]\n")
                                    .replace("name: shop", "name: shop\n  namespace: team"));
            Compilation compilation = compile(
                    knowing(labelled, Map.of("up", parsed(up()), "up{ns=\"team\"}", parsed(up(OURS)))), "3.16.0");
            if (kind.equals("alert")) {
                assertThat(compilation.diagnostics()).singleElement().satisfies(diagnostic -> {
                    assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.RULES_NOT_CONFINED);
                    assertThat(diagnostic.field().toString()).endsWith("labels.leak");
                });
                assertThat(rules(compilation)).doesNotContain("alert:");
            } else {
                assertThat(compilation.diagnostics()).as("text, no template").isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a slow query on {{ $labels.instance }}, query again",
                "{{ $value | humanize }} of {{ `query` }}",
                "{{ \"query\" }} {{/* query */}}",
                "{{ .Labels.queryType }} {{ $myquery := 1 }}",
            })
    void aTemplateThatOnlySpeaksOfQueriesIsNot(String template) {
        Compilation compilation = compile(
                knowing(
                        inventory(TENANCY, "{alert: A, expr: up, annotations: {x: '" + template + "'}}"),
                        Map.of("up", parsed(up()), "up{ns=\"team\"}", parsed(up(OURS)))),
                "3.16.0");
        assertThat(compilation.diagnostics()).isEmpty();
        assertThat(rules(compilation)).contains("alert: A");
    }

    @Test
    void theServersOwnRulesAreNotTouched() {
        Inventory own = Yaml.inventory(Yaml.resource("PrometheusServer", "main", TENANCY)
                + Yaml.resource("RuleSet", "shop", "groups: [{name: web, rules: [{record: a, expr: info(up)}]}]\n"));
        Compilation compilation = compile(own, "3.16.0");
        assertThat(compilation.diagnostics()).isEmpty();
        assertThat(rules(compilation)).contains("info(up)").doesNotContain("ns");
    }
}
