package io.narthex.process;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import java.util.Optional;

/** How a process was stopped. */
public enum StopOutcome {
    /** None ran. */
    NOT_RUNNING,
    /** It closed its database and ended by itself. */
    CLEAN,
    /** It didn't end in time and was killed; the next start replays its write-ahead log. */
    KILLED;

    /** Returns what to tell the user; empty unless it was killed. */
    public Optional<Diagnostic> problem() {
        return this == KILLED
                ? Optional.of(Problems.of(
                        DiagnosticCode.PROMETHEUS_KILLED,
                        "Prometheus didn't close its database in time and was killed; its next start replays the"
                                + " write-ahead log",
                        "see prometheus.log in the state folder for what it was busy with"))
                : Optional.empty();
    }
}
