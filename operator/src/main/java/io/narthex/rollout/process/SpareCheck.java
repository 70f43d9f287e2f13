package io.narthex.rollout.process;

import io.narthex.compiler.model.Bundle;
import io.narthex.process.PrometheusLog;
import io.narthex.rollout.Release;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Tells whether Prometheus takes a bundle, away from the one that runs: by promtool where it lies beside the program,
 * else, and where promtool finds nothing, by starting the program itself on an empty database and a free port, for as
 * long as it takes to load its configuration: it is ended before it scrapes, since new targets wait five seconds where
 * no flag says otherwise (scrape/manager.go, reloader).
 */
final class SpareCheck {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final List<String> OWN_FLAGS =
            List.of("--config.", "--storage.", "--web.", "--log.", "--scrape.", "--alertmanager.");

    private final Path program;
    private final Path promtool;
    private final Path room;

    /**
     * @param program the Prometheus
     * @param room a folder for temporary files, on the same disk as the configuration
     */
    SpareCheck(Path program, Path room) {
        this.program = program;
        this.promtool = program.resolveSibling("promtool");
        this.room = room;
    }

    boolean hasPromtool() {
        return Files.isExecutable(promtool);
    }

    /** Returns what promtool says against the bundle; empty for nothing. */
    Optional<String> promtool(Bundle bundle) throws IOException, InterruptedException {
        return inRoom(bundle, folder -> {
            Run run = run(
                    List.of(
                            promtool.toString(),
                            "check",
                            "config",
                            folder.resolve(Release.INDEX).toString()),
                    folder,
                    line -> false);
            return run.status()
                    .filter(status -> status != 0)
                    .map(status -> Messages.shortened(failure(run.lines()), folder));
        });
    }

    /** Returns what promtool prints behind the first {@code FAILED:}, on the same line or the next. */
    static String failure(List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .dropWhile(line -> !line.startsWith("FAILED:"))
                .map(line -> line.startsWith("FAILED:")
                        ? line.substring("FAILED:".length()).strip()
                        : line)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("promtool refuses it");
    }

    /** Returns what a spare Prometheus says against the bundle; empty for nothing. */
    Optional<String> prometheus(Bundle bundle) throws IOException, InterruptedException {
        return inRoom(bundle, folder -> {
            List<String> command = new ArrayList<>();
            command.add(program.toString());
            for (String flag : bundle.flags()) {
                if (flag.equals("--agent") || OWN_FLAGS.stream().noneMatch(flag::startsWith)) {
                    command.add(flag);
                }
            }
            boolean agent = bundle.flags().stream()
                    .anyMatch(flag -> flag.equals("--agent") || flag.equals("--enable-feature=agent"));
            command.add("--config.file=" + folder.resolve(Release.INDEX));
            command.add((agent ? "--storage.agent.path=" : "--storage.tsdb.path=") + folder.resolve("data"));
            command.add("--web.listen-address=127.0.0.1:0");
            if (!agent) {
                // It must tell nobody of alerts; with no room for them it drops all.
                command.add("--alertmanager.notification-queue-capacity=0");
            }
            Run run = run(command, folder, line -> line.contains("Server is ready to receive web requests"));
            return run.status()
                    .filter(status -> status != 0)
                    .map(status -> Messages.shortened(
                            PrometheusLog.cause(run.lines()).orElse("Prometheus refuses it"), folder));
        });
    }

    private interface Question {
        Optional<String> ask(Path folder) throws IOException, InterruptedException;
    }

    private Optional<String> inRoom(Bundle bundle, Question question) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(room, "spare-");
        try {
            Version version = Version.of(bundle);
            for (Map.Entry<String, String> file : version.release().files().entrySet()) {
                version.content().write(file.getKey(), file.getValue(), folder.resolve(file.getKey()));
            }
            return question.ask(folder);
        } finally {
            PrivateFiles.deleteTree(folder);
        }
    }

    /**
     * @param status the exit status; empty where it was ended from here
     * @param lines what it printed
     */
    private record Run(Optional<Integer> status, List<String> lines) {}

    private static Run run(List<String> command, Path folder, Predicate<String> enough)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        Process process = builder.start();
        try {
            long start = System.nanoTime();
            while (System.nanoTime() - start < LIMIT.toNanos()) {
                if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                    return new Run(Optional.of(process.exitValue()), lines(output));
                }
                if (lines(output).stream().anyMatch(enough)) {
                    return new Run(Optional.empty(), lines(output));
                }
            }
            return new Run(Optional.empty(), lines(output));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static List<String> lines(Path output) throws IOException {
        return new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
