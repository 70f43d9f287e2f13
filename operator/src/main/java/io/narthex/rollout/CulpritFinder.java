package io.narthex.rollout;

import java.util.function.Consumer;

/** Looks for who made Prometheus refuse a release. */
@FunctionalInterface
public interface CulpritFinder {

    /**
     * Begins to look, in place of what it was looking for before. Mustn't take long itself.
     *
     * @param release what was refused
     * @param why why
     * @param answer takes the answer, from any thread, at most once; never where nothing was found out
     */
    void find(Release release, Refusal why, Consumer<Observed.Found> answer);
}
