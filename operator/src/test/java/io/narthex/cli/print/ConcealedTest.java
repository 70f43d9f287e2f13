package io.narthex.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.yaml.ResourceReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConcealedTest {

    private static Diagnostic diagnostic(DiagnosticCode code) {
        return new Diagnostic(
                code,
                code.severity(),
                Optional.empty(),
                FieldPath.ROOT,
                Optional.of(new Position("web.yaml", 1, 1, 1)),
                "found",
                "",
                "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                "password: hunter2; password: *******",
                "basic: {username: 5, password: hunter2}; basic: {username: 5, password: ********",
                "bearerToken: \"abc def\"; bearerToken: \"********",
                "client_secret: 'x'; client_secret: '**",
                "password: hunt,er2; password: ********",
                "apiKey: \uD83D\uDE00b; apiKey: **",
                "url: http://user:pass@127.0.0.1/; url: http://*********@127.0.0.1/",
                "password: {secretRef: {name: a, key: b}}; password: {secretRef: {name: a, key: b}}",
                "{\"password\":\"hunter2\"}; {\"password\":\"*********",
                "{\"password\" : 7}; {\"password\" : **",
                "{\"password\":{\"secretRef\":{\"name\":\"a\"}}}; {\"password\":{\"secretRef\":{\"name\":\"a\"}}}",
                "{'pwd':'x'}; {'pwd':'***",
                "Authorization: Bearer x; Authorization: ********",
                "url: http://:pass@127.0.0.1/; url: http://*****@127.0.0.1/",
                "password:; password:",
                "url: http://u:s3@cret@h/; url: http://*********@h/",
                "url: http://a@corp:s3cret@h/; url: http://*************@h/",
                "url: http://h:80/a@b; url: http://h:80/a@b",
                "timeout: 30s; timeout: 30s",
                "expr: sum(up) by (job); expr: sum(up) by (job)",
            })
    void credentialsBecomeStarsInTheSameColumns(String line, String shown) {
        assertThat(Concealed.line(diagnostic(DiagnosticCode.YAML_SYNTAX), line)).contains(shown);
    }

    @Test
    void aLineAboutACredentialIsNotShown() {
        DiagnosticText text = new DiagnosticText((file, line) -> Optional.of("password: hunter2"), Style.PLAIN, 100);
        assertThat(text.block(diagnostic(DiagnosticCode.CREDENTIAL_INLINE)))
                .contains("web.yaml:1:1: error[NX1520]")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "basic: {username: shop, password: hunter2}",
                "basic: {username: shop, password: 'hunter2}",
                "basic: {username: 5, password: hunter2, unknown: 1}",
                "bearerToken: hunter2",
                "authorization: {credentials: hunter2}",
                "basic: {username: shop, password: {secretRef: hunter2}}",
            })
    void noMistakeAroundACredentialShowsIt(String auth) {
        String yaml = "apiVersion: monitoring.narthex.io/v1alpha1\nkind: Monitor\nmetadata: {name: a}\nspec:\n"
                + "  source: {static: {targets: ['127.0.0.1:8000']}}\n  endpoints:\n  - auth:\n      " + auth + "\n";
        DiagnosticText text =
                new DiagnosticText((file, line) -> yaml.lines().skip(line - 1L).findFirst(), Style.PLAIN, 100);
        var diagnostics = new ResourceReader()
                .read("a.yaml", yaml.getBytes(StandardCharsets.UTF_8))
                .diagnostics();
        assertThat(diagnostics).isNotEmpty();
        assertThat(diagnostics).map(text::block).noneMatch(block -> block.contains("hunter2"));
    }
}
