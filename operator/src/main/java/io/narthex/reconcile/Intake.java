package io.narthex.reconcile;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import io.narthex.source.directory.FolderSnapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes an {@link Inventory} of a folder's snapshots, one after the other, and sees to it that a mistake takes nothing
 * away that works: a resource whose file can't be read or doesn't parse any more stays as it was last.
 *
 * <p>For one thread.
 */
public final class Intake {

    private Inventory inventory = Inventory.EMPTY;
    private Set<ResourceKey> kept = Set.of();

    /** Returns what one snapshot declares, for a look that has no before and after. */
    public static Inventory inventoryOf(FolderSnapshot snapshot) {
        return new Intake().take(snapshot);
    }

    /** Takes the newest snapshot. Returns all that counts now; what didn't change is shared with the one before. */
    public Inventory take(FolderSnapshot snapshot) {
        Map<ResourceKey, Declared<?>> declared = new HashMap<>();
        for (Declared<?> resource : snapshot.resources()) {
            declared.put(resource.key(), resource);
        }
        Set<String> broken = brokenFiles(snapshot.diagnostics());
        boolean folderGone = snapshot.diagnostics().stream()
                .anyMatch(diagnostic -> diagnostic.code() == DiagnosticCode.INPUT_MISSING);
        Inventory next = inventory;
        Set<ResourceKey> keep = new TreeSet<>();
        for (Declared<?> before : inventory.resources().values().toList()) {
            if (!declared.containsKey(before.key())) {
                if (folderGone || fileOf(before).filter(broken::contains).isPresent()) {
                    keep.add(before.key());
                } else {
                    next = next.without(before.key());
                }
            }
        }
        for (Declared<?> resource : snapshot.resources()) {
            if (!isSame(next.find(resource.key()), resource)) {
                next = next.with(resource);
            }
        }
        if (!folderGone) {
            next = snapshot.addCredentialsTo(next);
        }
        kept = Set.copyOf(keep);
        inventory = next;
        return next;
    }

    /** Returns the resources that count only because what declares them now can't be read. */
    public Set<ResourceKey> kept() {
        return kept;
    }

    private static Set<String> brokenFiles(List<Diagnostic> diagnostics) {
        Set<String> files = new HashSet<>();
        for (Diagnostic diagnostic : diagnostics) {
            if (diagnostic.severity() == Severity.ERROR) {
                diagnostic.position().map(Position::file).ifPresent(files::add);
            }
        }
        return files;
    }

    private static Optional<String> fileOf(Declared<?> resource) {
        return resource.source().locate(FieldPath.ROOT).map(Position::file);
    }

    // The same instance is the same version of a resource.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Optional<Declared<?>> known, Declared<?> resource) {
        return known.isPresent() && known.get() == resource;
    }
}
