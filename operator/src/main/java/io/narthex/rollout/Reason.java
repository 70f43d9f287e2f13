package io.narthex.rollout;

/** Why a rollout stands where it stands. Stable: shown to users and kept in status conditions. */
public enum Reason {
    /** There is nothing to run yet. */
    NOTHING_DESIRED,
    /** What is kept durably can't be read. */
    STORE_UNREADABLE,
    /** A static check runs. */
    CHECKING,
    /** Files are being written. */
    PUBLISHING,
    /** Files can't be written; the detail says why. */
    PUBLISH_FAILED,
    /** Files are written and not yet seen by the instance. */
    ARRIVING,
    /** A reload was asked for and isn't answered yet. */
    RELOADING,
    /** The last reload's answer is unknown or contradicts what Prometheus shows; it is asked again. */
    RELOAD_UNCLEAR,
    /** An instance starts. */
    STARTING,
    /** An instance reads its write-ahead log. */
    REPLAYING_WAL,
    /** An instance is restarted, because something changed that is read at start only. */
    RESTARTING,
    /** An instance can't be started or replaced, again and again; the detail says why. */
    OBSTRUCTED,
    /** An instance ended again and again; it is started again after a pause. */
    CRASH_LOOPING,
    /** An instance can't be reached, so what it runs can't be verified. */
    UNREACHABLE,
    /** Everything is loaded and verified. */
    VERIFIED,
    /** The desired release deletes samples, and the user didn't allow that. */
    RETENTION_SHRINKS,
    /** A static check refuses the desired release. */
    CHECK_REFUSED,
    /** Prometheus refuses the desired release, or a part of it. */
    CONFIG_REFUSED,
    /** Prometheus doesn't start with the desired release. */
    START_FAILED,
    /** Prometheus refuses even the release that was good before. */
    LAST_GOOD_REFUSED;

    /** Returns whether somebody has to do something, rather than wait for what is under way. */
    boolean isTrouble() {
        return switch (this) {
            case STORE_UNREADABLE,
                    PUBLISH_FAILED,
                    OBSTRUCTED,
                    CRASH_LOOPING,
                    RETENTION_SHRINKS,
                    CHECK_REFUSED,
                    CONFIG_REFUSED,
                    START_FAILED,
                    LAST_GOOD_REFUSED -> true;
            case NOTHING_DESIRED,
                    CHECKING,
                    PUBLISHING,
                    ARRIVING,
                    RELOADING,
                    RELOAD_UNCLEAR,
                    STARTING,
                    REPLAYING_WAL,
                    RESTARTING,
                    UNREACHABLE,
                    VERIFIED -> false;
        };
    }
}
