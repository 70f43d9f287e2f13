package io.narthex.compiler;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.SecretValue;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The parser of one release of Prometheus, a program of the testbed. */
final class PromCheck implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;

    private PromCheck(Process process) {
        this.process = process;
        this.questions = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    /** Starts the parser of {@code version}; where it is missing the test is skipped, or fails with CI=true. */
    static PromCheck start(String version) throws IOException {
        String home = System.getenv("TESTBED_HOME");
        Path program = (home == null
                        ? Path.of(System.getProperty("user.home"), ".cache", "narthex-testbed")
                        : Path.of(home))
                .resolve("bin")
                .resolve("promcheck-" + version);
        if (!Files.isExecutable(program)) {
            String reason = program + " is missing; build it with: testbed/testbed build checkers";
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(reason);
            }
            Assumptions.abort(reason);
        }
        return new PromCheck(new ProcessBuilder(program.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Returns why the release refuses the bundle, once it lies in {@code folder}; empty where it takes it. */
    Optional<String> refuses(Bundle bundle, Path folder, boolean agent) throws IOException {
        Files.createDirectories(folder);
        write(folder, bundle.index());
        for (BundleFile file : bundle.files().values()) {
            write(folder, file);
        }
        for (Map.Entry<String, SecretValue> credential : bundle.credentials().entrySet()) {
            Path path = folder.resolve(credential.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, credential.getValue().reveal());
        }
        Optional<String> refusal = ask(Map.of(
                "kind", "config", "path", folder.resolve("prometheus.yml").toString(), "agent", agent));
        if (refusal.isEmpty() && Files.exists(folder.resolve("web.yml"))) {
            return ask(Map.of("kind", "web", "path", folder.resolve("web.yml").toString()));
        }
        return refusal;
    }

    private static void write(Path folder, BundleFile file) throws IOException {
        Files.write(folder.resolve(file.path()), file.content());
    }

    private Optional<String> ask(Map<String, ?> question) throws IOException {
        questions.write(JSON.writeValueAsString(question));
        questions.newLine();
        questions.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the parser ended");
        }
        JsonNode answer = JSON.readTree(line);
        return answer.path("ok").asBoolean()
                ? Optional.empty()
                : Optional.of(answer.path("error").asText());
    }

    @Override
    public void close() {
        process.destroy();
    }
}
