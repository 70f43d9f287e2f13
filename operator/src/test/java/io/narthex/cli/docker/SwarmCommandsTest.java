package io.narthex.cli.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.narthex.cli.Session;
import io.narthex.cli.terminal.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code narthex apply} and {@code narthex uninstall} ask of Docker, which a stand-in notes. */
class SwarmCommandsTest {

    /** A config of another operator, as a daemon would list it that takes an empty filter for none. */
    private static final String THEIRS =
            "[{\"ID\":\"c1\",\"Spec\":{\"Name\":\"theirs\",\"Labels\":{\"io.narthex.owner\":\"another\"}}}]";

    private final List<String> created = new CopyOnWriteArrayList<>();
    private final List<String> deleted = new CopyOnWriteArrayList<>();

    /** What the stand-in says of a path, without the version before it. */
    private final Map<String, String> says = new ConcurrentHashMap<>(Map.of(
            "/version", "{\"ApiVersion\":\"1.41\",\"Version\":\"20.10\"}", "/configs/create", "{\"ID\":\"new\"}"));

    private HttpServer docker;

    @TempDir
    Path folder;

    @BeforeEach
    void open() throws IOException {
        docker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        docker.createContext("/", this::answer);
        docker.start();
    }

    @AfterEach
    void close() {
        docker.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (path.endsWith("/create")) {
            created.add(new ObjectMapper()
                    .readTree(body)
                    .at("/Labels/io.narthex.applied-file")
                    .asText());
        } else if (exchange.getRequestMethod().equals("DELETE")) {
            deleted.add(path);
        }
        send(exchange, says.getOrDefault(path.replaceFirst("^/v1\\.[0-9]+", ""), "[]"));
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        byte[] answer = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private Session.Result run(String... arguments) {
        return new Session()
                .with("DOCKER_HOST", "tcp://127.0.0.1:" + docker.getAddress().getPort())
                .run(arguments);
    }

    private Path write(String file, String name) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: %s}
                spec:
                  source: {static: {targets: ["127.0.0.1:8000"]}}
                """.formatted(name));
    }

    @Test
    void appliesTheVeryFilesThatItChecks() throws IOException {
        write("Web.YAML", "web");
        write("deep/db.yml", "db");
        write(".hidden/x.yaml", "hidden");
        Path elsewhere = Files.createDirectory(folder.resolve(".elsewhere"));
        Files.move(write("cache.yaml", "cache"), elsewhere.resolve("cache.yaml"));
        Files.createSymbolicLink(folder.resolve("link"), elsewhere);
        Files.writeString(folder.resolve("dashboard.json"), "{\"panels\": []}");
        Files.writeString(folder.resolve("empty.yaml"), "# nothing yet\n");

        Session.Result result = run("apply", folder.toString());

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(created).containsExactlyInAnyOrder("Web.YAML", "deep/db.yml", "link/cache.yaml");
    }

    @Test
    void uninstallRemovesNothingOfOthersWhateverAFilterSays() {
        says.put("/configs", THEIRS);

        Session.Result result = run("uninstall", "--instance", "mine");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).doesNotContain("removed");
        assertThat(deleted).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uninstall --instance",
                "apply . --instance",
                "socket-gate --listen nowhere --instance",
                "snippet --instance",
            })
    void anEmptyInstanceIsNone(String command) {
        String[] words = (command.replace(" . ", " " + folder + " ") + " x").split(" ");
        words[words.length - 1] = "";

        Session.Result result = run(words);

        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.err()).contains("--instance is empty");
        assertThat(deleted).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "lint . --url, https://user:s3cret@127.0.0.1:9090",
        "lint . --url, https://user:s3cret@127.0.0.1:9090 x",
        "status . --operator, http://user:s3cret@127.0.0.1:1",
        "status . --operator, http://user:s3cret@127.0.0.1:1 x",
        "snippet --operator, http://user:s3cret@127.0.0.1:1",
        "uninstall --docker-host, tcp://user:s3cret@127.0.0.1:1",
        "uninstall --docker-host, tcp://user:s3cret@127.0.0.1:1 x",
    })
    void showsNoPasswordOfAUrl(String command, String url) throws IOException {
        Files.writeString(folder.resolve("rules.yaml"), """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: RuleSet
                metadata: {name: rules}
                spec: {groups: [{name: a, rules: [{record: b, expr: up}]}]}
                """);
        String[] words = (command.replace(" . ", " " + folder + " ") + " url").split(" ");
        words[words.length - 1] = url;

        Session.Result result = run(words);

        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.err()).doesNotContain("s3cret").contains(words[words.length - 2].substring(2, 5));
    }
}
