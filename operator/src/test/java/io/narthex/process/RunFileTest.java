package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run notes of itself, and what is none. */
class RunFileTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"narthex\":7,\"prometheus\":{\"pid\":\"x\"}}", "\u0000"})
    void aRunFileThatIsNoneCountsAsNone(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("run.json"), text);
        assertThat(new RunFile(file).read()).isEqualTo(RunRecord.EMPTY);
    }

    @Test
    void aRunFileKeepsWhatItIsGiven() throws IOException {
        RunFile file = new RunFile(folder.resolve("run.json"));
        RunRecord record = new RunRecord(
                Optional.of(new RunRecord.Owner(1, 2)),
                Optional.of(new RunRecord.Child(3, 4, List.of("/p", "--a=\"b\""))));
        file.write(record);
        assertThat(file.read()).isEqualTo(record);
    }
}
