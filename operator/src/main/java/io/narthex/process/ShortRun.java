package io.narthex.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a program that is to end soon, and takes what it prints. */
final class ShortRun {

    private static final int OUTPUT_BYTES = 1024 * 1024;

    /**
     * How it ended.
     *
     * @param status its exit status
     * @param output the first MiB of what it printed, on both streams
     * @param isCut whether it printed more
     */
    record Result(int status, String output, boolean isCut) {}

    private ShortRun() {}

    /** Returns how the program ended; empty where it didn't in time, and was killed. */
    static Optional<Result> of(List<String> command, Map<String, String> environment, Duration limit)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (InputStream output = process.getInputStream()) {
            process.getOutputStream().close();
            byte[][] printed = {new byte[0]};
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    printed[0] = output.readNBytes(OUTPUT_BYTES);
                    output.transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    // Closed below, since the program didn't end in time.
                }
            });
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
            // What it started may hold its output open; what it printed itself is there by now.
            reader.join(Duration.ofSeconds(1));
            return Optional.of(new Result(
                    process.exitValue(),
                    new String(printed[0], StandardCharsets.UTF_8),
                    printed[0].length == OUTPUT_BYTES));
        } finally {
            process.destroyForcibly();
        }
    }
}
