package io.narthex.rollout.swarm;

/** Why an action wasn't carried out, in words. */
final class NotDone extends Exception {
    private static final long serialVersionUID = 1L;

    NotDone(String message) {
        super(message, null, false, false);
    }
}
