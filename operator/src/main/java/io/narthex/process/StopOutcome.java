package io.narthex.process;

/** How a process was stopped. */
public enum StopOutcome {
    /** None ran. */
    NOT_RUNNING,
    /** It closed its database and ended by itself. */
    CLEAN,
    /** It didn't end in time and was killed; the next start replays its write-ahead log. */
    KILLED
}
