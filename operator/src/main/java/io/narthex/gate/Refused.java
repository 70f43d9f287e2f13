package io.narthex.gate;

/** A request that the gate doesn't let through. The message says why, for the operator's log. */
final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    Refused(String message) {
        this(403, message);
    }

    private Refused(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** What is asked for isn't there, as Docker itself would say. */
    static Refused missing(String message) {
        return new Refused(404, message);
    }

    /** Returns the HTTP status of the answer. */
    int status() {
        return status;
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
