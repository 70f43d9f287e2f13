package io.narthex.compiler.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.Severity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is read, the answer is resources and diagnostics, and every place lies in the file. */
class AnyInputTest {

    private static final String GOOD = """
            # A monitor and a server.
            apiVersion: monitoring.narthex.io/v1alpha1
            kind: Monitor
            metadata: {name: server, labels: {team: "shop"}}
            spec:
              source: &source
                static:
                  targets: ["127.0.0.1:8000", '127.0.0.1:8001']
              endpoints:
              - name: metrics
                interval: 5s
                params:
                  a: [b, "c\\u00e9"]
              - &other
                name: other
                path: |-
                  /metrics
            ---
            apiVersion: v1
            kind: List
            items:
            - apiVersion: monitoring.narthex.io/v1alpha1
              kind: RuleSet
              metadata:
                name: rules
              spec:
                groups:
                - name: a
                  rules:
                  - alert: Down
                    expr: up == 0
                    for: 5m
                    annotations: {summary: "{{ $labels.instance }} down"}
            """;

    private static final List<String> PIECES = List.of(
            "",
            "\t",
            "\n",
            "\r",
            "\r\n",
            " ",
            "  ",
            ":",
            ": ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "{{",
            "}}",
            "'",
            "\"",
            "\\",
            "#",
            "&a ",
            "*a",
            "*source",
            "<<: *other\n",
            "|",
            ">",
            "%",
            "@",
            "`",
            "!",
            "!!int ",
            "? ",
            ",",
            "---\n",
            "...\n",
            "%YAML 1.2\n",
            "null",
            "~",
            "1e9",
            "0x",
            "-",
            "on",
            ".nan",
            "\u0000",
            "\u202e",
            "\ufeff",
            "\u00a0",
            "\u2028",
            "\u0085",
            "\ud83d\ude00",
            "\"\\U0011FFFF\"",
            "\"\\ud800\"",
            "\"\\x\"",
            "spec:",
            "name: server",
            "apiVersion: v1\n",
            "kind: List\n",
            "items: ");

    @Property(tries = 1000)
    void anyBytes(@ForAll byte[] content) {
        check(content);
    }

    @Property(tries = 1000)
    void anyPieces(@ForAll("pieces") List<String> pieces) {
        check(String.join("", pieces).getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 3000)
    void anyMutation(@ForAll("mutated") String yaml) {
        check(yaml.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 500)
    void anyMutatedBytes(@ForAll("mutated") String yaml, @ForAll byte value, @ForAll int seed) {
        byte[] content = yaml.getBytes(StandardCharsets.UTF_8);
        if (content.length > 0) {
            content[Math.floorMod(seed, content.length)] = value;
        }
        check(content);
    }

    @Provide
    Arbitrary<List<String>> pieces() {
        return Arbitraries.of(PIECES).list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<String> mutated() {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, GOOD.length());
        Arbitrary<Integer> dropped = Arbitraries.integers().between(0, 12);
        Arbitrary<String> added = Arbitraries.oneOf(
                Arbitraries.of(PIECES), place.map(from -> GOOD.substring(from, Math.min(GOOD.length(), from + 30))));
        return Combinators.combine(place, dropped, added)
                .as((at, drop, text) ->
                        GOOD.substring(0, at) + text + GOOD.substring(Math.min(GOOD.length(), at + drop)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(2)
                .map(list -> String.join("---\n", list));
    }

    private static void check(byte[] content) {
        ReadResult result = new ResourceReader().read("any.yaml", content);
        String[] lines = new String(content, StandardCharsets.UTF_8)
                .replaceFirst("^\ufeff", "")
                .split("\r\n|\n|\r", -1);
        for (Diagnostic diagnostic : result.diagnostics()) {
            checkPosition(diagnostic.position().orElseThrow(), lines);
            assertThat(diagnostic.message()).isNotBlank().doesNotContain("\n").doesNotContain("\u202e");
        }
        boolean errors = result.diagnostics().stream().anyMatch(found -> found.severity() == Severity.ERROR);
        assertThat(errors
                        || !result.resources().isEmpty()
                        || !result.diagnostics().isEmpty())
                .as("says something")
                .isTrue();
        for (Declared<?> resource : result.resources()) {
            for (FieldPath path : List.of(
                    FieldPath.ROOT,
                    FieldPath.of("spec"),
                    FieldPath.of("spec", "endpoints").index(1).field("path"),
                    FieldPath.of("spec", "groups").index(0).field("rules").index(0))) {
                checkPosition(resource.source().locate(path).orElseThrow(), lines);
            }
        }
    }

    private static void checkPosition(Position position, String[] lines) {
        assertThat(position.line()).isBetween(1, lines.length);
        String line = lines[position.line() - 1];
        int length = line.codePointCount(0, line.length());
        assertThat(position.column()).isBetween(1, length + 1);
        assertThat(position.column() + position.length() - 1).isBetween(1, Math.max(position.column(), length));
    }
}
