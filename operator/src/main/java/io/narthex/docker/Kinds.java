package io.narthex.docker;

/** The kinds of objects of a Swarm that are asked for. */
public enum Kinds {
    /** Services. */
    SERVICES("services"),
    /** The tasks of services, in every state. */
    TASKS("tasks"),
    /** Machines. */
    NODES("nodes"),
    /** Networks, of one machine or of the Swarm. */
    NETWORKS("networks"),
    /** Configs: files that services mount, whose content can be read back. */
    CONFIGS("configs"),
    /** Secrets: files that services mount, whose content can't be read back. */
    SECRETS("secrets");

    private final String path;

    Kinds(String path) {
        this.path = path;
    }

    /** Returns how paths of the API name it. */
    String path() {
        return path;
    }
}
