package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** Why a condition has its status. */
public enum ConditionReason {
    /** Everything is as declared. */
    AS_DECLARED("AsDeclared"),
    /** Not processed yet. */
    PENDING("Pending"),
    /** The resource, or a part of it, has an error; the message names the field and the remedy. */
    INVALID("Invalid"),
    /** No server's selectors match; the message names the one that missed. */
    NOT_SELECTED("NotSelected"),
    /** A server would take it, but may not see its namespace. */
    NOT_PERMITTED("NotPermitted"),
    /** A secret, or an entry of it, is not there. */
    CREDENTIAL_MISSING("CredentialMissing"),
    /** The platform cannot serve this source. */
    SOURCE_NOT_SERVED("SourceNotServed"),
    /** Prometheus refused the configuration; the message holds its words. */
    REFUSED("Refused"),
    /** Prometheus refused the configuration, and runs with the last good one again. */
    ROLLED_BACK("RolledBack"),
    /** The change would delete samples, and the resource does not allow that. */
    DATA_LOSS_REFUSED("DataLossRefused"),
    /** The configuration is on its way to the server. */
    PUBLISHING("Publishing"),
    /** The server was asked to read its configuration. */
    RELOADING("Reloading"),
    /** The server is being restarted. */
    RESTARTING("Restarting"),
    /** The server is starting, and reads its write-ahead log. */
    REPLAYING_WAL("ReplayingWal"),
    /** The server's API is out of reach, so nobody knows what it runs with. */
    UNVERIFIED("Unverified"),
    /** No NetworkPolicy guards the server, and whoever reaches its node could stop it. It is taken all the same. */
    LIFECYCLE_EXPOSED("LifecycleExposed"),
    /** The last scrape of some targets failed. */
    TARGETS_DOWN("TargetsDown"),
    /** There are no targets. */
    NO_TARGETS("NoTargets"),
    /** Prometheus has discovered none of the Alertmanagers that are declared: no alert is sent. */
    NO_ALERTMANAGERS("NoAlertmanagers"),
    /** The last evaluation of some rules failed. */
    RULES_FAILING("RulesFailing"),
    /** A volume is not there, or not as declared. */
    STORAGE_FAILED("StorageFailed"),
    /** The resource is paused. */
    PAUSED("Paused"),
    /** The server does not run, or one of its objects is not as declared; the message says why. */
    UNAVAILABLE("Unavailable");

    private final String value;

    ConditionReason(String value) {
        this.value = value;
    }

    /** The value as it stands in JSON. */
    @JsonValue
    public String value() {
        return value;
    }

    @Override
    public String toString() {
        return value;
    }
}
