package io.narthex.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines are quoted from the files that diagnostics name, but never from a credential's. */
class FileLinesTest {

    @TempDir
    Path folder;

    @Test
    void quotesALine() throws IOException {
        Path file = Files.writeString(folder.resolve("web.yaml"), "one\ntwo\n");

        assertThat(new FileLines(Optional.empty()).line(file.toString(), 2)).hasValue("two");
    }

    @Test
    void neverQuotesACredential() throws IOException {
        Path secret = Files.createDirectories(folder.resolve(".secrets/web")).resolve("password");
        Files.writeString(secret, "hunter2");

        assertThat(new FileLines(Optional.empty()).line(secret.toString(), 1)).isEmpty();
    }
}
