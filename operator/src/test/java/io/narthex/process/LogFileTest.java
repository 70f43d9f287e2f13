package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log is cut and read while its writer holds it open. */
class LogFileTest {

    @TempDir
    Path folder;

    @Test
    void aLogIsCutWhileItsWriterHoldsItOpen() throws Exception {
        Path file = folder.resolve("prometheus.log");
        LogFile log = new LogFile(file, 10);
        log.prepare();
        Process writer = new ProcessBuilder("/bin/cat")
                .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
                .start();
        try (OutputStream out = writer.getOutputStream()) {
            for (int round = 1; round <= 5; round++) {
                out.write(("line of round " + round + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                await().until(() -> Files.size(file) == 16);
                assertThat(log.tail(0)).containsExactly("line of round " + round);
                assertThat(log.rotate()).isTrue();
                assertThat(log.rotate()).isFalse();
            }
        } finally {
            writer.destroyForcibly();
        }
        assertThat(folder.resolve("prometheus.log.1")).hasContent("line of round 5");
        assertThat(folder.resolve("prometheus.log.3")).hasContent("line of round 3");
        assertThat(folder.resolve("prometheus.log.4")).doesNotExist();
    }

    @Test
    void theTailIsShortHoweverLongTheLog() throws IOException {
        Path file = folder.resolve("log");
        Files.writeString(file, "x".repeat(300_000) + "\n" + "line\n".repeat(1_000));
        LogFile log = new LogFile(file, 1_000_000);
        assertThat(log.tail(0)).hasSize(40).containsOnly("line");
        assertThat(log.tail(Files.size(file) - 10)).hasSize(2);
        assertThat(log.tail(Files.size(file) + 1)).hasSize(40);
    }
}
