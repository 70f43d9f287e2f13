package io.narthex.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveLinesTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private WindowSize size = new WindowSize(80, 24);
    private final PrintStream stream = new PrintStream(out, true, UTF_8);
    private final LiveLines live = new LiveLines(
            new Terminal(InputStream.nullInputStream(), stream, stream, true, () -> Optional.of(size), Map.of()));

    private String printed() {
        String text = out.toString(UTF_8);
        out.reset();
        return text;
    }

    private static String erased(int rows) {
        return "\u001b[" + rows + "A\r" + "\u001b[2K\n".repeat(rows) + "\u001b[" + rows + "A";
    }

    @Test
    void linesAreDrawnInTheirOwnPlace() {
        live.replace(List.of("a", "b"));
        assertThat(printed()).isEqualTo("a\nb\n");
        live.replace(List.of("c"));
        assertThat(printed()).isEqualTo(erased(2) + "c\n");
        live.above(() -> stream.println("stays"));
        assertThat(printed()).isEqualTo(erased(1) + "stays\nc\n");
        live.clear();
        assertThat(printed()).isEqualTo(erased(1));
        live.clear();
        assertThat(printed()).isEmpty();
    }

    @Test
    void aWindowThatBecameNarrowerHasWrappedThem() {
        live.replace(List.of("\u001b[31m" + "x".repeat(80) + "\u001b[0m", "y".repeat(50), ""));
        printed();
        size = new WindowSize(50, 24);
        live.replace(List.of("z"));
        assertThat(printed()).isEqualTo(erased(4) + "z\n");
    }

    @Test
    void aTableTallerThanTheWindowIsShortened() {
        size = new WindowSize(80, 4);
        live.replace(List.of("1", "2", "3", "4", "5"));
        assertThat(printed()).isEqualTo("1\n2\n… and 3 more\n");

        size = new WindowSize(80, 3);
        live.replace(List.of("1"));
        assertThat(printed()).as("not above the window").isEqualTo(erased(2) + "1\n");
    }
}
