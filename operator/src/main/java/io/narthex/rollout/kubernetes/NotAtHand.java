package io.narthex.rollout.kubernetes;

/** A content that must be written can't be. */
class NotAtHand extends Exception {
    private static final long serialVersionUID = 1;

    NotAtHand(String message) {
        super(message);
    }
}
