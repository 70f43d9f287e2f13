package io.narthex.compiler.model;

/** Where the compiled server runs, which decides what it can discover. */
public enum Platform {
    /** A process on this machine, declared by a folder of YAML. */
    LOCAL("a local process"),
    /** Pods of a Kubernetes cluster. */
    KUBERNETES("Kubernetes"),
    /** A service of a Docker Swarm. */
    SWARM("Docker Swarm"),
    /** A container of one Docker daemon without a Swarm, beside those that docker compose starts. */
    COMPOSE("a container of docker compose");

    private final String text;

    Platform(String text) {
        this.text = text;
    }

    /**
     * Returns whether labels of Docker's services or containers declare what is scraped, and Narthex serves the targets.
     */
    public boolean hasLabels() {
        return this == SWARM || this == COMPOSE;
    }

    /** Returns whether a server that somebody else runs is served there. */
    public boolean servesExternal() {
        return hasLabels();
    }

    /** Returns the platform's name for messages. */
    public String text() {
        return text;
    }
}
