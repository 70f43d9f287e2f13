package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only a Prometheus of the same data is stopped. */
class OrphansTest {

    @TempDir
    Path folder;

    @Test
    void aProcessThatUsesOtherDataIsNoOrphan() throws Exception {
        try (StateFolder state = TestPrometheus.open(folder.resolve("state"))) {
            Process other = new ProcessBuilder("/bin/sleep", "60").start();
            try {
                state.remember(Optional.of(new RunRecord.Child(other.pid(), 0, List.of("/p"))));
                assertThat(new Orphans(state).settle(Duration.ofSeconds(10)))
                        .isEqualTo(new Outcome.Done<>(Optional.empty()));
                assertThat(other.isAlive()).isTrue();
                assertThat(state.record().prometheus()).isEmpty();
            } finally {
                other.destroyForcibly();
            }
        }
    }
}
