package io.narthex.rollout.process;

import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.JobIndex;
import java.util.Optional;
import java.util.stream.Stream;

/** The jobs of hand-made bundles, of which nobody asks. */
record NoJobs() implements JobIndex {
    @Override
    public Optional<JobEntry> find(String name) {
        return Optional.empty();
    }

    @Override
    public Stream<JobEntry> all() {
        return Stream.empty();
    }

    @Override
    public int size() {
        return 0;
    }
}
