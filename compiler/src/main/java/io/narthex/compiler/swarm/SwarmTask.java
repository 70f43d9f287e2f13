package io.narthex.compiler.swarm;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A task of a service: one container, running, to come or gone (Docker Engine API, {@code GET /tasks}, which lists tasks
 * in every state). The health of its container is part of its state: a task whose container has a health check is {@code
 * starting} until that succeeds, and fails when it doesn't any more.
 *
 * @param id its id
 * @param serviceId the service that it belongs to
 * @param slot its number among the replicas, from 1; empty for a task of a global service
 * @param nodeId the node that it is assigned to; empty text where it is assigned to none yet
 * @param state what it is now
 * @param desired what it is to become
 * @param addresses its addresses without the length of the prefix, by the id of the network
 * @param hostPorts where its ports of the mode {@code host} are published, by the port in the container; from {@code
 *     Status.PortStatus}
 */
public record SwarmTask(
        String id,
        String serviceId,
        OptionalInt slot,
        String nodeId,
        State state,
        State desired,
        Map<String, List<String>> addresses,
        Map<Integer, Integer> hostPorts) {

    /** The states of a task, in their order (Docker documentation, "Swarm task states"). */
    public enum State {
        /** Just made. */
        NEW,
        /** Waits for resources. */
        PENDING,
        /** Given to a node. */
        ASSIGNED,
        /** Taken by the node. */
        ACCEPTED,
        /** Resources are made. */
        PREPARING,
        /** Ready to start. */
        READY,
        /** The container starts, or its health check hasn't succeeded yet. */
        STARTING,
        /** It runs. */
        RUNNING,
        /** It ended well. */
        COMPLETE,
        /** It was told to end. */
        SHUTDOWN,
        /** It ended with an error. */
        FAILED,
        /** The node refused it. */
        REJECTED,
        /** Its service is gone or was scaled down. */
        REMOVE,
        /** Its node was down for too long. */
        ORPHANED,
        /** A state that this release doesn't know. */
        UNKNOWN
    }

    public SwarmTask {
        TreeMap<String, List<String>> copy = new TreeMap<>();
        addresses.forEach((network, some) -> copy.put(network, List.copyOf(some)));
        addresses = Map.copyOf(copy);
        hostPorts = Map.copyOf(hostPorts);
    }

    /** Returns whether it runs and is to go on, or is to come to its end by itself as the task of a job is. */
    public boolean isRunning() {
        return state == State.RUNNING && (desired == State.RUNNING || desired == State.COMPLETE);
    }

    /** Returns whether it is on its way to running. */
    public boolean isComing() {
        return state.compareTo(State.RUNNING) < 0 && (desired == State.READY || desired == State.RUNNING);
    }
}
