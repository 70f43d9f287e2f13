package io.narthex.prometheus;

import java.util.Optional;

/** How far a Prometheus that answers is ({@code /-/ready}). */
public sealed interface Readiness {

    /** It serves. */
    record Ready() implements Readiness {}

    /**
     * It is starting: it opens its database, replays the write-ahead log, loads its configuration.
     *
     * @param replay how far the replay is; empty where it doesn't say (before it begins, agent mode)
     */
    record Starting(Optional<WalReplay> replay) implements Readiness {
        /** Returns whether it replays its write-ahead log, which may take long. */
        public boolean isReplaying() {
            return replay.filter(told -> told.max() > 0).isPresent();
        }
    }

    /** It is shutting down; said from 2.5x on, older releases look as if they were starting. */
    record Stopping() implements Readiness {}
}
