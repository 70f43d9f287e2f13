package io.narthex.rollout;

/**
 * Why a release isn't run. Durable, so that a restarted operator doesn't try it again.
 *
 * @param release the {@link Release#id()}
 * @param reason one of {@link Reason#CHECK_REFUSED}, {@link Reason#CONFIG_REFUSED}, {@link Reason#START_FAILED}, {@link
 *     Reason#RETENTION_SHRINKS}
 * @param message what was said, a phrase
 */
public record Refusal(String release, Reason reason, String message) {

    /** Returns whether Prometheus itself refused it, so that it was published and has to be withdrawn. */
    boolean afterPublishing() {
        return reason == Reason.CONFIG_REFUSED || reason == Reason.START_FAILED;
    }
}
