package io.narthex.compiler.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Position;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaCheckerTest {

    /** The extra lines of the specification, with | for a line break, and the one problem with them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                "interval: 5 s; 7:13+3 TEXT_FORM spec.interval: \"5 s\" is not a duration [whole numbers with y, w, d, h, m, s, ms, the largest first] write it like 30s, 5m or 1h30m",
                "interval: 5; 7:13+1 TEXT_FORM spec.interval: \"5\" is not a duration [whole numbers with y, w, d, h, m, s, ms, the largest first] write it like 30s, 5m or 1h30m",
                "interval: 0; 7:13+1 QUOTES_MISSING spec.interval: 0 is read as a number without quotes [a text] write \"0\"",
                "colour: gren; 7:11+4 VALUE_NOT_ALLOWED spec.colour: \"gren\" is not allowed here [red, green, blue] did you mean green?",
                "colour: on; 7:11+2 VALUE_NOT_ALLOWED spec.colour: \"on\" is not allowed here [red, green, blue]",
                "low: 1.5; 7:8+3 TYPE_WRONG spec.low: found 1.5 instead of a whole number [a whole number]",
                "low: 1000; 7:8+4 NUMBER_OUT_OF_RANGE spec.low: 1000 is out of range [1 to 100]",
                "low: 0777; 7:8+4 NUMBER_OUT_OF_RANGE spec.low: 0777 is out of range [1 to 100]",
                "high: 99999999999999999999; 7:9+20 NUMBER_OUT_OF_RANGE spec.high: 99999999999999999999 is out of range [-9223372036854775808 to 9223372036854775807]",
                "low: '5'; 7:8+3 TYPE_WRONG spec.low: found the text \"5\" instead of a whole number [a whole number] leave the quotes out: 5",
                "enabled: 'true'; 7:12+6 TYPE_WRONG spec.enabled: found the text \"true\" instead of true or false [true or false] leave the quotes out: true",
                "enabled: 1; 7:12+1 TYPE_WRONG spec.enabled: found 1 instead of true or false [true or false]",
                "ratio: 0; 7:10+1 NUMBER_OUT_OF_RANGE spec.ratio: 0 is out of range [above 0 and at most 1]",
                "ratio: .nan; 7:10+4 TYPE_WRONG spec.ratio: found .nan instead of a number [a number]",
                "tags: a; 7:9+1 TYPE_WRONG spec.tags: found the text \"a\" instead of a list [a list] write it as a list: [a]",
                "tags: {a: b}; 7:9+1 TYPE_WRONG spec.tags: found a mapping instead of a list [a list] put \"- \" before its first key and indent the rest",
                "tags: [a, a]; 7:13+1 ENTRY_DUPLICATE spec.tags[1]: the value a appears twice, first in line 7 [each once in the list] delete or rename one of the two",
                "tags: [a, b, c, d]; 7:9+1 COUNT_OUT_OF_RANGE spec.tags: 4 elements [at most 3]",
                "tags:|- a|-; 9:4+1 TYPE_WRONG spec.tags[1]: found nothing instead of a text [a text] write a value, or \"\" for an empty text",
                "labels: {a: b, c: d, e: f}; 7:11+1 COUNT_OUT_OF_RANGE spec.labels: 3 entries [at most 2]",
                "parts:|- {}|- size: 3; 9:5+4 ENTRY_DUPLICATE spec.parts[main]: name main appears twice, first in line 8 [each once in the list] delete or rename one of the two",
                "parts:|- naem: a; 8:5+4 FIELD_UNKNOWN spec.parts[main].naem: unknown field naem [name, size, weight] did you mean name?",
                "depth: 3; 7:3+5 FIELD_UNKNOWN spec.depth: unknown field depth [] depth belongs at spec.inner.depth",
                "xyzzy: 3; 7:3+5 FIELD_UNKNOWN spec.xyzzy: unknown field xyzzy [] delete it, or see: narthex explain Widget.spec",
                "low:; 7:3+3 VALUE_ABSENT spec.low: low has no value and counts as not set [a whole number] give it a value, or delete the line",
                "auth: {password: {secretRef: {}}}; 7:32+1 FIELD_MISSING spec.auth.password.secretRef: name is missing [] add name: a text",
                "low: 9|high: 3; 8:9+1 RULE_BROKEN spec.high: low is above high [] swap them",
                "port: 3.5; 7:9+3 QUOTES_MISSING spec.port: 3.5 is read as a number without quotes [a number or a text] write \"3.5\"",
            })
    void saysWhatTheSchemaForbids(String spec, String problem) {
        assertThat(Widgets.problems(spec.replace('|', '\n')))
                .map(found -> found.strip().replace("twice; first", "twice, first"))
                .containsExactly(problem.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth: {password: hunter2}",
                "auth:\n  password: [hunter2]",
                "password: hunter2",
                "bearerToken: hunter2",
                "auth: {password: {hunter: hunter2}}",
                "auth: {password: {secretRef: hunter2}}",
            })
    void credentialsAreNeverRepeated(String spec) {
        List<String> problems = Widgets.problems(spec);
        assertThat(problems).isNotEmpty().noneMatch(problem -> problem.contains("hunter2"));
    }

    @Test
    void theFirstOfTwoIsNamedByItsOwnLine() {
        assertThat(Widgets.problems("tags:\n- {}\n- a\n- a"))
                .anySatisfy(problem -> assertThat(problem).contains("the value a appears twice; first in line 9"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "low: 1e2; low; 100",
                "low: 0x1F; low; 31",
                "low: 010; low; 8",
                "low: 1_0; low; 10",
                "ratio: 1; ratio; 1",
                "ratio: .5; ratio; 0.5",
                "enabled: yes; enabled; true",
                "enabled: Off; enabled; false",
                "interval: 1h30m; interval; \"1h30m\"",
                "interval: !!str 12s; interval; \"12s\"",
                "port: 8080; port; 8080",
                "port: web; port; \"web\"",
                "colour: ; colour; \"red\"",
                "parts: [{size: null}]; parts; [{\"size\":null,\"name\":\"main\",\"weight\":7}]",
                "parts: [{name: null}]; parts; [{\"name\":\"main\",\"weight\":7}]",
                "low: 1; inner; {\"depth\":3}",
                "inner: {}; inner; {\"depth\":3}",
                "anything: {a: [1, {b: ~}]}; anything; {\"a\":[1,{\"b\":null}]}",
            })
    void readsValuesAndFillsInDefaultsAsTheApiServerDoes(String spec, String field, String value) {
        assertThat(Widgets.spec(spec).get(field)).hasToString(value);
    }

    @Test
    void positionsAreKnownOfEveryField() {
        ReadResult result = Widgets.read(Widgets.HEAD + "  parts:\n  - name: a\n    size: 3\n  tags: [x, z]\n");
        Declared<?> widget = result.resources().getFirst();
        FieldPath parts = FieldPath.of("spec", "parts");
        assertThat(widget.source().locate(FieldPath.ROOT)).contains(at(1, 1, 10));
        assertThat(widget.source().locate(parts)).contains(at(7, 3, 5));
        assertThat(widget.source().locate(parts.index(0))).contains(at(8, 5, 4));
        assertThat(widget.source().locate(parts.index(0, "a").field("size"))).contains(at(9, 11, 1));
        assertThat(widget.source().locate(FieldPath.of("spec", "tags").index(1)))
                .contains(at(10, 13, 1));
        // What isn't there: the nearest that is.
        assertThat(widget.source().locate(parts.index(0).field("weight"))).contains(at(8, 5, 4));
        assertThat(widget.source().locate(parts.index(5))).contains(at(7, 3, 5));
        assertThat(widget.source().locate(FieldPath.of("spec", "inner", "depth")))
                .contains(at(5, 1, 4));
    }

    private static Position at(int line, int column, int length) {
        return new Position("w.yaml", line, column, length);
    }
}
