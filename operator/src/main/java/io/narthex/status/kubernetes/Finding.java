package io.narthex.status.kubernetes;

import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.ConditionStatus;
import io.narthex.api.v1alpha1.ConditionType;

/**
 * What a condition is to say; since when, is found out when it is written.
 *
 * @param type the aspect
 * @param status whether it holds
 * @param reason why, in one word
 * @param message why, in a sentence; may be empty
 */
public record Finding(ConditionType type, ConditionStatus status, ConditionReason reason, String message) {

    /** The longest message that is written; the API takes no more than 32,768 characters. */
    private static final int LONGEST = 2_000;

    public Finding {
        message = message.length() > LONGEST ? message.substring(0, LONGEST - 3) + "..." : message;
    }

    static Finding yes(ConditionType type, String message) {
        return new Finding(type, ConditionStatus.TRUE, ConditionReason.AS_DECLARED, message);
    }

    /** Returns that an aspect doesn't hold, and why. */
    public static Finding no(ConditionType type, ConditionReason reason, String message) {
        return new Finding(type, ConditionStatus.FALSE, reason, message);
    }

    /** Returns that nobody knows whether an aspect holds, and why. */
    public static Finding unknown(ConditionType type, ConditionReason reason, String message) {
        return new Finding(type, ConditionStatus.UNKNOWN, reason, message);
    }

    boolean holds() {
        return status == ConditionStatus.TRUE;
    }
}
