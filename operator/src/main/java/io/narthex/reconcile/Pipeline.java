package io.narthex.reconcile;

import io.narthex.compiler.Compilation;
import io.narthex.compiler.CompileOptions;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import io.narthex.source.directory.FolderSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * From a folder's snapshot to what its server is to run, change after change. A resource whose new version is refused
 * keeps running as it was last accepted, so that a mistake in one file never takes a working job away.
 *
 * <p>For one thread.
 */
public final class Pipeline {

    /**
     * What became of a snapshot.
     *
     * @param compilation what is to run
     * @param inventory what that was made of
     * @param diagnostics everything wrong with the snapshot as the user wrote it
     * @param held resources that run as they were before, since their newest version is refused or can't be read
     */
    public record Step(
            Compilation compilation, Inventory inventory, List<Diagnostic> diagnostics, Set<ResourceKey> held) {}

    private final Compiler compiler;
    private final ServerChoice choice;
    private final CompileOptions options;
    private final Intake intake = new Intake();
    private final Map<ResourceKey, Declared<?>> accepted = new HashMap<>();

    /**
     * Makes a pipeline that has seen nothing yet.
     *
     * @param compiler compiles
     * @param choice says which server of the folder is meant
     * @param options what the compiler needs to know besides
     */
    public Pipeline(Compiler compiler, ServerChoice choice, CompileOptions options) {
        this.compiler = compiler;
        this.choice = choice;
        this.options = options;
    }

    /** Compiles the newest snapshot. Never throws for a user's mistake. */
    public Step take(FolderSnapshot snapshot) {
        Inventory written = intake.take(snapshot);
        ServerChoice.Chosen chosen = choice.choose(written);
        Compilation first = compiler.compile(chosen.inventory(), chosen.server(), options);
        List<Diagnostic> diagnostics = new ArrayList<>(snapshot.diagnostics());
        diagnostics.addAll(chosen.diagnostics());
        diagnostics.addAll(first.diagnostics());
        diagnostics.addAll(compiler.unselected(chosen.inventory()));
        diagnostics.sort(Diagnostic.ORDER);

        Set<ResourceKey> refused = refused(first);
        Set<ResourceKey> held = new TreeSet<>(intake.kept());
        Inventory running = chosen.inventory();
        for (ResourceKey key : refused) {
            Declared<?> before = accepted.get(key);
            if (before != null) {
                running = running.with(before);
                held.add(key);
            }
        }
        Compilation compilation =
                running.equals(chosen.inventory()) ? first : compiler.compile(running, chosen.server(), options);
        remember(running, refused(compilation));
        return new Step(compilation, running, List.copyOf(diagnostics), Set.copyOf(held));
    }

    private static Set<ResourceKey> refused(Compilation compilation) {
        Set<ResourceKey> keys = new LinkedHashSet<>();
        for (Diagnostic diagnostic : compilation.diagnostics()) {
            if (diagnostic.severity() == Severity.ERROR) {
                diagnostic.resource().ifPresent(keys::add);
            }
        }
        return keys;
    }

    private void remember(Inventory running, Set<ResourceKey> refused) {
        accepted.keySet().removeIf(key -> running.find(key).isEmpty());
        running.resources().forEach((key, resource) -> {
            if (!refused.contains(key)) {
                accepted.put(key, resource);
            }
        });
    }
}
