package io.narthex.docker;

/** Docker didn't do what it was asked for. The message says so in words, on one line, for a user. */
public final class DockerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of thing went wrong. */
    public enum Kind {
        /** The daemon, or what stands before it, doesn't answer. */
        UNREACHABLE,
        /** This process may not use the daemon's socket. */
        NOT_PERMITTED,
        /** The daemon is no manager of a Swarm: it is in none, or a worker. Waiting doesn't change that. */
        NOT_A_MANAGER,
        /** The daemon is a manager of a Swarm and can't work as one yet. */
        MANAGER_NOT_READY,
        /** The daemon is older than what Narthex works with. */
        TOO_OLD,
        /** The daemon no longer speaks a version of the API that Narthex knows. */
        TOO_NEW,
        /** There is no such object. */
        NOT_FOUND,
        /** There is another object of this name. */
        NAME_TAKEN,
        /** The object was changed by somebody else meanwhile. */
        VERSION_CONFLICT,
        /** Something else uses the object. */
        IN_USE,
        /** The daemon, or the gate before it, refuses. */
        REFUSED,
        /** The answer is none of Docker's. */
        UNINTELLIGIBLE
    }

    private final Kind kind;

    /**
     * Makes one.
     *
     * @param kind what kind of thing went wrong
     * @param message what went wrong and, where known, the remedy
     */
    public DockerException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Returns what kind of thing went wrong. */
    public Kind kind() {
        return kind;
    }

    /** Returns what went wrong, on one line. */
    public String words() {
        return String.valueOf(getMessage());
    }
}
