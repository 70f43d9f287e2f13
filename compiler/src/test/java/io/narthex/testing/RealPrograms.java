package io.narthex.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Finds the real programs that integration tests need: the variable named after the program ({@code PROMETHEUS}), then
 * the folder {@code bin} of the testbed ({@code TESTBED_HOME}, else {@code ~/.cache/narthex-testbed}), then the path.
 *
 * <p>A missing program skips the test with the reason; with {@code CI=true} it fails it.
 */
public final class RealPrograms {

    /** The releases of Prometheus that there is a promcheck for, from the oldest. */
    public static final List<String> RELEASES = List.of("2.42", "2.55", "3.5", "3.11", "3.16");

    private RealPrograms() {}

    /** Returns Prometheus. */
    public static Path prometheus() {
        return find("prometheus");
    }

    /**
     * Returns Prometheus and, where the demo has unpacked Debian's, that one too, which is the oldest that is supported.
     */
    public static List<Path> everyPrometheus() {
        List<Path> programs = new ArrayList<>(List.of(prometheus()));
        Path debian = Path.of(System.getProperty("user.home"), ".cache", "narthex-demo", "prometheus", "usr", "bin")
                .resolve("prometheus");
        if (Files.isExecutable(debian) && !debian.equals(programs.getFirst())) {
            programs.add(debian);
        }
        return programs;
    }

    /** Returns promtool. */
    public static Path promtool() {
        return find("promtool");
    }

    /** Returns the parser of one release of Prometheus, such as {@code 2.42}. */
    public static Path promcheck(String release) {
        return find("promcheck-" + release);
    }

    /** Returns the program, or ends the test. */
    public static Path find(String program) {
        Map<String, String> environment = System.getenv();
        List<Path> candidates = candidates(program, environment);
        for (Path candidate : candidates) {
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return candidate.toAbsolutePath();
            }
        }
        String reason = program + " is missing; looked for " + candidates + ". Build it: testbed/testbed build";
        if ("true".equals(environment.get("CI"))) {
            return Assertions.fail(reason);
        }
        return Assumptions.abort(reason);
    }

    static List<Path> candidates(String program, Map<String, String> environment) {
        List<Path> candidates = new ArrayList<>();
        String variable = environment.getOrDefault(program.toUpperCase(Locale.ROOT), "");
        if (!variable.isEmpty()) {
            candidates.add(Path.of(variable));
        }
        String testbed = environment.getOrDefault("TESTBED_HOME", "");
        candidates.add((testbed.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache", "narthex-testbed")
                        : Path.of(testbed))
                .resolve("bin")
                .resolve(program));
        for (String folder : environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator), -1)) {
            if (!folder.isEmpty()) {
                candidates.add(Path.of(folder, program));
            }
        }
        return candidates;
    }
}
