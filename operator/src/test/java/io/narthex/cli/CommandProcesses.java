package io.narthex.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.process.TestPrometheus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Commands as a user starts them, processes of their own; what they print lies in files. Ends them after each test. */
public final class CommandProcesses implements AfterEachCallback {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<Started> all = new ArrayList<>();

    /**
     * One that was started.
     *
     * @param process the process
     * @param out what it prints
     * @param err what it says of errors, and logs
     */
    public record Started(Process process, Path out, Path err) {

        /** Returns how it ended and all that it printed, once it ended. */
        public String said() throws IOException, InterruptedException {
            return "exit " + exit() + "\n" + Files.readString(out) + Files.readString(err);
        }

        /** Returns how it ended, once it ended. */
        public int exit() throws InterruptedException {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        /** Asks it to end, and waits for that. */
        public void end() throws InterruptedException {
            process.destroy();
            exit();
        }

        /** Returns the Prometheus that it runs. */
        public ProcessHandle prometheus() {
            // Beside it there may be a promtool, or what is left of one.
            return process.children()
                    .filter(child -> child.info()
                            .command()
                            .filter(program -> program.endsWith("prometheus"))
                            .isPresent())
                    .findFirst()
                    .orElseThrow();
        }

        /** Waits for an event in which the field, a JSON pointer, holds the text. */
        public JsonNode awaitEvent(String name, String field, String text) {
            return await().atMost(LONG)
                    .until(() -> events(name, field, text).findFirst(), Optional::isPresent)
                    .orElseThrow();
        }

        /** Returns the events so far in which the field, a JSON pointer, holds the text. */
        public Stream<JsonNode> events(String name, String field, String text) throws IOException {
            List<JsonNode> events = new ArrayList<>();
            for (String line : Files.readString(out).lines().toList()) {
                // The last line may be half there.
                if (line.endsWith("}")) {
                    events.add(JSON.readTree(line));
                }
            }
            return events.stream()
                    .filter(event -> event.path("event").asText().equals(name)
                            && text(event.at(field)).contains(text));
        }

        private static String text(JsonNode node) {
            return node.isContainerNode() ? node.toString() : node.asText();
        }
    }

    /** Starts a command. */
    public Started start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(TestPrometheus.java(Main.class));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("narthex-it-", ".out");
        Path err = Files.createTempFile("narthex-it-", ".err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        Started started = new Started(process, out, err);
        all.add(started);
        return started;
    }

    /** Returns the files with all that was printed. */
    public List<Path> outputs() {
        return all.stream()
                .flatMap(started -> Stream.of(started.out(), started.err()))
                .toList();
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
        for (Started started : all) {
            started.process().destroy();
            if (!started.process().waitFor(30, TimeUnit.SECONDS)) {
                started.process().destroyForcibly();
            }
        }
        for (Path output : outputs()) {
            Files.deleteIfExists(output);
        }
        all.clear();
    }
}
