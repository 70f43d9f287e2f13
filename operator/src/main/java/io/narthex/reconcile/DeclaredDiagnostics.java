package io.narthex.reconcile;

import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with what is declared beside what is wrong for one server. From any thread. */
public final class DeclaredDiagnostics {

    private final Compiler compiler;
    private final Latest<List<Diagnostic>> unselected = new Latest<>();

    /** Makes one that lets this compiler say what no server takes. */
    public DeclaredDiagnostics(Compiler compiler) {
        this.compiler = compiler;
    }

    /**
     * Returns what is wrong.
     *
     * @param inventory what is declared
     * @param sources what is wrong with what declares it, such as a file that can't be read
     */
    public List<Diagnostic> of(Inventory inventory, List<Diagnostic> sources) {
        List<Diagnostic> all = new ArrayList<>(sources);
        all.addAll(unselected.of(inventory, () -> compiler.unselected(inventory)));
        return List.copyOf(all);
    }
}
