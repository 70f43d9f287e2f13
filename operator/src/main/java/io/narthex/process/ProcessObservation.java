package io.narthex.process;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the supervisor sees at one moment.
 *
 * @param state what the process does
 * @param epoch counts the starts since the supervisor was made; 0 before the first
 * @param failures how many times in a row it ended by itself before it had run for a minute
 * @param labels the {@link Launch}'s labels of the present or last process; empty before the first
 * @param lastExit how the process before this one ended; empty where there was none
 */
public record ProcessObservation(
        State state, long epoch, int failures, Map<String, String> labels, Optional<ProcessExit> lastExit) {

    /** From so many failures in a row on it is called a crash loop. */
    public static final int CRASH_LOOP = 3;

    public ProcessObservation {
        labels = Map.copyOf(labels);
    }

    /** What the process does. */
    public sealed interface State {}

    /** None is to run. */
    public record Idle() implements State {}

    /**
     * It runs; whether it is ready, the client of the running Prometheus knows.
     *
     * @param pid its process ID
     * @param since when it was started
     */
    public record Running(long pid, Instant since) implements State {}

    /**
     * It ended by itself and is started again at the given time.
     *
     * @param retryAt when
     */
    public record BackingOff(Instant retryAt) implements State {}

    /**
     * It was asked to stop and closes its database.
     *
     * @param pid its process ID
     * @param since when it was asked
     * @param limit it is killed when it takes longer
     */
    public record Stopping(long pid, Instant since, Duration limit) implements State {}

    /** Returns the ID of the process that runs. */
    public Optional<Long> pid() {
        return switch (state) {
            case Running running -> Optional.of(running.pid());
            case Stopping stopping -> Optional.of(stopping.pid());
            case Idle idle -> Optional.empty();
            case BackingOff backingOff -> Optional.empty();
        };
    }

    /** Returns what to tell the user of a process that ends again and again; empty while it doesn't. */
    public Optional<Diagnostic> problem() {
        if (!crashLoop()) {
            return Optional.empty();
        }
        String why = lastExit.map(exit -> " (" + exit.words() + ")"
                        + exit.cause().map(cause -> ": " + cause).orElse(""))
                .orElse("");
        return Optional.of(Problems.of(
                DiagnosticCode.CRASH_LOOP,
                "Prometheus ended " + failures + " times in a row" + why,
                "see prometheus.log in the state folder"));
    }

    /** Returns whether it ends again and again. */
    public boolean crashLoop() {
        return failures >= CRASH_LOOP;
    }
}
