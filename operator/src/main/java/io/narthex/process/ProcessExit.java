package io.narthex.process;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a process ended.
 *
 * @param epoch which start it was, see {@link ProcessObservation}
 * @param status its exit status; 128 and the signal's number where a signal ended it
 * @param at when it ended
 * @param lived how long it ran
 * @param lines the last lines that it wrote, at most 40
 */
public record ProcessExit(long epoch, int status, Instant at, Duration lived, List<String> lines) {
    public ProcessExit {
        lines = List.copyOf(lines);
    }

    /** Returns why it ended in its own words, as far as it says so. */
    public Optional<String> cause() {
        return PrometheusLog.cause(lines);
    }

    /** Returns the exit status as users read it. */
    public String words() {
        return switch (status) {
            case 137 -> "killed (SIGKILL), perhaps since memory ran out";
            default -> status > 128 ? "ended by signal " + (status - 128) : "exit status " + status;
        };
    }
}
