package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs no Prometheus of the supervisor; {@code SupervisorIT} has the rest. */
class SupervisorTest {

    @TempDir
    Path folder;

    /** As where the disk gets full between the two notes of a start. */
    @Test
    void aStartThatCannotBeNotedIsKeptAndStopped() throws Exception {
        Path root = folder.resolve("state");
        try (StateFolder state = ((Outcome.Done<StateFolder>) StateFolder.open(root)).value()) {
            Path record = root.resolve("run.json");
            InstantSource clock = () -> {
                try {
                    if (Files.isRegularFile(record)) {
                        Files.delete(record);
                    }
                    Files.createDirectories(record.resolve("in-the-way"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return Instant.now();
            };
            Supervisor supervisor = new Supervisor(state, Map.of(), RestartPace.DEFAULT, new Random(1), clock);
            Outcome<Long> started =
                    supervisor.start(new Launch(Path.of("/bin/sleep"), List.of("600"), Map.of("restartKey", "k")));
            assertThat(started).isInstanceOf(Outcome.Done.class);
            ProcessHandle process =
                    ProcessHandle.of(supervisor.observe().pid().orElseThrow()).orElseThrow();
            try {
                assertThat(supervisor.stop(Duration.ofMinutes(1))).isEqualTo(StopOutcome.CLEAN);
                assertThat(process.isAlive()).isFalse();
                assertThat(supervisor.observe().lastExit()).isPresent();
            } finally {
                process.destroyForcibly();
                Files.delete(record.resolve("in-the-way"));
                Files.delete(record);
            }
        }
    }
}
