package io.narthex.status.kubernetes;

import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Status;

/** What a rollout's status is called in conditions. */
final class RolloutWords {

    private RolloutWords() {}

    static ConditionReason reason(Status status) {
        if (status.phase() == Status.Phase.ROLLED_BACK || status.phase() == Status.Phase.ROLLING_BACK) {
            return ConditionReason.ROLLED_BACK;
        }
        return switch (status.reason()) {
            case VERIFIED -> ConditionReason.AS_DECLARED;
            case NOTHING_DESIRED, CHECKING, STARTING -> ConditionReason.PENDING;
            case PUBLISHING, PUBLISH_FAILED, ARRIVING -> ConditionReason.PUBLISHING;
            case RELOADING, RELOAD_UNCLEAR -> ConditionReason.RELOADING;
            case RESTARTING -> ConditionReason.RESTARTING;
            case REPLAYING_WAL -> ConditionReason.REPLAYING_WAL;
            case STORE_UNREADABLE, UNREACHABLE -> ConditionReason.UNVERIFIED;
            case OBSTRUCTED, CRASH_LOOPING, START_FAILED -> ConditionReason.UNAVAILABLE;
            case RETENTION_SHRINKS -> ConditionReason.DATA_LOSS_REFUSED;
            case CHECK_REFUSED, CONFIG_REFUSED, LAST_GOOD_REFUSED -> ConditionReason.REFUSED;
        };
    }

    static String sentence(Status status) {
        // What is being done about it says less than why.
        String words = status.refusal().map(Refusal::message).orElse(status.detail());
        String detail = words.isEmpty() ? "" : ": " + words;
        return switch (status.phase()) {
            case READY ->
                status.verified()
                                .map(generation -> "every replica runs generation " + generation + ", verified")
                                .orElse("no replica is to run, so that nothing is verified")
                        + (words.isEmpty() ? "" : "; but " + words);
            case PARTIAL ->
                status.verified()
                                .map(generation -> "every replica that answers runs generation " + generation
                                        + ", verified; of the others: ")
                                .orElse(
                                        "every replica that answers runs the latest configuration, verified; what changed"
                                                + " of the server itself waits: ")
                        + words(status.reason())
                        + detail;
            case ROLLED_BACK ->
                "Prometheus refuses the latest configuration" + detail + "; every replica runs the last good one";
            case ROLLING_BACK ->
                "Prometheus refuses the latest configuration" + detail + "; the last good one is put back";
            case REFUSED ->
                status.reason() == Reason.RETENTION_SHRINKS
                        ? "the change would delete samples" + detail
                                + "; set allowDataLoss of spec.retention to allow that"
                        : "the latest configuration is refused" + detail;
            case UNVERIFIED -> "what runs can't be verified" + detail;
            case PROGRESSING, WAITING -> words(status.reason()) + detail;
        };
    }

    private static String words(Reason reason) {
        return switch (reason) {
            case NOTHING_DESIRED -> "there is nothing to run yet";
            case STORE_UNREADABLE -> "what is kept in the cluster can't be read";
            case CHECKING -> "the configuration is checked";
            case PUBLISHING -> "the configuration is being written";
            case PUBLISH_FAILED -> "the configuration can't be written";
            case ARRIVING -> "the configuration is on its way into the pods";
            case RELOADING -> "Prometheus reads its configuration";
            case RELOAD_UNCLEAR -> "whether Prometheus took its configuration isn't clear yet";
            case STARTING -> "Prometheus starts";
            case REPLAYING_WAL -> "Prometheus reads its write-ahead log";
            case RESTARTING -> "Prometheus is restarted";
            case OBSTRUCTED -> "Prometheus can't be started or replaced";
            case CRASH_LOOPING -> "Prometheus ends again and again";
            case UNREACHABLE -> "Prometheus can't be reached";
            case VERIFIED -> "all is verified";
            case RETENTION_SHRINKS -> "the change would delete samples";
            case CHECK_REFUSED, CONFIG_REFUSED -> "the configuration is refused";
            case START_FAILED -> "Prometheus doesn't start";
            case LAST_GOOD_REFUSED -> "Prometheus refuses even the configuration that was good before";
        };
    }
}
