package io.narthex.reconcile;

import io.narthex.compiler.DefaultServer;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Severity;
import java.util.List;

/**
 * Whether the {@link DefaultServer} is made up, as what is declared changes: where surely no other is declared, and from
 * then on until one is. A file that can't be read any more takes nothing away.
 *
 * <p>Any thread may ask; one decides.
 */
public final class MadeUpServer {

    private volatile boolean used;

    /**
     * Decides anew.
     *
     * @param declared what is declared
     * @param problems what is wrong with what declares it
     * @return whether the default server is made up from now on, and wasn't before
     */
    public boolean decide(Inventory declared, List<Diagnostic> problems) {
        boolean before = used;
        used = declared.servers().findAny().isEmpty() && (before || !mayBeHidden(problems));
        return used && !before;
    }

    /** Returns whether it is made up. */
    public boolean isUsed() {
        return used;
    }

    /** Forgets that it was made up, for an operator that takes care of it no longer. */
    public void forget() {
        used = false;
    }

    /**
     * Returns whether a server may be declared that can't be read: one is wrong, or something is that may hold one. What is
     * no error was read, and is known.
     */
    public static boolean mayBeHidden(List<Diagnostic> problems) {
        return problems.stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .anyMatch(problem ->
                        problem.resource().isEmpty() || problem.resource().get().isServer());
    }
}
