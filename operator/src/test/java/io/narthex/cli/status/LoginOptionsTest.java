package io.narthex.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.narthex.cli.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code narthex status --url} says who comes, and never what proves it. */
class LoginOptionsTest {

    @TempDir
    Path folder;

    private final List<String> came = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private String url;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            came.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("secret"), content).toString();
    }

    @Test
    void aUserComesWithThePasswordOfAFile() throws Exception {
        Session.Result result =
                new Session().run("status", "--url", url, "--user", "alice", "--password-file", file("s3cret\n"));

        assertThat(came)
                .containsOnly(
                        "Basic " + Base64.getEncoder().encodeToString("alice:s3cret".getBytes(StandardCharsets.UTF_8)));
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.out()).startsWith("refused").contains("HTTP 401").doesNotContain("s3cret", "--user");
    }

    @Test
    void aPasswordAndATokenMayComeFromStandardInput() {
        new Session().input("s3cret").run("status", "--url", url, "--token-file", "-");

        assertThat(came).containsOnly("Bearer s3cret");
    }

    @Test
    void nobodyIsToldHowToComeAsSomebody() {
        assertThat(new Session().run("status", "--url", url).out()).contains("--user and --password-file");
        assertThat(came).containsOnly("null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--url URL --user a                                       | belong together",
                "--url URL --password-file FILE                           | belong together",
                "--url URL --user a --password-file FILE --token-file FILE | exclude each other",
                "--url URL --user a:b --password-file FILE                | no colon",
                "--url URL --ca-file FILE                                 | holds no certificate",
                "--url ftp://127.0.0.1/                                   | not the URL of a Prometheus",
                "--user a --password-file FILE                            | are for --url",
            })
    void whatCantBeMeantIsAMistakeOfUsage(String options, String words) throws Exception {
        String secret = file("s3cret");
        String[] arguments = ("status " + options.strip())
                .replace("URL", url)
                .replace("FILE", secret)
                .split(" +");
        Session.Result result = new Session().run(arguments);

        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).contains(words).doesNotContain("s3cret");
        assertThat(came).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://alice:s3cret@127.0.0.1", "ftp://alice:s3cret@127.0.0.1", "http://alice:s3cret@127 .0.0.1"
            })
    void aPasswordInTheUrlIsNotRepeated(String withPassword) {
        Session.Result result = new Session().run("status", "--url", withPassword);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("--url").doesNotContain("s3cret");
    }

    @Test
    void aFileThatIsNotThereIsOfTheEnvironment() {
        Session.Result result = new Session()
                .run(
                        "status",
                        "--url",
                        url,
                        "--token-file",
                        folder.resolve("none").toString());

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("--token-file", "can't be read");
    }
}
