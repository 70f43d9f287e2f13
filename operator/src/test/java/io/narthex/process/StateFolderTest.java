package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.DiagnosticCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state folder is one process's, and nobody's file. */
class StateFolderTest {

    @TempDir
    Path folder;

    @Test
    void aStateFolderThatIsAFileIsRefusedAndLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("state"), "mine");
        assertThat(StateFolder.open(file)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.problem().code()).isEqualTo(DiagnosticCode.STATE_FOLDER_UNUSABLE);
            assertThat(failed.problem().message()).endsWith("is a file");
        });
        assertThat(file).hasContent("mine");
    }

    @Test
    void aStateFolderCanBeUsedAgainWhenItIsFree() throws IOException {
        for (int round = 0; round < 2; round++) {
            TestPrometheus.open(folder.resolve("a/b/state")).close();
        }
    }
}
