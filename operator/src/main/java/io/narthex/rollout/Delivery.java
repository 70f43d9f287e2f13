package io.narthex.rollout;

/** How published files reach an instance. */
public enum Delivery {
    /** While it runs, each by itself; a reload makes it load them. */
    WHILE_RUNNING,
    /**
     * When it is started, all of its release at once; what it sees stays as it is for as long as it runs. So a restart
     * takes the place of a reload, and what it shows once it is ready is proof enough.
     */
    AT_START
}
