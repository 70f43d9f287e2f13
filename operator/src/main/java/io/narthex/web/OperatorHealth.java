package io.narthex.web;

import java.util.Map;

/**
 * How an operator is.
 *
 * @param role its part among the replicas
 * @param started whether it has seen all that existed when it began to lead; false unless it leads
 * @param failingWatches what is wrong with watches that fail now, by the kind that they watch
 * @param resources how many resources it has read, by kind
 */
public record OperatorHealth(
        Role role, boolean started, Map<String, String> failingWatches, Map<String, Long> resources) {

    /** The part of a replica. */
    public enum Role {
        /** It doesn't know yet who leads. */
        STARTING,
        /** It works. */
        LEADING,
        /** It waits for the one that leads to end. */
        WAITING
    }

    public OperatorHealth {
        failingWatches = Map.copyOf(failingWatches);
        resources = Map.copyOf(resources);
    }

    /** Returns the health of a replica that doesn't work. */
    public static OperatorHealth idle(Role role) {
        return new OperatorHealth(role, false, Map.of(), Map.of());
    }

    /** Returns whether it does what is its part: it works with all that exists, or waits. */
    boolean ready() {
        return switch (role) {
            case STARTING -> false;
            case LEADING -> started;
            case WAITING -> true;
        };
    }
}
