package io.narthex.compiler.model;

import java.util.Optional;
import java.util.stream.Stream;

/** The scrape jobs of a {@link Bundle}. */
public interface JobIndex {

    /** Returns the job with this {@code job_name}, if there is one. */
    Optional<JobEntry> find(String name);

    /** Returns all jobs, ordered by name. */
    Stream<JobEntry> all();

    /** Returns how many there are. */
    int size();
}
