package io.narthex.compiler.swarm;

import java.util.Map;

/**
 * A node of a Swarm (Docker Engine API, {@code GET /nodes}).
 *
 * @param id its id
 * @param hostname its host name; two nodes may have the same
 * @param address the address at which the managers see it ({@code Status.Addr}; for a manager that of {@code
 *     ManagerStatus.Addr} without the port where the former says {@code 0.0.0.0}); empty text where none is known
 * @param role what it may do
 * @param availability whether it takes tasks
 * @param state whether it answers
 * @param labels its labels ({@code Spec.Labels})
 */
public record SwarmNode(
        String id,
        String hostname,
        String address,
        Role role,
        Availability availability,
        State state,
        Map<String, String> labels) {

    /** What a node may do. */
    public enum Role {
        /** It takes part in the decisions. */
        MANAGER,
        /** It only runs tasks. */
        WORKER
    }

    /** Whether a node takes tasks. */
    public enum Availability {
        /** It does. */
        ACTIVE,
        /** It keeps those that it has. */
        PAUSE,
        /** It gives its tasks away. */
        DRAIN
    }

    /** Whether a node answers. */
    public enum State {
        /** It does. */
        READY,
        /** It doesn't. */
        DOWN,
        /** The connection was lost. */
        DISCONNECTED,
        /** The managers don't know yet. */
        UNKNOWN
    }

    public SwarmNode {
        labels = Map.copyOf(labels);
    }
}
