package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Expression;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.QueryVerdict.Place;
import io.narthex.compiler.model.ResourceKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Prometheus's parser says of an expression becomes a diagnostic at the place it means. */
class QueryDiagnosticsTest {

    private static final ResourceKey KEY = new ResourceKey("RuleSet", "default", "shop");

    private static Inventory rules(String expression) {
        return Yaml.inventory(Yaml.resource(
                "RuleSet",
                "shop",
                "groups:\n- name: web\n  rules:\n  - record: a\n    expr: " + expression + "\n- name: other\n  rules:\n"
                        + "  - {record: b, expr: up}\n"));
    }

    private static Compilation compile(Inventory inventory) {
        return Compiler.create().compile(inventory, DefaultServer.KEY, Yaml.options("3.16.0"));
    }

    private static Inventory refusing(Inventory inventory, Optional<Place> place) {
        String text = compile(inventory).expressions().stream()
                .map(Expression::text)
                .filter(expression -> !expression.equals("up"))
                .findFirst()
                .orElseThrow();
        return inventory.withQueries(BucketMap.<String, QueryVerdict>empty()
                .with(text, new QueryVerdict.Refused("unexpected identifier \"foo\"", place)));
    }

    /** The file's line of {@code expr} is 11; ~ stands for a line's end. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "up foo;                                  1;4;  11;16",
                "'up foo';                                1;4;  11;17",
                "\"up foo\";                              1;4;  11;17",
                "\"a{b=\\\"c\\\"} foo\";                  1;10; 11;25",
                "\"\\u0061{b='é'} foo\";                  1;10; 11;28",
                "|~        a{b=\"é😀\"}~          foo;    2;3;  13;13",
                "|2-~        a~        foo;               2;3;  13;11",
                ">-~        sum(~        foo;             1;6;  13;11",
                "a or~        foo;                        1;6;  12;11",
                "\"a or~        foo\";                    1;6;  12;11",
                "\"a or \\~        foo\";                 1;6;  12;11",
                "|~        sum(~~~;                       4;1;  12;15",
                "|~        sum(;                          9;9;  12;15",
            })
    void theCaretStandsInsideTheExpression(String expression, int line, int column, int fileLine, int fileColumn) {
        String written = expression.replace("~", "\n");
        Inventory inventory = refusing(rules(written), Optional.of(new Place(line, column)));
        Compilation compilation = compile(inventory);
        Diagnostic found = compilation.diagnostics().getFirst();
        assertThat(compilation.diagnostics()).hasSize(1);
        assertThat(found.code()).isEqualTo(DiagnosticCode.INVALID_QUERY);
        assertThat(found.message()).isEqualTo("the expression is not PromQL: unexpected identifier \"foo\"");
        assertThat(found.position()).contains(new Position("test.yaml", fileLine, fileColumn, 1));
        assertThat(found.field()).hasToString("spec.groups[web].rules[0].expr");
    }

    @Test
    void withoutAPlaceItIsTheExpressionsStart() {
        Diagnostic found = compile(refusing(rules("|\n        up foo"), Optional.empty()))
                .diagnostics()
                .getFirst();
        assertThat(found.position()).contains(new Position("test.yaml", 12, 11, 1));
    }

    @Test
    void theGroupIsLeftOutAndTheOtherOneStays() {
        Inventory plain = rules("up foo");
        Compiler compiler = Compiler.create();
        Compilation before = compiler.compile(plain, DefaultServer.KEY, Yaml.options("3.16.0"));
        assertThat(before.diagnostics()).isEmpty();
        Compilation after =
                compiler.compile(refusing(plain, Optional.empty()), DefaultServer.KEY, Yaml.options("3.16.0"));
        assertThat(after.diagnostics()).extracting(Diagnostic::code).containsExactly(DiagnosticCode.INVALID_QUERY);
        String file = new String(
                after.bundle().orElseThrow().files().firstEntry().getValue().content(), StandardCharsets.UTF_8);
        assertThat(file).contains("name: other").doesNotContain("name: web");
        // It can be asked about again, and what was said can be taken back.
        assertThat(after.expressions(KEY)).extracting(Expression::text).isEqualTo(List.of("up foo", "up"));
        Compilation again = compiler.compile(plain, DefaultServer.KEY, Yaml.options("3.16.0"));
        assertThat(again.diagnostics()).isEmpty();
        assertThat(again.bundle().orElseThrow().generation())
                .isEqualTo(before.bundle().orElseThrow().generation());
    }
}
