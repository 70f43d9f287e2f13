package io.narthex.compiler.model;

/** Where the compiled server runs, which decides what it can discover. */
public enum Platform {
    /** A process on this machine, declared by a folder of YAML. */
    LOCAL("a local process"),
    /** Pods of a Kubernetes cluster. */
    KUBERNETES("Kubernetes"),
    /** A service of a Docker Swarm. */
    SWARM("Docker Swarm");

    private final String text;

    Platform(String text) {
        this.text = text;
    }

    /** Returns the platform's name for messages. */
    public String text() {
        return text;
    }
}
