package io.narthex.compiler.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Position;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlSyntaxTest {

    /** The extra lines of the specification, with | for a line break and > for a tab, and what is said at which place. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                ">low: 1; 7:3+1; TAB_INDENTATION; the line is indented with a tab",
                "low: x|  b: 1; 8:5+1; YAML_SYNTAX; the line is indented deeper than the line before, which already has a value",
                "low: b: c; 7:8+4; YAML_SYNTAX; a second colon on one line",
                "low:|  b: 1| c: 2; 9:4+1; YAML_SYNTAX; the indentation fits no line above",
                "low: 'x|b: 1; 7:8+1; YAML_SYNTAX; the quote that opens here is never closed",
                "tags: [a, b|low: 3; 7:9+1; YAML_SYNTAX; the [ that opens here is not closed properly",
                "tags: [a, b}; 7:9+1; YAML_SYNTAX; the [ that opens here is not closed properly",
                "labels: {a: b; 7:11+1; YAML_SYNTAX; the bracket that opens here is never closed",
                "low: {{ .Values.x }}; 7:8+15; TEMPLATE_BRACES; this is a Helm template, not yet YAML",
                "{{- if .Values.x }}; 7:3+19; TEMPLATE_BRACES; this is a Helm template, not yet YAML",
                "title: {{ $value }} down; 7:10+12; TEMPLATE_BRACES; a value that starts with {{ must be quoted",
                "low: *x; 7:8+2; ALIAS_UNKNOWN; alias *x names no anchor",
                "tags: &a [1, *a]; 7:16+2; ALIAS_UNKNOWN; alias *a stands inside what it names",
                "interval: \"\\q\"; 7:14+2; YAML_SYNTAX; this is no escape that double quotes know",
                "low|b: 1; 7:3+3; YAML_SYNTAX; the line is neither a key with a colon nor a list item",
                "- a; 7:3+1; YAML_SYNTAX; a list item stands among keys",
                "interval: `x`; 7:13+1; YAML_SYNTAX; a value can't start with `",
                "low: - 1; 7:8+1; YAML_SYNTAX; a list can't start on the line of its key",
                "interval: \"a\" b; 7:17+1; YAML_SYNTAX; text follows a value that has already ended",
                "? {a: b}|: c; 7:5+1; KEY_NOT_TEXT; a mapping or list is used as a key",
                "labels: {on: x}; 7:12+2; KEY_NOT_TEXT; the key on is read as true without quotes",
                "tags: [a,|; 7:9+1; YAML_SYNTAX; the bracket that opens here is never closed",
                "low: 1|low: 2; 8:3+3; DUPLICATE_KEY; low is set twice",
            })
    void saysWhatBreaksTheSyntaxAndWhere(String spec, String place, DiagnosticCode code, String message) {
        String lines = spec.replace('|', '\n').replace('>', '\t');
        assertThat(Widgets.problems(lines)).hasSize(1);
        assertThat(Widgets.problems(lines).getFirst()).startsWith(place + " " + code + " : " + message);
    }

    @Test
    void anErrorInOneDocumentLeavesTheOthersAlone() {
        ReadResult result = Widgets.read(Widgets.HEAD + "---\na: [\n---\n" + Widgets.HEAD.replace("one", "two")
                + "...\n" + Widgets.HEAD.replace("one", "three"));
        assertThat(result.resources())
                .extracting(resource -> resource.key().name())
                .containsExactly("one", "two", "three");
        assertThat(result.diagnostics()).extracting(Diagnostic::code).containsExactly(DiagnosticCode.YAML_SYNTAX);
        assertThat(result.diagnostics().getFirst().position().map(Position::line))
                .contains(8);
        assertThat(result.resources().get(1).source().locate(FieldPath.of("spec", "title")))
                .contains(new Position("w.yaml", 15, 10, 5));
    }

    @Test
    void columnsCountCodePoints() {
        assertThat(Widgets.problems("labels: {\"\uD83D\uDE00\u00e9\": 5}"))
                .singleElement()
                .asString()
                .startsWith("7:18+1 QUOTES_MISSING spec.labels");
    }

    @Test
    void aliasesWithinTheLimitAreExpandedAndMergeKeysMerged() {
        assertThat(Widgets.spec("anything: {base: &b {x: 1, v: 2}, more: {<<: *b, v: 3}, list: {<<: [{z: 4}, *b]}}")
                        .get("anything")
                        .toString())
                .isEqualTo(
                        "{\"base\":{\"x\":1,\"v\":2},\"more\":{\"v\":3,\"x\":1},\"list\":{\"z\":4,\"x\":1,\"v\":2}}");
    }

    @Test
    void anAnchorBombIsRefusedWithoutExpandingIt() {
        StringBuilder bomb = new StringBuilder("anything:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("  a" + i + ": &a" + i + " [" + (alias + ", ").repeat(9) + alias + "]\n");
        }
        assertThat(Widgets.problems(bomb.toString())).singleElement().asString().contains("ALIASES_EXPAND");
    }

    @Test
    void aBombOfMergesIsRefused() {
        StringBuilder bomb = new StringBuilder("anything:\n  m0: &m0 {k0: x}\n");
        for (int i = 1; i < 1000; i++) {
            bomb.append("  m" + i + ": &m" + i + " {<<: *m" + (i - 1) + ", k" + i + ": x}\n");
        }
        assertThat(Widgets.problems(bomb.toString())).singleElement().asString().contains("ALIASES_EXPAND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? ", "[{"})
    void deepNestingIsRefused(String opening) {
        ReadResult result = Widgets.read(opening.repeat(200_000));
        assertThat(result.diagnostics()).extracting(Diagnostic::code).containsExactly(DiagnosticCode.NESTED_TOO_DEEPLY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
    void otherEncodingsAreNamed(String charset) {
        ReadResult result = Widgets.READER.read("w.yaml", Widgets.HEAD.getBytes(Charset.forName(charset)));
        assertThat(result.diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly(
                        charset.equals("UTF-32") ? DiagnosticCode.FILE_NOT_TEXT : DiagnosticCode.FILE_NOT_UTF8);
    }

    @Test
    void aByteThatIsNoUtf8IsShownWithItsPlace() {
        ReadResult result = Widgets.READER.read("w.yaml", "a: 1\nb: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(result.diagnostics())
                .map(Widgets::brief)
                .containsExactly("2:7+1 FILE_NOT_UTF8 : byte 0xe9 is not valid"
                        + " UTF-8 [UTF-8] save the file as UTF-8 (in ISO 8859-1 the byte is \"\u00e9\")");
    }

    @Test
    void aByteOrderMarkAtTheStartDoesNoHarm() {
        assertThat(Widgets.read("\uFEFF" + Widgets.HEAD).resources()).hasSize(1);
    }

    @Test
    void binaryFilesAreRefused() {
        byte[] gzip = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0};
        assertThat(Widgets.READER.read("w.yaml", gzip).diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly(DiagnosticCode.FILE_NOT_TEXT);
    }

    @Test
    void aFileBeyondTheLimitIsRefused() {
        assertThat(Widgets.READER
                        .read("w.yaml", new byte[ResourceReader.MOST_BYTES + 1])
                        .diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly(DiagnosticCode.FILE_TOO_LARGE);
    }

    @ParameterizedTest
    @CsvSource({
        "0, CONTROL_CHARACTER, \\u0000",
        "27, CONTROL_CHARACTER, \\u001b",
        "127, CONTROL_CHARACTER, \\u007f",
        "8238, HIDDEN_CHARACTER, \\u202e",
        "8294, HIDDEN_CHARACTER, \\u2066",
        "65279, HIDDEN_CHARACTER, \\ufeff",
    })
    void hiddenAndControlCharactersAreRefusedEvenInComments(int codePoint, DiagnosticCode code, String shown) {
        String character = Character.toString(codePoint);
        for (String spec : List.of("interval: \"" + character + "\"", "low: 1 # ab" + character)) {
            assertThat(Widgets.problems(spec))
                    .singleElement()
                    .asString()
                    .startsWith("7:14+1 " + code)
                    .contains(shown);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only a comment\n", "---\n---\n", "---\n# x\n...\n", "\uFEFF"})
    void anEmptyFileIsNoticed(String yaml) {
        assertThat(Widgets.read(yaml).diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly(DiagnosticCode.FILE_EMPTY);
    }

    @Test
    void problemsBeyondTheLimitAreCounted() {
        StringBuilder spec = new StringBuilder("anything: {}\n");
        for (int i = 0; i < 1000; i++) {
            spec.append("unknown" + i + ": 1\n");
        }
        List<String> problems = Widgets.problems(spec.toString());
        assertThat(problems).hasSize(Problems.MOST + 1);
        assertThat(problems.getLast()).contains("TOO_MANY_PROBLEMS : 900 more problems in this file");
    }
}
