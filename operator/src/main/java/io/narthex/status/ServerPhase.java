package io.narthex.status;

import io.narthex.process.ProcessObservation;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.Readiness;
import io.narthex.prometheus.WalReplay;
import java.util.Locale;
import java.util.Optional;

/** What a server does, as users are told. */
public enum ServerPhase {
    /** No process is to run. */
    STOPPED,
    /** It ended by itself and is started again after a while. */
    BACKING_OFF,
    /** It opens its database or loads its configuration. */
    STARTING,
    /** It replays its write-ahead log, which takes the longer the more it scraped; no failure. */
    REPLAYING,
    /** It serves. */
    READY,
    /** It closes its database. */
    STOPPING,
    /** Its API doesn't answer. */
    UNREACHABLE,
    /** Its API refuses this client. */
    REFUSED;

    /**
     * Returns the phase of a server.
     *
     * @param process what the supervisor sees; empty for a server that somebody else runs
     * @param readiness what the server answers
     */
    public static ServerPhase of(Optional<ProcessObservation> process, Answer<Readiness> readiness) {
        Optional<ServerPhase> down = process.flatMap(observed -> switch (observed.state()) {
            case ProcessObservation.Idle idle -> Optional.of(STOPPED);
            case ProcessObservation.BackingOff backingOff -> Optional.of(BACKING_OFF);
            case ProcessObservation.Stopping stopping -> Optional.of(STOPPING);
            case ProcessObservation.Running running -> Optional.empty();
        });
        return down.orElseGet(() -> switch (readiness) {
            case Answer.Ok<Readiness>(Readiness.Ready ready) -> READY;
            case Answer.Ok<Readiness>(Readiness.Stopping stopping) -> STOPPING;
            case Answer.Ok<Readiness>(Readiness.Starting(Optional<WalReplay> replay)) ->
                replay.filter(r -> r.max() > 0 && r.current() < r.max()).isPresent() ? REPLAYING : STARTING;
            case Answer.Unreachable<Readiness> unreachable ->
                // A process of ours that doesn't listen yet.
                process.isPresent() && unreachable.obstacle() == Answer.Obstacle.CONNECTION_REFUSED
                        ? STARTING
                        : UNREACHABLE;
            case Answer.Failure<Readiness> refused -> REFUSED;
        });
    }

    /** Returns the phase as users read it, such as {@code backing off}. */
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
