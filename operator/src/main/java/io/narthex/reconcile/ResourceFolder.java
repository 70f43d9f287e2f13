package io.narthex.reconcile;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.source.directory.FolderSnapshot;
import io.narthex.source.directory.FolderSource;
import java.nio.file.Files;
import java.util.List;

/**
 * A folder of resources beside which an operator works. It may come later; what can't be read any more, the folder itself
 * among that, stays as it was last.
 *
 * <p>For one thread.
 */
public final class ResourceFolder {

    private final FolderSource source;
    private final Intake intake = new Intake();

    /** A folder that was there once and isn't any more takes nothing away. */
    private boolean reads;

    /**
     * What is declared.
     *
     * @param inventory the resources, with the folder's credentials
     * @param diagnostics what is wrong with the folder as it is now
     */
    public record Content(Inventory inventory, List<Diagnostic> diagnostics) {

        /** Nothing. */
        public static final Content NONE = new Content(Inventory.EMPTY, List.of());

        public Content {
            diagnostics = List.copyOf(diagnostics);
        }
    }

    /** Makes one of which nothing is read yet. */
    public ResourceFolder(FolderSource source) {
        this.source = source;
    }

    /** Reads it. */
    public Content read() {
        reads |= Files.isDirectory(source.root());
        if (!reads) {
            return Content.NONE;
        }
        FolderSnapshot snapshot = source.read();
        return new Content(intake.take(snapshot), snapshot.diagnostics());
    }
}
