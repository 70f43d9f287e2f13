package io.narthex.compiler.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesAndAddressesTest {

    @ParameterizedTest
    @CsvSource({
        "job, true, true, true",
        "_a1, true, true, true",
        "a:b, false, true, true",
        "1a, false, false, true",
        "a-b, false, false, true",
        "größe, false, false, true",
        "'', false, false, false",
    })
    void names(String name, boolean legacyLabel, boolean legacyMetric, boolean utf8) {
        assertThat(NameScheme.LEGACY.isLabelName(name)).isEqualTo(legacyLabel);
        assertThat(NameScheme.LEGACY.isMetricName(name)).isEqualTo(legacyMetric);
        assertThat(NameScheme.UTF8.isLabelName(name)).isEqualTo(utf8);
        assertThat(NameScheme.LEGACY.labelNameProblem(name).isEmpty()).isEqualTo(legacyLabel);
        assertThat(NameScheme.UTF8.metricNameProblem(name).isEmpty()).isEqualTo(utf8);
    }

    @Test
    void aBadNameGetsABetterOne() {
        assertThat(NameScheme.LEGACY.labelNameProblem("app.kubernetes.io/name"))
                .hasValue(new Problem(
                        "\"app.kubernetes.io/name\" is not a valid label name",
                        "a name of the form [a-zA-Z_][a-zA-Z0-9_]*",
                        "rename it, for example to app_kubernetes_io_name"));
        assertThat(NameScheme.UTF8.isLabelName("\uD800")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:9100",
                "localhost",
                "db_1.example.invalid:9187",
                "[::1]:9100",
                "[fe80::1%eth0]:80",
                "[2001:db8::7334]",
                "[::ffff:127.0.0.1]:1",
                "tasks.web:65535"
            })
    void targets(String text) {
        assertThat(TargetAddress.parse(text).orThrow()).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "http://127.0.0.1:9100", "127.0.0.1:9100/metrics", "a:0", "a:65536", "a:", "a:b", "::1", "[::1",
                "[::1]x", "[::1]:", "[1::2::3]:80", "[12345::]:1", "a b", "user:pw@a:1", "ä:1", "[::1%]:80", ":9100",
                "a..b:1", ".a", "a\n:1"
            })
    void noTargets(String text) {
        Problem problem = TargetAddress.parse(text).whyNot().orElseThrow();
        assertThat(problem.message()).isNotBlank().doesNotContain("pw").doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:9100",
                "https://example.invalid/a%20b?c=d&e",
                "HTTP://a",
                "http://[::1]:80/",
                "http://stack_web:80/probe?target=http://x.invalid"
            })
    void urls(String text) {
        assertThat(HttpUrl.parse(text).orThrow()).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.invalid",
                "ftp://a",
                "http://",
                "http:///x",
                "http://user:pw@a/",
                "http://a/ b",
                "http://a/#pw",
                "http://a/%zz",
                "http://a/%",
                "http://a:99999/",
                "http://a/ü",
                "http://a/\n",
                "//a",
                "user:pw@a",
                "file://user:pw@a"
            })
    void noUrls(String text) {
        Problem problem = HttpUrl.parse(text).whyNot().orElseThrow();
        assertThat(problem.message()).isNotBlank().doesNotContain("user:pw").doesNotContain("\n");
    }

    @Test
    void aProxyMayBeOneOfSocks5AndNothingElseMay() {
        assertThat(HttpUrl.parseProxy("socks5://127.0.0.1:1080").orThrow().scheme())
                .isEqualTo("socks5");
        assertThat(HttpUrl.parseProxy("http://127.0.0.1:3128").orThrow().scheme())
                .isEqualTo("http");
        assertThat(HttpUrl.parseProxy("ftp://127.0.0.1").whyNot().orElseThrow().allowed())
                .isEqualTo("http, https, socks5");
        assertThat(HttpUrl.parse("socks5://127.0.0.1:1080").whyNot()).isPresent();
    }

    @Test
    void aTargetThatIsAUrlIsToldWhatToWrite() {
        assertThat(TargetAddress.parse("https://user:pw@a:1/x").whyNot().orElseThrow())
                .isEqualTo(new Problem(
                        "the target \"https://a:1/x\" is a URL",
                        TargetAddress.ALLOWED,
                        "write a:1 and put scheme and path into their own fields"));
    }

    @Test
    void templatesKnowTheirReferences() {
        assertThat(RelabelTemplate.of("$1:${2}-${name}$$3 ${x $ $").references())
                .containsExactly("1", "2", "name");
        assertThat(RelabelTemplate.literally("a$1").references()).isEmpty();
        PrometheusRegex two = PrometheusRegex.parse("(a)(?P<n>b)").orThrow();
        assertThat(RelabelTemplate.of("$0$1${2}${n}").missingGroup(two)).isEmpty();
        assertThat(RelabelTemplate.of("$3").missingGroup(two)).isPresent();
        assertThat(RelabelTemplate.of("$1st").missingGroup(two).orElseThrow().remedy())
                .isEqualTo("write ${1}st");
    }

    @Property
    void anyTextIsAnsweredWithoutAnException(@ForAll String text) {
        assertThatNoException().isThrownBy(() -> TargetAddress.parse(text));
        assertThatNoException().isThrownBy(() -> HttpUrl.parse(text));
        assertThatNoException().isThrownBy(() -> HttpUrl.parse("http://" + text));
        assertThatNoException().isThrownBy(() -> RelabelTemplate.of("$" + text).missingGroup(PrometheusRegex.ANYTHING));
        assertThat(Text.problem(text).isEmpty()).isEqualTo(Text.isWritable(text));
    }
}
