package io.narthex.process;

import java.util.List;
import java.util.Optional;

/**
 * What {@code run.json} in a state folder remembers, for the run after this one.
 *
 * @param owner the narthex that uses the folder; empty when none does
 * @param prometheus the Prometheus that it runs or is about to start; empty when it has none
 */
record RunRecord(Optional<Owner> owner, Optional<Child> prometheus) {

    static final RunRecord EMPTY = new RunRecord(Optional.empty(), Optional.empty());

    /**
     * A narthex.
     *
     * @param pid its process ID
     * @param startedAt when it was started, in milliseconds since 1970; 0 for unknown
     */
    record Owner(long pid, long startedAt) {}

    /**
     * A Prometheus.
     *
     * @param pid its process ID; 0 while it is being started
     * @param startedAt when it was started, in milliseconds since 1970; 0 for unknown
     * @param command its command line
     */
    record Child(long pid, long startedAt, List<String> command) {
        Child {
            command = List.copyOf(command);
        }
    }

    RunRecord withPrometheus(Optional<Child> child) {
        return new RunRecord(owner, child);
    }

    RunRecord withOwner(Optional<Owner> narthex) {
        return new RunRecord(narthex, prometheus);
    }
}
