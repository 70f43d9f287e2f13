package io.narthex.process;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the Prometheus that an earlier run on the same state folder left behind, and stops it.
 *
 * <p>It is stopped and not adopted. What an adopted one was started with, what it wrote and how it ends would be
 * guessed: only a parent learns the exit status, and it may run another program or other flags than are wanted now. One
 * way to run keeps all of that known; the price is one more start, and only after narthex was killed. It is asked by
 * SIGTERM and waited for, so that it closes its database and gives up the lock on it.
 */
final class Orphans {

    /** The kernel's clock ticks, and a wall clock that is set, move start times a little. */
    private static final long TOLERANCE_MILLIS = 5_000;

    private final StateFolder state;

    Orphans(StateFolder state) {
        this.state = state;
    }

    /**
     * Stops what is left. Returns what was done, if anything; fails where a process that no run recorded uses the data.
     *
     * @param limit how long it may take to end before it is killed
     */
    Outcome<Optional<Diagnostic>> settle(Duration limit) throws InterruptedException, IOException {
        Optional<RunRecord.Child> recorded = state.record().prometheus();
        Optional<ProcessHandle> user = usersOfData().findFirst();
        if (user.isEmpty()) {
            state.remember(Optional.empty());
            return new Outcome.Done<>(Optional.empty());
        }
        ProcessHandle process = user.get();
        if (recorded.filter(child -> isIt(child, process)).isEmpty()) {
            return new Outcome.Failed<>(Problems.of(
                    DiagnosticCode.DATA_FOLDER_IN_USE,
                    "the data folder " + state.data() + " is used by process ID " + process.pid()
                            + ", which no run of narthex started",
                    "stop that process, or choose another folder by --state"));
        }
        boolean clean = stopped(process, limit);
        state.remember(Optional.empty());
        return new Outcome.Done<>(Optional.of(Problems.of(
                DiagnosticCode.ORPHAN_STOPPED,
                "an earlier narthex was killed and left its Prometheus running (process ID " + process.pid() + "); "
                        + (clean
                                ? "it was stopped"
                                : "it didn't stop within " + limit.toSeconds() + " s and was killed"),
                "")));
    }

    private Stream<ProcessHandle> usersOfData() {
        String data = state.data().toString();
        return ProcessHandle.allProcesses()
                .filter(ProcessTable::runs)
                .filter(process -> ProcessTable.command(process).stream().anyMatch(argument -> names(argument, data)));
    }

    /** As {@code --storage.tsdb.path=DATA}, or the flag and its value apart. */
    private static boolean names(String argument, String data) {
        return argument.equals(data) || (argument.startsWith("--storage.") && argument.endsWith("path=" + data));
    }

    private static boolean isIt(RunRecord.Child child, ProcessHandle process) {
        List<String> command = ProcessTable.command(process);
        if (child.pid() == 0) {
            // Narthex was killed between starting it and recording its process ID.
            return command.containsAll(
                    child.command().subList(1, child.command().size()));
        }
        long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return child.pid() == process.pid()
                && (started == 0
                        || child.startedAt() == 0
                        || Math.abs(started - child.startedAt()) <= TOLERANCE_MILLIS);
    }

    private static boolean stopped(ProcessHandle process, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        process.destroy();
        boolean clean = true;
        // It is no child of ours: its end can only be looked for.
        while (ProcessTable.runs(process)) {
            if (clean && System.nanoTime() > deadline) {
                process.destroyForcibly();
                clean = false;
            }
            Thread.sleep(Duration.ofMillis(50));
        }
        return clean;
    }
}
