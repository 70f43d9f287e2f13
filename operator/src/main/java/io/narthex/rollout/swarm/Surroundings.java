package io.narthex.rollout.swarm;

import io.narthex.docker.DockerException;
import java.util.List;

/** What a driver needs to know of the operator that it works for. */
public interface Surroundings {

    /** Returns the IDs of the networks that the operator is on, the one for its own traffic first. */
    List<String> networks();

    /**
     * Demands that the operator's own service still exists: one whose stack is being removed must make nothing any more.
     *
     * @throws DockerException where it doesn't
     */
    void demandPresence() throws InterruptedException;
}
