package io.narthex.compiler.config;

/** Which objects of Docker Swarm become targets ("dockerswarm_sd_config" of the Prometheus documentation). */
public enum SwarmRole implements Token {
    /** Ports of services. */
    SERVICES("services", Gate.ALWAYS),
    /** Ports of tasks. */
    TASKS("tasks", Gate.ALWAYS),
    /** Nodes. */
    NODES("nodes", Gate.ALWAYS);

    private final String text;
    // A record of values, and so immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Gate gate;

    SwarmRole(String text, Gate gate) {
        this.text = text;
        this.gate = gate;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Gate gate() {
        return gate;
    }
}
