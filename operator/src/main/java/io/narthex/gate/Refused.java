package io.narthex.gate;

/** A request that the gate doesn't let through. The message says why, for the operator's log. */
final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    Refused(String message) {
        super(message, null, false, false);
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
