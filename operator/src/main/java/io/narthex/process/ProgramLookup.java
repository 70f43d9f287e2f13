package io.narthex.process;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.PrometheusVersion;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the Prometheus to run: the one that the user names, else the one that {@code $PROMETHEUS} names, else the first
 * {@code prometheus} in {@code $PATH}. A named one that can't be run is a mistake to tell of, and no reason to take
 * another.
 */
public final class ProgramLookup {

    private static final Pattern VERSION = Pattern.compile("(?m)^prometheus, version (\\S+)");
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String WAYS = "install one (Debian, Ubuntu: apt-get install prometheus; macOS: brew install"
            + " prometheus; any system: https://prometheus.io/download/), or name one by --prometheus FILE or"
            + " $PROMETHEUS";

    private final Map<String, String> environment;

    /** @param environment the environment's variables, of which {@code PROMETHEUS} and {@code PATH} count */
    public ProgramLookup(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * Returns the program, proven by running it with {@code --version}.
     *
     * @param option the file that the user names; empty for none
     * @throws InterruptedException when the thread is interrupted
     */
    public Outcome<PrometheusProgram> find(Optional<String> option) throws InterruptedException {
        if (option.isPresent()) {
            return named(option.get(), "--prometheus");
        }
        String variable = environment.getOrDefault("PROMETHEUS", "");
        if (!variable.isBlank()) {
            return named(variable, "$PROMETHEUS");
        }
        for (String folder : environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator), -1)) {
            Optional<Path> candidate = path(folder).map(f -> f.resolve("prometheus"));
            if (!folder.isEmpty() && candidate.filter(ProgramLookup::runnable).isPresent()) {
                return checked(candidate.get(), "$PATH");
            }
        }
        return failed(DiagnosticCode.PROMETHEUS_NOT_FOUND, "no program prometheus in $PATH", WAYS);
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static boolean runnable(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private Outcome<PrometheusProgram> named(String text, String by) throws InterruptedException {
        Optional<Path> file = path(text);
        if (file.isEmpty() || !Files.exists(file.get())) {
            return failed(DiagnosticCode.PROMETHEUS_NOT_FOUND, by + " names " + text + ", which doesn't exist", WAYS);
        }
        if (Files.isDirectory(file.get())) {
            return failed(
                    DiagnosticCode.PROMETHEUS_UNUSABLE,
                    by + " names " + text + ", which is a folder",
                    "name the program's file, such as " + file.get().resolve("prometheus"));
        }
        if (!runnable(file.get())) {
            return failed(
                    DiagnosticCode.PROMETHEUS_UNUSABLE,
                    by + " names " + text + ", which isn't executable",
                    "make it executable: chmod +x " + text);
        }
        return checked(file.get(), by);
    }

    private Outcome<PrometheusProgram> checked(Path file, String by) throws InterruptedException {
        Path absolute = file.toAbsolutePath().normalize();
        String found = absolute + " (from " + by + ")";
        String output;
        try {
            Optional<ShortRun.Result> run = ShortRun.of(List.of(absolute.toString(), "--version"), Map.of(), LIMIT);
            if (run.isEmpty()) {
                return unusable(found + " --version gave no answer within " + LIMIT.toSeconds() + " s");
            }
            output = run.get().output();
        } catch (IOException e) {
            return unusable(found + " can't be run: " + e.getMessage());
        }
        Matcher matcher = VERSION.matcher(output);
        if (!matcher.find()) {
            return unusable(found + " isn't a Prometheus: --version answers "
                    + (output.isBlank()
                            ? "nothing"
                            : "\""
                                    + PrometheusLog.shown(
                                            output.strip().lines().findFirst().orElse("")) + "\""));
        }
        String text = matcher.group(1);
        Optional<PrometheusVersion> version = PrometheusVersion.parse(text);
        if (version.isEmpty()) {
            return unusable(found + " has a version that isn't understood: " + PrometheusLog.shown(text));
        }
        if (version.get().compareTo(PrometheusVersion.OLDEST) < 0) {
            return failed(
                    DiagnosticCode.PROMETHEUS_TOO_OLD,
                    found + " is Prometheus " + text + "; the oldest that is supported is " + PrometheusVersion.OLDEST,
                    WAYS);
        }
        return new Outcome.Done<>(new PrometheusProgram(absolute, version.get(), text));
    }

    private static Outcome<PrometheusProgram> unusable(String message) {
        return failed(DiagnosticCode.PROMETHEUS_UNUSABLE, message, WAYS);
    }

    private static Outcome<PrometheusProgram> failed(DiagnosticCode code, String message, String remedy) {
        Diagnostic problem = Problems.of(code, message, remedy);
        return new Outcome.Failed<>(problem);
    }
}
