package io.narthex.compiler;

import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import java.util.List;

/**
 * Turns declared resources into what a Prometheus server is to run. The same input gives the same bytes, in whatever
 * order it came to be; an implementation may remember earlier work to save time. Safe for use by several threads.
 */
public interface Compiler {

    /** Returns a compiler that does anew only what a change since its last work demands. */
    static Compiler create() {
        return new IncrementalCompiler();
    }

    /** Compiles {@code server} with what it selects of {@code inventory}. Never throws for a user's mistake. */
    Compilation compile(Inventory inventory, ResourceKey server, CompileOptions options);

    /**
     * Forgets what it may remember of {@code server}, with its credentials; to be called when nobody compiles it any more.
     */
    void forget(ResourceKey server);

    /** Returns a diagnostic for each Monitor and RuleSet that no server of {@code inventory} selects, and why. */
    List<Diagnostic> unselected(Inventory inventory);
}
