package io.narthex.rollout;

/**
 * What the engine decided.
 *
 * @param state what it must be given the next time
 * @param action what to do now
 */
public record Decision(RolloutState state, Action action) {

    /** Returns what the user is told. */
    public Status status() {
        return state.status();
    }
}
