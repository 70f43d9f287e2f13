package io.narthex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Colours are for terminals, and for those who want them. */
class ColorTest {

    private static final String ESCAPE = "\u001b[";

    @TempDir
    Path folder;

    @BeforeEach
    void writeFolder() throws IOException {
        Folders.wrong(folder);
    }

    @Test
    void aTerminalGetsThem() {
        assertThat(new Session().interactive().run("lint", folder.toString()).out())
                .contains(ESCAPE);
    }

    @Test
    void aPipeGetsNone() {
        assertThat(new Session().run("lint", folder.toString()).out()).doesNotContain(ESCAPE);
    }

    @Test
    void theOptionTurnsThemOff() {
        assertThat(new Session()
                        .interactive()
                        .run("lint", "--no-color", folder.toString())
                        .out())
                .doesNotContain(ESCAPE);
    }

    @Test
    void theVariableTurnsThemOff() {
        Session session = new Session().interactive().with("NO_COLOR", "1");
        assertThat(session.run("lint", folder.toString()).out()).doesNotContain(ESCAPE);
    }

    @Test
    void theEmptyVariableCountsAsUnset() {
        Session session = new Session().interactive().with("NO_COLOR", "");
        assertThat(session.run("lint", folder.toString()).out()).contains(ESCAPE);
    }

    @Test
    void aDumbTerminalGetsNone() {
        Session session = new Session().interactive().with("TERM", "dumb");
        assertThat(session.run("lint", folder.toString()).out()).doesNotContain(ESCAPE);
    }

    @Test
    void jsonHasNoneEvenOnATerminal() {
        assertThat(new Session()
                        .interactive()
                        .run("lint", "-o", "json", folder.toString())
                        .out())
                .doesNotContain(ESCAPE);
    }
}
