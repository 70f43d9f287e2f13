package io.narthex.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** The parsers of one release of Prometheus, in a process of their own. */
public final class Promcheck implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Writer questions;
    private final BufferedReader answers;

    private Promcheck(Process process) {
        this.process = process;
        this.questions = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts the parsers of a release, such as {@code 2.42}; ends the test where they are missing. */
    public static Promcheck of(String release) {
        try {
            return new Promcheck(
                    new ProcessBuilder(RealPrograms.promcheck(release).toString())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what the release refuses {@code prometheus.yml} and the files that it names for, if anything. */
    public Optional<String> config(Path file, boolean agent) {
        return ask(JSON.createObjectNode()
                .put("kind", "config")
                .put("path", file.toAbsolutePath().toString())
                .put("agent", agent));
    }

    /** Returns what the release refuses a rule file for, if anything. */
    public Optional<String> rules(Path file) {
        return ask(JSON.createObjectNode()
                .put("kind", "rules")
                .put("path", file.toAbsolutePath().toString()));
    }

    /** Returns what the release refuses {@code web.yml} for, if anything. */
    public Optional<String> web(Path file) {
        return ask(JSON.createObjectNode()
                .put("kind", "web")
                .put("path", file.toAbsolutePath().toString()));
    }

    /** Returns what the release refuses an expression of PromQL for, if anything. */
    public Optional<String> query(String text) {
        return ask(JSON.createObjectNode().put("kind", "query").put("text", text));
    }

    private synchronized Optional<String> ask(ObjectNode question) {
        try {
            questions.write(question.toString());
            questions.write('\n');
            questions.flush();
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException("promcheck ended at " + question);
            }
            JsonNode answer = JSON.readTree(line);
            return answer.path("ok").asBoolean()
                    ? Optional.empty()
                    : Optional.of(answer.path("error").asText("no reason"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            questions.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            process.destroy();
        }
    }
}
