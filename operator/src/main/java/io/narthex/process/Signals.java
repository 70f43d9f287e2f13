package io.narthex.process;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends signals that {@link ProcessHandle} can't. Calls the C library's {@code kill}, which is immediate and reports
 * errors; where native access isn't enabled for this code, runs the program {@code kill}, so that the JVM prints no
 * warning.
 */
final class Signals {

    /** SIGHUP, on Linux and macOS. */
    static final int HANGUP = 1;

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Optional<MethodHandle> kill;

    Signals() {
        this(Signals.class.getModule().isNativeAccessEnabled());
    }

    Signals(boolean nativeAccess) {
        this.kill = nativeAccess ? nativeKill() : Optional.empty();
    }

    // Restricted since native code can crash the JVM: kill takes two integers and keeps no pointer.
    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> nativeKill() {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> symbol = linker.defaultLookup().find("kill");
        return symbol.map(address -> linker.downcallHandle(
                address, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)));
    }

    /**
     * Sends the signal; returns whether it was sent.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    boolean send(long pid, int signal) throws InterruptedException {
        if (pid <= 1) {
            throw new IllegalArgumentException("not a process to signal: " + pid);
        }
        return kill.isPresent() ? call(kill.get(), pid, signal) : run(pid, signal);
    }

    private static boolean call(MethodHandle kill, long pid, int signal) {
        try {
            return (int) kill.invokeExact(Math.toIntExact(pid), signal) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("kill can't be called", e);
        }
    }

    private static boolean run(long pid, int signal) throws InterruptedException {
        try {
            return ShortRun.of(List.of("/bin/kill", "-" + signal, Long.toString(pid)), Map.of(), LIMIT)
                    .filter(result -> result.status() == 0)
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }
}
