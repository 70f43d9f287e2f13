package io.narthex.source.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.yaml.ResourceReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder as it is on a real disk: what is read, what is left alone, what is reported, what is kept. */
class FolderSourceTest {

    @TempDir
    Path folder;

    private FolderSource source;

    @BeforeEach
    void makeSource() {
        source = new FolderSource(folder, new ResourceReader(), InstantSource.system());
    }

    static String monitor(String name, int port) {
        return """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata:
                  name: %s
                spec:
                  source:
                    static:
                      targets: ["127.0.0.1:%d"]
                """.formatted(name, port);
    }

    private Path write(String path, String content) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private static List<String> names(FolderSnapshot snapshot) {
        return snapshot.resources().stream().map(r -> r.key().name()).toList();
    }

    private static List<DiagnosticCode> codes(FolderSnapshot snapshot) {
        return snapshot.diagnostics().stream().map(Diagnostic::code).toList();
    }

    @Test
    void readsYamlFilesOfAllFoldersButHiddenOnes() throws IOException {
        write("web.yaml", monitor("web", 8000));
        write("more/deep/db.yml", monitor("db", 8001));
        write("notes.txt", "not: yaml: at: all");
        write(".hidden.yaml", monitor("hidden", 8002));
        write(".narthex/config/prometheus.yaml", monitor("state", 8003));
        write(".secrets/web/x.yaml", monitor("secret", 8004));

        FolderSnapshot snapshot = source.read();

        assertThat(names(snapshot)).containsExactly("db", "web");
        assertThat(snapshot.files()).isEqualTo(2);
    }

    @Test
    void keepsTheInstancesOfWhatDidNotChange() throws IOException {
        write("a.yaml", monitor("a", 8000));
        Path b = write("b.yaml", monitor("b", 8001));
        FolderSnapshot first = source.read();
        assertThat(source.read()).isSameAs(first);

        Files.writeString(b, monitor("b", 9001));
        FolderSnapshot second = source.read();

        assertThat(second).isNotSameAs(first);
        assertThat((Object) second.resources().get(0))
                .isSameAs(first.resources().get(0));
        assertThat((Object) second.resources().get(1))
                .isNotSameAs(first.resources().get(1));
    }

    @Test
    void seesAChangeOfTheSameSizeWithinOneTickOfTheClock() throws IOException {
        Path file = write("a.yaml", monitor("a", 8000));
        source.read();
        var time = Files.getLastModifiedTime(file);
        Files.writeString(file, monitor("b", 8000));
        Files.setLastModifiedTime(file, time);

        assertThat(names(source.read())).containsExactly("b");
    }

    @Test
    void theFirstOfTwoWithTheSameNameCounts() throws IOException {
        write("1.yaml", monitor("web", 8000));
        write("2.yaml", "\n" + monitor("web", 8001));

        FolderSnapshot snapshot = source.read();

        assertThat(snapshot.resources()).hasSize(1);
        assertThat(snapshot.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.DUPLICATE_RESOURCE);
            assertThat(diagnostic.position().map(Position::file))
                    .hasValueSatisfying(f -> assertThat(f).endsWith("2.yaml"));
            assertThat(diagnostic.position().map(Position::line)).hasValue(5);
            assertThat(diagnostic.message()).contains("1.yaml:4:");
        });
    }

    @Test
    void aCycleOfLinksIsReportedAndTheRestIsRead() throws IOException {
        write("web.yaml", monitor("web", 8000));
        Files.createSymbolicLink(folder.resolve("again"), folder);
        Files.createSymbolicLink(folder.resolve("x.yaml"), folder.resolve("y.yaml"));
        Files.createSymbolicLink(folder.resolve("y.yaml"), folder.resolve("x.yaml"));

        FolderSnapshot snapshot = source.read();

        assertThat(names(snapshot)).containsExactly("web");
        assertThat(codes(snapshot)).contains(DiagnosticCode.LINK_CYCLE, DiagnosticCode.FILE_UNREADABLE);
    }

    @Test
    void readsThroughTheLinksThatKubernetesMountsAVolumeBy() throws IOException {
        write("..2026_01/web.yaml", monitor("web", 8000));
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_01"));
        Files.createSymbolicLink(folder.resolve("web.yaml"), Path.of("..data/web.yaml"));
        assertThat(names(source.read())).containsExactly("web");

        write("..2026_02/web.yaml", monitor("shop", 8000));
        Files.delete(folder.resolve("..data"));
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_02"));

        assertThat(names(source.read())).containsExactly("shop");
    }

    @Test
    void aHugeFileIsNotRead() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("dump.yaml").toFile(), "rw")) {
            file.setLength(100L << 20);
        }

        FolderSnapshot snapshot = source.read();

        assertThat(snapshot.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.FILE_TOO_LARGE);
            assertThat(diagnostic.message()).contains("104857600");
        });
    }

    @Test
    void anUnreadableFileIsReported() throws IOException {
        Path file = write("web.yaml", monitor("web", 8000));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        if (Files.isReadable(file)) {
            // Root may read every file, but nobody this process's memory at address 0.
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("/proc/self/mem"));
        }

        assertThat(codes(source.read())).containsExactly(DiagnosticCode.FILE_UNREADABLE);
    }

    @Test
    void aFolderThatIsNotThereIsReportedAndTakenUpOnceItIs() throws IOException {
        Path later = folder.resolve("later");
        FolderSource absent = new FolderSource(later, new ResourceReader(), InstantSource.system());
        assertThat(codes(absent.read())).containsExactly(DiagnosticCode.INPUT_MISSING);

        write("later/web.yaml", monitor("web", 8000));

        assertThat(names(absent.read())).containsExactly("web");
    }

    @Test
    void readsCredentialsAndWarnsOfOpenOnes() throws IOException {
        Path open = write(".secrets/web/password", "hunter2");
        Path closed = write(".secrets/web/token", "t0ken");
        write(".secrets/stray", "not NAME/KEY");
        write(".secrets/web/deeper/still", "not NAME/KEY");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-------"));

        FolderSnapshot snapshot = source.read();

        assertThat(snapshot.credentials()).containsOnlyKeys("web/password", "web/token");
        assertThat(snapshot.credentials()).containsEntry("web/token", SecretValue.of("t0ken"));
        assertThat(snapshot.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.CREDENTIAL_FILE_OPEN);
            assertThat(diagnostic.remedy()).startsWith("chmod 600 ").endsWith(".secrets/web/password");
        });
        assertThat(snapshot.toString()).doesNotContain("hunter2").doesNotContain("t0ken");
    }

    @Test
    void aSingleFileIsReadWhateverItsNameWithTheCredentialsBesideIt() throws IOException {
        Path file = write("monitors.txt", monitor("web", 8000));
        write("other.yaml", monitor("other", 8001));
        write(".secrets/web/password", "hunter2");

        FolderSnapshot snapshot = new FolderSource(file, new ResourceReader(), InstantSource.system()).read();

        assertThat(names(snapshot)).containsExactly("web");
        assertThat(snapshot.credentials()).containsOnlyKeys("web/password");
    }

    @Test
    void standardInputIsAFileNamedDash() throws IOException {
        byte[] content = (monitor("web", 8000) + "---\n" + monitor("web", 8001)).getBytes(UTF_8);

        FolderSnapshot snapshot =
                FolderSource.readStandardInput(new ByteArrayInputStream(content), new ResourceReader());

        assertThat(snapshot.resources()).map(Declared::key).hasSize(1);
        assertThat(snapshot.diagnostics())
                .singleElement()
                .satisfies(diagnostic ->
                        assertThat(diagnostic.position().map(Position::file)).hasValue("-"));
    }
}
