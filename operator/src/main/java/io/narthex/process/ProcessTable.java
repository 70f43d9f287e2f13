package io.narthex.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What can be known of other processes: from {@code /proc} where there is one, else from the Java runtime. */
final class ProcessTable {

    private ProcessTable() {}

    /** Returns the command line, the program first; empty where it isn't told. */
    static List<String> command(ProcessHandle process) {
        Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        try {
            // The runtime gives up at command lines longer than a page.
            if (Files.isReadable(file)) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                return text.isEmpty() ? List.of() : List.of(text.split("\0", -1));
            }
        } catch (IOException e) {
            return List.of();
        }
        return process.info()
                .arguments()
                .map(List::of)
                .or(() -> process.info().commandLine().map(List::of))
                .orElse(List.of());
    }

    /** Returns whether it runs; one that has ended and that nobody waits for doesn't. */
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && !zombie(process.pid());
    }

    private static boolean zombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            // The name stands in parentheses and may hold any character; the state follows the last one.
            int end = stat.lastIndexOf(") ");
            return end >= 0 && end + 2 < stat.length() && "ZX".indexOf(stat.charAt(end + 2)) >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the program's short name, such as {@code gunicorn}. */
    static Optional<String> name(ProcessHandle process) {
        try {
            Path file = Path.of("/proc", Long.toString(process.pid()), "comm");
            if (Files.isReadable(file)) {
                return Optional.of(PrometheusLog.shown(Files.readString(file, StandardCharsets.ISO_8859_1)));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return process.info()
                .command()
                .map(command -> String.valueOf(Path.of(command).getFileName()));
    }
}
