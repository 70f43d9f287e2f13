package io.narthex.rollout.kubernetes;

/** An object of a name that is needed belongs to somebody else. */
public final class NotOurs extends Exception {
    private static final long serialVersionUID = 1;

    NotOurs(String message) {
        super(message);
    }
}
