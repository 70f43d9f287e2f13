package io.narthex.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.cli.Session;
import io.narthex.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {

    @TempDir
    Path folder;

    @Test
    void aNewFolderIsWritten() {
        Path shop = folder.resolve("deep/shop");
        Session.Result result = new Session().run("init", shop.toString());
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("wrote " + shop.resolve("server.yaml"), "next: narthex lint");
        assertThat(shop.resolve("monitor.yaml")).content().contains("kind: Monitor");
    }

    @Test
    void nothingIsOverwrittenAndNothingAdded() throws IOException {
        Path mine = Files.writeString(folder.resolve("mine.yml"), "kind: mine");
        Session.Result result = new Session().run("init", folder.toString());
        assertThat(result.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(mine + " is there already; nothing was written");
        assertThat(folder).isDirectoryNotContaining("glob:**.yaml");
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(new Session().run("init", file.toString()).code()).isEqualTo(ExitCode.ENVIRONMENT.number());
    }
}
