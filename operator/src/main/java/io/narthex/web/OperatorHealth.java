package io.narthex.web;

import java.util.Map;

/**
 * How an operator is.
 *
 * @param role its part among the replicas
 * @param started whether it has seen all that existed when it began to lead; false unless it leads
 * @param failingWatches what is wrong with watches that fail now, by the kind that they watch
 * @param resources how many resources it has read, by kind
 * @param conditions how many resources it told that they are ready, or why they aren't; empty where it tells them nothing
 * @param servers whether each PrometheusServer is ready of which it said something and that isn't paused, by {@code
 *     NAMESPACE/NAME}
 */
public record OperatorHealth(
        Role role,
        boolean started,
        Map<String, String> failingWatches,
        Map<String, Long> resources,
        Map<Ready, Long> conditions,
        Map<String, Boolean> servers) {

    /**
     * What is said of the readiness of a resource.
     *
     * @param kind its kind
     * @param status whether it is ready: {@code true}, {@code false} or {@code unknown}
     * @param reason why, in one word
     */
    public record Ready(String kind, String status, String reason) {}

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
        conditions = Map.copyOf(conditions);
        servers = Map.copyOf(servers);
    }

    /** That of an operator whose resources have no status. */
    public OperatorHealth(Role role, boolean started, Map<String, String> failingWatches, Map<String, Long> resources) {
        this(role, started, failingWatches, resources, Map.of(), Map.of());
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
