package io.narthex.source.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.narthex.compiler.yaml.ResourceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes as editors, people and other programs make them on a real disk are all seen in the end. */
class FolderWatcherTest {

    @TempDir
    Path parent;

    private Path folder;
    private final List<FolderSnapshot> seen = new CopyOnWriteArrayList<>();
    private FolderWatcher watcher;

    @BeforeEach
    void watch() throws IOException {
        folder = Files.createDirectory(parent.resolve("shop"));
        write("web.yaml", FolderSourceTest.monitor("web", 8000));
        watcher =
                FolderWatcher.start(new FolderSource(folder, new ResourceReader(), InstantSource.system()), seen::add);
        awaitNames("web");
    }

    @AfterEach
    void stop() {
        watcher.close();
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private void awaitNames(String... names) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(seen).isNotEmpty();
            assertThat(seen.getLast().resources()).map(r -> r.key().name()).containsExactly(names);
        });
    }

    @Test
    void seesFilesMadeChangedRenamedAndRemoved() throws IOException {
        write("db.yaml", FolderSourceTest.monitor("db", 8001));
        awaitNames("db", "web");
        write("db.yaml", FolderSourceTest.monitor("cache", 8001));
        awaitNames("cache", "web");
        Files.move(folder.resolve("db.yaml"), folder.resolve("db.yaml.off"));
        awaitNames("web");
        Files.move(folder.resolve("db.yaml.off"), folder.resolve("db.yaml"));
        awaitNames("cache", "web");
        Files.delete(folder.resolve("web.yaml"));
        awaitNames("cache");
    }

    @Test
    void seesASaveThroughASecondFile() throws IOException {
        Path temporary = Files.writeString(folder.resolve(".web.yaml.swp"), FolderSourceTest.monitor("shop", 8000));
        Files.move(
                temporary,
                folder.resolve("web.yaml"),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
        awaitNames("shop");
    }

    @Test
    void seesFoldersMadeWithFilesInThem() throws IOException {
        Path outside = Files.createDirectory(parent.resolve("outside"));
        Files.writeString(outside.resolve("db.yaml"), FolderSourceTest.monitor("db", 8001));
        Files.move(outside, folder.resolve("inside"));
        awaitNames("db", "web");
        Files.writeString(folder.resolve("inside/db.yaml"), FolderSourceTest.monitor("cache", 8001));
        awaitNames("cache", "web");
    }

    @Test
    void seesTheFolderGoAndComeBack() throws IOException {
        Path away = parent.resolve("away");
        Files.move(folder, away);
        awaitNames();
        assertThat(seen.getLast().diagnostics()).isNotEmpty();
        Files.move(away, folder);
        awaitNames("web");
        write("db.yaml", FolderSourceTest.monitor("db", 8001));
        awaitNames("db", "web");
    }

    @Test
    void seesACredentialAppear() throws IOException {
        Files.createDirectories(folder.resolve(".secrets/web"));
        write(".secrets/web/password", "hunter2");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(seen.getLast().credentials()).containsOnlyKeys("web/password"));
    }

    @Test
    void goesOnAfterTheListenerFailed() throws IOException {
        watcher.close();
        List<Integer> calls = new CopyOnWriteArrayList<>();
        watcher = FolderWatcher.start(
                new FolderSource(folder, new ResourceReader(), InstantSource.system()), snapshot -> {
                    calls.add(snapshot.resources().size());
                    if (calls.size() == 1) {
                        throw new IllegalStateException("made to fail");
                    }
                });
        await().untilAsserted(() -> assertThat(calls).hasSize(1));
        write("db.yaml", FolderSourceTest.monitor("db", 8001));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(calls).contains(2));
    }

    @Test
    void saysNothingOnceClosed() throws IOException {
        watcher.close();
        int before = seen.size();
        write("db.yaml", FolderSourceTest.monitor("db", 8001));
        await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(2)).until(() -> seen.size() == before);
    }
}
