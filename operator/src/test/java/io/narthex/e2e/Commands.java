package io.narthex.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs as a user does in a shell. */
final class Commands {

    private static final long MINUTES = 5;

    private final Map<String, String> environment;

    /**
     * Makes a runner.
     *
     * @param environment variables to set beside this process's own
     */
    Commands(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * What became of a command.
     *
     * @param command its words
     * @param code its exit code
     * @param text what it printed, on both outputs
     */
    record Result(List<String> command, int code, String text) {}

    /** Runs a command that must succeed; returns what it printed. */
    String run(List<String> command) throws InterruptedException {
        return run(command, "");
    }

    /** Runs a command that must succeed with {@code input} as its input; returns what it printed. */
    String run(List<String> command, String input) throws InterruptedException {
        Result result = attempt(command, input);
        assertThat(result.code())
                .as(() -> "exit code of " + String.join(" ", command) + ", which printed:\n" + result.text())
                .isZero();
        return result.text();
    }

    /** Runs a command and returns what became of it. */
    Result attempt(List<String> command, String input) throws InterruptedException {
        try {
            // Into a file: what a command leaves running would keep a pipe open.
            Path output = Files.createTempFile("narthex-e2e", ".out");
            Path given = Files.writeString(Files.createTempFile("narthex-e2e", ".in"), input);
            try {
                ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                        .redirectErrorStream(true)
                        .redirectInput(given.toFile())
                        .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(String.join(" ", command) + " didn't end within " + MINUTES
                            + " minutes; it printed:\n" + Files.readString(output, UTF_8));
                }
                return new Result(command, process.exitValue(), new String(Files.readAllBytes(output), UTF_8));
            } finally {
                Files.delete(output);
                Files.delete(given);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command) + " can't be run", e);
        }
    }
}
