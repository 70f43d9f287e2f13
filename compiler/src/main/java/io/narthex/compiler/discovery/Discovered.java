package io.narthex.compiler.discovery;

import io.narthex.compiler.model.Diagnostic;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All targets of a server at one moment.
 *
 * @param groups the target groups by scrape job; every job of the plan is there, also without targets. The same state of
 *     the Swarm gives the same order
 * @param counts how many targets each endpoint has, by its id
 * @param diagnostics why endpoints or tasks are no targets, in {@link Diagnostic#ORDER}
 * @param growing the scrape jobs of which tasks are on their way to running, so that more targets may soon follow
 */
public record Discovered(
        SortedMap<String, List<TargetGroup>> groups,
        SortedMap<String, Count> counts,
        List<Diagnostic> diagnostics,
        Set<String> growing) {

    /**
     * How many targets an endpoint has.
     *
     * @param running how many tasks of its services run and are to go on
     * @param targets how many of them are targets
     */
    public record Count(int running, int targets) {}

    public Discovered {
        TreeMap<String, List<TargetGroup>> copy = new TreeMap<>();
        groups.forEach((job, some) -> copy.put(job, List.copyOf(some)));
        groups = Collections.unmodifiableSortedMap(copy);
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
        diagnostics = List.copyOf(diagnostics);
        growing = Set.copyOf(growing);
    }
}
