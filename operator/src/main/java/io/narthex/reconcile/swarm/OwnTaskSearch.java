package io.narthex.reconcile.swarm;

import io.narthex.docker.SwarmSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Finds the task of a Swarm that this process runs in. Docker tells of a task's container a while after that began: until
 * then a process in a container may be a task, and mustn't act as if it were none. What was found once stays so, also when
 * the task is no longer told of, since its service is being removed.
 *
 * <p>For one thread.
 */
final class OwnTaskSearch {

    /** A manager that is busy, or elects a leader, tells so late at most. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String host;
    private final InstantSource timer;
    private Optional<OwnTask> found = Optional.empty();
    private Instant until = Instant.MAX;

    /**
     * Makes one that has found nothing.
     *
     * @param host the name of the machine or container that this process runs on
     * @param timer tells how time passes, whatever becomes of the machine's clock
     */
    OwnTaskSearch(String host, InstantSource timer) {
        this.host = host;
        this.timer = timer;
    }

    /** Looks at what Docker tells; returns whether it is settled which task it is, or that it is none. */
    boolean isSettled(SwarmSnapshot swarm) {
        Instant now = timer.instant();
        if (until.equals(Instant.MAX)) {
            until = now.plus(PATIENCE);
        }
        found = OwnTask.find(swarm, host).or(() -> found);
        return found.isPresent() || !OwnTask.isContainer(host) || !now.isBefore(until);
    }

    /** Returns the task; empty where none was found. */
    Optional<OwnTask> found() {
        return found;
    }
}
