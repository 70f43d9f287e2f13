package io.narthex.compiler.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusRegexTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "(.*)", "a|b", "(?i)abc", "[[:alpha:]]+", "[^]a]", "\\d+\\.\\d+", "\\Qa.b\\E", "(?P<n>a)", "\\pL",
                "\\p{Greek}", "a{2,5}?", "(?:a|b)*?", "\\x{1F600}", "é+", "a{,2}", "a{", "\\z", "(a{10}){100}", "(|a)*"
            })
    void takesWhatRe2Takes(String text) {
        assertThat(PrometheusRegex.parse(text).orThrow().text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "a)(b",
                "[",
                "*",
                "a**",
                "a*+",
                "a{1001}",
                "((a{100}){100})",
                "(a{1000}){1000}",
                "(?=a)",
                "(?!a)",
                "(?<=a)",
                "(?<!a)",
                "(?>a)",
                "(a)\\1",
                "\\Z",
                "\\h",
                "\\",
                "a\\",
                "\\Qabc",
                "\\u0041",
                "[z-a]",
                "\\p{Nope}",
                "[[:foo:]]",
                "x{2,1}",
                "(?P=n)",
                "(?x)a",
                "\\é",
                "\uD800",
                "(?P<n>a)(?P<n>b)"
            })
    void refusesTheRest(String text) {
        Problem problem = PrometheusRegex.parse(text).whyNot().orElseThrow();
        assertThat(problem.message()).isNotBlank().doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "(?=a) ~ has a lookahead (?=...), which RE2 lacks",
                "(a)\\1 ~ has the backreference \\1",
                "a{1001} ~ repeats something more than 1000 times",
                "*.html ~ is not valid: missing argument to repetition operator: \"*\"",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThat(PrometheusRegex.parse(text).whyNot().orElseThrow().message()).endsWith(message);
    }

    @Test
    void isAnchoredAndItsDotMatchesLineEnds() {
        assertThat(PrometheusRegex.parse("a.b").orThrow().matches("a\nb")).isTrue();
        assertThat(PrometheusRegex.parse("a").orThrow().matches("ab")).isFalse();
        assertThat(PrometheusRegex.parse("a|b").orThrow().matches("ab")).isFalse();
        assertThat(PrometheusRegex.parse("").orThrow().matches("")).isTrue();
    }

    @Test
    void namedGroupsAreWrittenAsAllReleasesReadThem() {
        PrometheusRegex regex = PrometheusRegex.parse("[(?<]\\(?<?(?<n>a)").orThrow();
        assertThat(regex.text()).isEqualTo("[(?<]\\(?<?(?P<n>a)");
        assertThat(regex.namedGroups()).containsEntry("n", 1);
    }

    @Test
    void deepAndLargeExpressionsAreRefusedBeforeTheyCost() {
        String deep = "(".repeat(100_000) + ")".repeat(100_000);
        assertThat(PrometheusRegex.parse(deep).isValid()).isFalse();
        assertThat(PrometheusRegex.parse("\\pL{1000}".repeat(10_000)).isValid()).isFalse();
    }

    @Property
    void anEscapedTextMatchesItselfAlone(@ForAll String text) {
        if (Text.isWritable(text)) {
            PrometheusRegex regex = PrometheusRegex.literally(text);
            assertThat(regex.matches(text)).isTrue();
            assertThat(regex.matches(text + "x")).isFalse();
        }
    }

    @Property
    void anyTextIsAnsweredWithoutAnException(@ForAll String text) {
        assertThatNoException().isThrownBy(() -> PrometheusRegex.parse(text));
    }
}
