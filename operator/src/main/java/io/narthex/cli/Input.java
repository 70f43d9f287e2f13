package io.narthex.cli;

import io.narthex.cli.print.FileLines;
import io.narthex.cli.print.SourceLines;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.yaml.ResourceReader;
import io.narthex.source.directory.FolderSnapshot;
import io.narthex.source.directory.FolderSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What a command was told to read, read once.
 *
 * @param snapshot what it declares
 * @param lines its lines, to quote
 */
record Input(FolderSnapshot snapshot, SourceLines lines) {

    /** What users write for standard input. */
    static final String STANDARD_INPUT = "-";

    /**
     * Reads a folder, a file or standard input.
     *
     * @throws Failure where there is nothing to read
     */
    static Input read(Terminal terminal, InstantSource clock, String where) {
        ResourceReader reader = new ResourceReader();
        if (where.equals(STANDARD_INPUT)) {
            try {
                byte[] bytes = terminal.in().readNBytes(FolderSource.LARGEST_FILE + 1);
                return new Input(
                        FolderSource.readStandardInput(new ByteArrayInputStream(bytes), reader),
                        new FileLines(Optional.of(bytes)));
            } catch (IOException e) {
                throw Failure.environment("can't read standard input: " + e.getMessage(), "");
            }
        }
        FolderSnapshot snapshot = new FolderSource(path(where), reader, clock).read();
        demandPresent(where, snapshot);
        return new Input(snapshot, new FileLines(Optional.empty()));
    }

    /**
     * Ends the command where a snapshot is of nothing.
     *
     * @throws Failure where the folder or file isn't there
     */
    static void demandPresent(String where, FolderSnapshot snapshot) {
        Optional<Diagnostic> missing = snapshot.diagnostics().stream()
                .filter(diagnostic -> diagnostic.code() == DiagnosticCode.INPUT_MISSING)
                .findFirst();
        if (missing.isPresent()) {
            throw Failure.environment(
                    where + ": " + missing.get().message(), missing.get().remedy());
        }
    }

    /** Returns the path that {@code text} names. */
    static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw Failure.usage("not a path: " + text, "");
        }
    }
}
