package io.narthex.process;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells before Prometheus is started whether it will be able to listen, and who is in the way. */
public final class PortCheck {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /**
     * Who listens.
     *
     * @param pid the process's ID
     * @param name the program's short name; may be empty
     */
    record Owner(long pid, String name) {}

    private PortCheck() {}

    /**
     * Returns what keeps a process of this user from listening there; empty for nothing.
     *
     * @param host the address to listen on, such as {@code 127.0.0.1}
     * @param port the TCP port
     * @throws InterruptedException when the thread is interrupted
     */
    public static Optional<Diagnostic> problem(String host, int port) throws InterruptedException {
        String where = host + ":" + port;
        // As Go's listener does, so that connections of an earlier process that fade out don't count.
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port), 1);
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of(Problems.of(
                    DiagnosticCode.ADDRESS_UNUSABLE,
                    "can't listen at " + where + ": the name has no address",
                    "listen at 127.0.0.1, at 0.0.0.0 for all addresses, or at one of this machine's"));
        } catch (BindException e) {
            String words = String.valueOf(e.getMessage());
            String lower = words.toLowerCase(Locale.ROOT);
            if (lower.contains("in use")) {
                String who = owner(port)
                        .map(o -> (o.name().isEmpty() ? "a process" : o.name()) + " (process ID " + o.pid() + ")")
                        .orElse("a process that this user can't see");
                return Optional.of(Problems.of(
                        DiagnosticCode.PORT_IN_USE,
                        "port " + port + " of " + host + " is in use by " + who,
                        "stop it, or listen elsewhere by --listen ADDRESS:PORT"));
            }
            return Optional.of(Problems.of(
                    DiagnosticCode.ADDRESS_UNUSABLE,
                    "can't listen at " + where + ": " + PrometheusLog.shown(words),
                    lower.contains("permission")
                            ? "choose a port above 1023"
                            : "listen at 127.0.0.1, at 0.0.0.0 for all addresses, or at one of this machine's"));
        } catch (IOException e) {
            return Optional.of(Problems.of(
                    DiagnosticCode.ADDRESS_UNUSABLE,
                    "can't listen at " + where + ": " + PrometheusLog.shown(String.valueOf(e.getMessage())),
                    "choose another address by --listen ADDRESS:PORT"));
        }
    }

    /** Returns who listens on the port, on whichever address; empty where that can't be seen. */
    static Optional<Owner> owner(int port) throws InterruptedException {
        return Files.isReadable(Path.of("/proc/net/tcp")) ? fromProc(port) : fromLsof(port);
    }

    private static Optional<Owner> fromProc(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try {
                Files.readAllLines(Path.of(table), StandardCharsets.US_ASCII).forEach(line -> {
                    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
                    String[] fields = line.strip().split("\\s+", -1);
                    if (fields.length > 9
                            && fields[3].equals("0A")
                            && fields[1].endsWith(String.format(Locale.ROOT, ":%04X", port))) {
                        sockets.add("socket:[" + fields[9] + "]");
                    }
                });
            } catch (IOException e) {
                // A kernel without IPv6 has no tcp6.
            }
        }
        return sockets.isEmpty()
                ? Optional.empty()
                : ProcessHandle.allProcesses()
                        .filter(process -> holds(process.pid(), sockets))
                        .findFirst()
                        .map(process -> new Owner(
                                process.pid(), ProcessTable.name(process).orElse("")));
    }

    private static boolean holds(long pid, Set<String> sockets) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : open) {
                if (pointsTo(descriptor, sockets)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException e) {
            // Another user's, or gone.
            return false;
        }
    }

    private static boolean pointsTo(Path descriptor, Set<String> sockets) {
        try {
            return sockets.contains(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<Owner> fromLsof(int port) throws InterruptedException {
        for (String lsof : List.of("/usr/sbin/lsof", "/usr/bin/lsof")) {
            if (Files.isExecutable(Path.of(lsof))) {
                try {
                    return ShortRun.of(List.of(lsof, "-nP", "-iTCP:" + port, "-sTCP:LISTEN", "-Fpc"), Map.of(), LIMIT)
                            .flatMap(result -> lsof(result.output()));
                } catch (IOException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** Reads lsof's lines: {@code p4711}, then {@code cgunicorn}. */
    static Optional<Owner> lsof(String output) {
        Optional<String> pid =
                output.lines().filter(line -> line.matches("p\\d{1,9}")).findFirst();
        Optional<String> name =
                output.lines().filter(line -> line.startsWith("c")).findFirst();
        return pid.map(p -> new Owner(
                Long.parseLong(p.substring(1)),
                name.map(n -> PrometheusLog.shown(n.substring(1))).orElse("")));
    }
}
