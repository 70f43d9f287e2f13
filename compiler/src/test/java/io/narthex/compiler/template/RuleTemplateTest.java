package io.narthex.compiler.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.config.value.Problem;
import io.narthex.compiler.model.PrometheusVersion;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused of a template, with which words. Whether Prometheus agrees is asked by {@link RuleTemplateIT}. */
class RuleTemplateTest {

    private static final PrometheusVersion RELEASE = PrometheusVersion.NEWEST_KNOWN;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain } text }}",
                "{{ $labels.instance }} is down",
                "{{ if gt $value 1.0 }}a{{ else }}b{{ end }}",
                "{{ if eq $labels.a \"x\" }}a{{ else if $value }}b{{ else }}c{{ end }}",
                "{{- range query \"up\" -}}{{ .Value }}{{- end -}}",
                "{{ range $i, $x := query \"up\" }}{{ $i }}{{ $x.Value }}{{ break }}{{ end }}",
                "{{ with $v := $value }}{{ $v | humanize }}{{ end }}",
                "{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}",
                "{{ define \"t\" }}{{ . }}{{ $ }}{{ end }}{{ template \"t\" $labels }}",
                "{{ printf \"%.2f\" (first (query `up{a=\"}}\"}`) | value) }}",
                "{{ \"}}\" }}",
                "{{ `{{` }}",
                "{{/* a }} b */}}x{{- /* c */ -}}",
                "{{ humanizeDuration -1.5e3 }}{{ 0x1F }}{{ 'a' }}{{ 1i }}{{ nil | print }}",
            })
    void templates(String text) {
        assertThat(RuleTemplate.problem(text, RELEASE)).isEmpty();
        assertThat(RuleTemplate.problem(text, PrometheusVersion.OLDEST)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "{{ $value;                          {{ without }};                    close the action",
                "{{ if true }}a;                     {{ if }} without {{ end }};       add {{ end }}",
                "{{ end }};                          {{ end }} without a beginning;    remove it",
                "{{ \"a }};                          string that isn't closed;         close it",
                "{{/* a;                             comment that isn't closed;        close it",
                "{{ with . }}{{ end }}{{ end }};     without a beginning;              remove it",
                "{{ $value | humanise }};            the function \"humanise\";        did you mean humanize?",
                "{{ $label.instance }};              the variable \"$label\";          did you mean $labels?",
                "{{ labels.instance }};              the function \"labels\";          did you mean $labels?",
                "{{ if $x := 1 }}{{ end }}{{ $x }};  the variable \"$x\";              use $labels",
                "{{ define \"a\" }}{{ $value }}{{ end }}; inside of {{ define }};      hand the value",
                "{{ humanize($value) }};             \"(\" behind a value;             with spaces between",
                "{{ $value * 100 }};                 \"*\" behind a value;             mend the action",
                "{{ $value + 100 }};                 \"+\", which is no number;        have PromQL calculate",
                "{{ $labels.a-b }};                  the character \"-\";              space between words",
                "{{ reReplaceAll \"\\d\" \"\" \"a\" }}; \"\\\\d\", which is no escape; double the backslash",
                "{{ query 'up' }};                   \"'up'\", which is no single;     double quotes",
                "{{ $value | \"a\" }};               which is no function;             put a function",
                "{{ }};                              an action without a value;        put a value",
                "{{ break }};                        outside of {{ range }};           remove it",
                "{{ 5.a }};                          which is no number;               put names",
                "{{ ( $value }};                     ( without );                      close the parenthesis",
            })
    void noTemplates(String text, String found, String remedy) {
        Problem problem = RuleTemplate.problem(text, RELEASE).orElseThrow();
        assertThat(problem.message()).contains(found.strip());
        assertThat(problem.remedy()).contains(remedy.strip());
    }

    @Test
    void aFunctionOfALaterReleaseIsNamedWithIt() {
        assertThat(RuleTemplate.problem("{{ now }}", new PrometheusVersion(3, 5, 2)))
                .map(Problem::remedy)
                .hasValue("run Prometheus 3.6 or later, or do without it");
        assertThat(RuleTemplate.problem("{{ now }}", new PrometheusVersion(3, 6, 0)))
                .isEmpty();
    }

    @Test
    void aFunctionIsMentionedWhereItIsCalledOnly() {
        assertThat(RuleTemplate.mentions("{{ range query \"up\" }}{{ end }}", "query"))
                .isTrue();
        assertThat(RuleTemplate.mentions("{{ \"query\" }}{{/* query */}} query {{ .query }}", "query"))
                .isFalse();
        assertThat(RuleTemplate.mentions("{{ not closed", "query")).isTrue();
    }

    @Test
    void manyBlocksAndVariablesTakeNoTimeWorthSaying() {
        String text = "{{ $a := 1 }}{{ range $b := . }}{{ if $a }}{{ break }}".repeat(20_000);
        assertThat(RuleTemplate.problem(text + "{{ end }}{{ end }}".repeat(20_000), RELEASE))
                .isEmpty();
        assertThat(RuleTemplate.problem("{{ " + "(".repeat(50_000) + "1" + ")".repeat(50_000) + " }}", RELEASE))
                .isEmpty();
    }

    @Property
    void anyTextIsAnsweredWithoutAnException(@ForAll String text) {
        Optional<Problem> problem = RuleTemplate.problem("{{" + text, RELEASE);
        assertThat(problem).isNotNull();
    }
}
