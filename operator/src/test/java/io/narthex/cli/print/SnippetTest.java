package io.narthex.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SnippetTest {

    @Test
    void plainTextIsMarkedInPlace() {
        assertThat(Snippet.of("  timeout: 30s", 12, 3, 80)).isEqualTo(new Snippet("  timeout: 30s", 11, 3));
    }

    @Test
    void tabsTakeFourColumns() {
        assertThat(Snippet.of("\ta: b", 5, 1, 80)).isEqualTo(new Snippet("    a: b", 7, 1));
    }

    @Test
    void wideCharactersTakeTwoColumnsAndCombiningOnesNone() {
        assertThat(Snippet.of("\u540d: x", 4, 1, 80).indent()).isEqualTo(4);
        assertThat(Snippet.of("e\u0301: x", 5, 1, 80).indent()).isEqualTo(3);
        assertThat(Snippet.of("a: \ud83d\ude80", 4, 1, 80).marks()).isEqualTo(2);
    }

    @Test
    void invisibleCharactersAreShownAndCounted() {
        Snippet snippet = Snippet.of("a\u202eb: c", 5, 1, 80);
        assertThat(snippet.line()).isEqualTo("a\\u{202E}b: c");
        assertThat(snippet.line().substring(snippet.indent())).isEqualTo(" c");
        assertThat(Snippet.of("a\u0000b", 3, 1, 80)).isEqualTo(new Snippet("a\u2400b", 2, 1));
    }

    @Test
    void aLongLineIsCutAroundThePlace() {
        Snippet snippet = Snippet.of("a".repeat(500) + "HERE" + "b".repeat(500), 501, 4, 60);
        assertThat(snippet.line()).hasSize(60).startsWith("...a").endsWith("b...");
        assertThat(snippet.line().substring(snippet.indent(), snippet.indent() + snippet.marks()))
                .isEqualTo("HERE");
    }

    @Test
    void aPlaceAtOrBehindTheEndIsMarkedBehindTheLine() {
        assertThat(Snippet.of("a:", 3, 1, 80)).isEqualTo(new Snippet("a:", 2, 1));
        assertThat(Snippet.of("a:", 30, 4, 80)).isEqualTo(new Snippet("a:", 2, 1));
        assertThat(Snippet.of("", 1, 1, 80)).isEqualTo(new Snippet("", 0, 1));
    }

    @Test
    void aLongMeantPartIsCutWithTheLine() {
        Snippet snippet = Snippet.of("k: " + "x".repeat(300), 4, 300, 60);
        assertThat(snippet.indent() + snippet.marks()).isLessThanOrEqualTo(60);
        assertThat(snippet.line()).startsWith("k: x");
    }
}
