package io.narthex.prometheus;

/** How a target's last scrape went. */
public enum TargetHealth {
    /** It succeeded. */
    UP,
    /** It failed. */
    DOWN,
    /** There was none yet. */
    UNKNOWN
}
