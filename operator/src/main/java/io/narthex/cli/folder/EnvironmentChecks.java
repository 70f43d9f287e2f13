package io.narthex.cli.folder;

import io.narthex.cli.input.Platforms;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.process.Outcome;
import io.narthex.process.PortCheck;
import io.narthex.process.ProgramLookup;
import io.narthex.process.PrometheusProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks whether this machine has what {@code narthex run} needs. Changes nothing. */
final class EnvironmentChecks {

    private static final int JAVA = 25;
    private static final long LEAST_FREE = 1L << 30;
    private static final long FEW_FILES = 4096;
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+(\\d+)");

    private final Map<String, String> environment;

    EnvironmentChecks(Map<String, String> environment) {
        this.environment = environment;
    }

    Finding java() {
        String text = Runtime.version() + ", " + System.getProperty("java.vendor");
        return Runtime.version().feature() >= JAVA
                ? Finding.ok("java", text)
                : Finding.fail("java", text, "install a JDK " + JAVA + " and set JAVA_HOME");
    }

    Finding system() {
        String text = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        return Platforms.runsPrometheus()
                ? Finding.ok("system", text)
                : Finding.fail(
                        "system", text + " runs lint, render and diff only", "use Linux or macOS, or WSL, to run");
    }

    Finding prometheus(Optional<String> option) throws InterruptedException {
        return switch (new ProgramLookup(environment).find(option)) {
            case Outcome.Failed<PrometheusProgram>(Diagnostic problem) ->
                Finding.fail("prometheus", problem.message(), problem.remedy());
            case Outcome.Done<PrometheusProgram>(PrometheusProgram program) -> {
                String text = program.versionText() + " (" + program.path() + ")";
                yield program.version().compareTo(PrometheusVersion.NEWEST_KNOWN) > 0 && !isSameMinor(program.version())
                        ? Finding.warn(
                                "prometheus",
                                text + ", newer than any that narthex knows: treated as "
                                        + PrometheusVersion.NEWEST_KNOWN,
                                "look for a newer narthex")
                        : Finding.ok("prometheus", text);
            }
        };
    }

    private static boolean isSameMinor(PrometheusVersion version) {
        return version.major() == PrometheusVersion.NEWEST_KNOWN.major()
                && version.minor() == PrometheusVersion.NEWEST_KNOWN.minor();
    }

    Finding port(String host, int port) throws InterruptedException {
        return PortCheck.problem(host, port)
                .map(problem -> Finding.fail("port", problem.message(), problem.remedy()))
                .orElseGet(() -> Finding.ok("port", host + ":" + port + " is free"));
    }

    Finding stateFolder(Path state) {
        Path existing = state.toAbsolutePath().normalize();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            return Finding.fail(
                    "state", state + " can't be written", "choose another folder by --state, or change its mode");
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace();
            String text = state + ", " + (free >> 20) + " MiB free";
            return free < LEAST_FREE
                    ? Finding.warn("state", text, "free some space: Prometheus stops when the disk is full")
                    : Finding.ok("state", text);
        } catch (IOException e) {
            return Finding.warn("state", state + ": its free space isn't known", "see that there is enough");
        }
    }

    Finding openFiles() {
        try {
            Matcher matcher = OPEN_FILES.matcher(
                    Files.isReadable(LIMITS) ? Files.readString(LIMITS, StandardCharsets.US_ASCII) : "");
            if (!matcher.find()) {
                return Finding.ok("files", "no limit on open files is known");
            }
            long limit = Long.parseLong(matcher.group(1));
            return limit < FEW_FILES
                    ? Finding.warn("files", "at most " + limit + " open files", "raise it: ulimit -n " + FEW_FILES)
                    : Finding.ok("files", "at most " + limit + " open files");
        } catch (IOException e) {
            return Finding.ok("files", "no limit on open files is known");
        }
    }
}
