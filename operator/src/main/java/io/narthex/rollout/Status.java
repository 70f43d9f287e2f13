package io.narthex.rollout;

import java.util.List;
import java.util.Optional;

/**
 * What the user is told of a rollout.
 *
 * @param phase where it stands
 * @param reason why
 * @param detail the same in words, a phrase; may be empty
 * @param verified the generation that all instances, or all but those that are away, are verified to have loaded; empty
 *     while there is none
 * @param refusal why the desired release isn't run; empty where it isn't refused
 * @param culprits who made Prometheus refuse it, as far as known
 */
public record Status(
        Phase phase,
        Reason reason,
        String detail,
        Optional<String> verified,
        Optional<Refusal> refusal,
        List<Culprit> culprits) {

    /** All is well, of whatever generation. */
    public static final Status VERIFIED =
            new Status(Phase.READY, Reason.VERIFIED, "", Optional.empty(), Optional.empty(), List.of());

    public Status {
        culprits = List.copyOf(culprits);
    }

    /** Where a rollout stands. */
    public enum Phase {
        /** The desired release is on its way. */
        PROGRESSING,
        /** Something must happen first that the engine can't bring about. */
        WAITING,
        /** Every instance runs the desired release, verified. */
        READY,
        /**
         * Every instance that serves runs the files of the desired release, verified; others have been away for a while,
         * or wait to be replaced, which doesn't go on.
         */
        PARTIAL,
        /** What an instance runs can't be told. */
        UNVERIFIED,
        /** The desired release was refused; the last good one is being put back. */
        ROLLING_BACK,
        /** Prometheus refused the desired release; every instance runs the last good one, verified. */
        ROLLED_BACK,
        /** The desired release was refused before anything was touched, or there is nothing to put back. */
        REFUSED
    }
}
