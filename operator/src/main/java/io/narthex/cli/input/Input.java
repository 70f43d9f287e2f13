package io.narthex.cli.input;

import io.narthex.cli.print.FileLines;
import io.narthex.cli.print.SourceLines;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.yaml.ResourceReader;
import io.narthex.source.directory.FolderSnapshot;
import io.narthex.source.directory.FolderSource;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What a command was told to read, read once.
 *
 * @param snapshot what it declares
 * @param lines its lines, to quote
 * @param folder the folder of its resources, absolute: where relative paths of target files start
 */
public record Input(FolderSnapshot snapshot, SourceLines lines, Path folder) {

    /** What users write for standard input. */
    public static final String STANDARD_INPUT = "-";

    /**
     * Reads a folder, a file or standard input.
     *
     * @throws Failure where there is nothing to read
     */
    public static Input read(Terminal terminal, InstantSource clock, String where) {
        return read(terminal, clock, where, new ResourceReader());
    }

    /**
     * Reads a folder, a file or standard input, whose resources belong to a namespace where they name none.
     *
     * @throws Failure where there is nothing to read
     */
    static Input read(Terminal terminal, InstantSource clock, String where, String namespace) {
        return read(terminal, clock, where, new ResourceReader(namespace));
    }

    private static Input read(Terminal terminal, InstantSource clock, String where, ResourceReader reader) {
        if (where.equals(STANDARD_INPUT)) {
            try {
                byte[] bytes = terminal.in().readNBytes(FolderSource.LARGEST_FILE + 1);
                return new Input(
                        FolderSource.readStandardInput(new ByteArrayInputStream(bytes), reader),
                        new FileLines(Optional.of(bytes)),
                        folderOf(Path.of("")));
            } catch (IOException e) {
                throw Failure.environment("can't read standard input: " + e.getMessage(), "");
            }
        }
        Path root = path(where);
        FolderSnapshot snapshot = new FolderSource(root, reader, clock).read();
        demandPresent(where, snapshot);
        return new Input(snapshot, new FileLines(Optional.empty()), folderOf(root));
    }

    /** Returns how what was read is compiled for a process of this machine. */
    public CompileOptions options(PrometheusVersion version, Layout layout) {
        return CompileOptions.local(version, layout).withResourceFolder(resourceFolder(folder));
    }

    /** Returns the folder as a configuration names it, with forward slashes. */
    public static String resourceFolder(Path folder) {
        return folder.toString().replace(File.separatorChar, '/');
    }

    /** Returns the folder, absolute, in which resources lie that are read from {@code root}, a folder or a file. */
    public static Path folderOf(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        return Files.isRegularFile(root) && parent != null ? parent : absolute;
    }

    /**
     * Ends the command where a snapshot is of nothing.
     *
     * @throws Failure where the folder or file isn't there
     */
    public static void demandPresent(String where, FolderSnapshot snapshot) {
        Optional<Diagnostic> missing = snapshot.diagnostics().stream()
                .filter(diagnostic -> diagnostic.code() == DiagnosticCode.INPUT_MISSING)
                .findFirst();
        if (missing.isPresent()) {
            throw Failure.environment(
                    where + ": " + missing.get().message(), missing.get().remedy());
        }
    }

    /** Returns the path that {@code text} names. */
    public static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw Failure.usage("not a path: " + text, "");
        }
    }
}
