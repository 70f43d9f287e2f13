package io.narthex.rollout;

import java.util.function.Consumer;

/** Looks for who made Prometheus refuse a release. */
@FunctionalInterface
public interface CulpritFinder {

    /**
     * Begins to look, in place of what it was looking for before. Mustn't take long itself.
     *
     * @param refused what was refused, and why
     * @param answer takes the answer, from any thread, at most once; never where nothing was found out
     */
    void find(Action.FindCulprit refused, Consumer<Observed.Found> answer);
}
