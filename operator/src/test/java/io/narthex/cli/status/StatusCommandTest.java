package io.narthex.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.narthex.cli.Session;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.reconcile.local.RunningServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Status without a server, and of one whose alerts reach nobody; with one it is tested on a real Prometheus. */
class StatusCommandTest {

    @TempDir
    Path folder;

    @Test
    void withoutARunTheRemedyIsToStartOne() {
        Session.Result result = new Session().run("status", folder.toString());
        assertThat(result.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo("narthex: no narthex run is found in " + folder.resolve(".narthex")
                        + "\n  = help: start one with: narthex run " + folder + ", or name a Prometheus by --url\n");
    }

    @Test
    void whatDoesNotAnswerIsTheEnvironment() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Session.Result text = new Session().run("status", "--url", "http://127.0.0.1:" + port);
        assertThat(text.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        assertThat(text.out()).contains("http://127.0.0.1:" + port).doesNotContain("Exception");
        assertThat(text.err()).isEmpty();

        Session.Result json = new Session().run("status", "-o", "json", "--url", "http://127.0.0.1:" + port);
        assertThat(json.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        JsonNode document = new ObjectMapper().readTree(json.out());
        assertThat(document.path("schemaVersion").asInt()).isEqualTo(1);
        assertThat(document.path("phase").asText()).isNotEqualTo("ready");
    }

    /** A Prometheus that was loaded a while ago and says this of its Alertmanagers. */
    private static HttpServer prometheus(String alertmanagers) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String text = switch (path.substring(path.lastIndexOf('/') + 1)) {
                case "ready" -> "ready";
                case "metrics" -> """
                        prometheus_config_last_reload_success_timestamp_seconds 1
                        prometheus_config_last_reload_successful 1
                        """;
                case "buildinfo" -> "{\"status\":\"success\",\"data\":{\"version\":\"3.16.0\"}}";
                case "scrape_pools" -> "{\"status\":\"success\",\"data\":{\"scrapePools\":[\"idle\"]}}";
                case "alertmanagers" -> "{\"status\":\"success\",\"data\":%s}".formatted(alertmanagers);
                default -> "{\"status\":\"success\",\"data\":{}}";
            };
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Returns what status says of a run that has so many entries of alertmanagers. */
    private Session.Result statusOfRun(int declared, String alertmanagers, String... options) throws IOException {
        HttpServer server = prometheus(alertmanagers);
        try {
            Path state = Files.createDirectories(folder.resolve(".narthex"));
            new RunningServer(
                            ProcessHandle.current().pid(),
                            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                            "3.16.0",
                            "7f3a",
                            List.of(),
                            List.of("idle", "unmade"),
                            declared)
                    .write(state);
            return new Session()
                    .run(Stream.concat(Stream.of("status", folder.toString()), Stream.of(options))
                            .toArray(String[]::new));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void ofARunWhoseAlertsReachNobodyThatIsSaid() throws IOException {
        assertThat(statusOfRun(1, "{\"activeAlertmanagers\":[],\"droppedAlertmanagers\":[{\"a\":1}]}")
                        .out())
                .contains("\nalertmanagers  none discovered, 1 declared, 1 dropped by relabeling: no alert is sent\n");
        assertThat(statusOfRun(2, "{\"activeAlertmanagers\":[{\"url\":\"http://me:pw@a/\"}]}")
                        .out())
                .contains("\nalertmanagers  1 discovered\n")
                .doesNotContain("pw");
        assertThat(statusOfRun(0, "{\"activeAlertmanagers\":[],\"droppedAlertmanagers\":[]}")
                        .out())
                .startsWith("ready ")
                .doesNotContain("alertmanagers");

        JsonNode document = new ObjectMapper()
                .readTree(statusOfRun(1, "{\"activeAlertmanagers\":[]}", "-o", "json")
                        .out());
        assertThat(document.path("alertmanagers"))
                .isEqualTo(new ObjectMapper().readTree("{\"discovered\":0,\"dropped\":0,\"declared\":1}"));
    }

    @Test
    void jobsWithoutTargetsAreListedWithTheReasonWhereThereIsOne() throws IOException {
        assertThat(statusOfRun(0, "{}").out())
                .containsPattern("(?m)^idle +0/0 +no targets$")
                .containsPattern("(?m)^unmade +0/0 +not set up, see NX3008$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9090", "ftp://127.0.0.1", "http://", "http:// x", "http://u:p@127.0.0.1:1/"})
    void whatIsNoUrlIsAUsageError(String url) {
        Session.Result result = new Session().run("status", "--url", url);
        assertThat(result.code()).as(result.toString()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.err()).contains("write it as http://127.0.0.1:9090");
        assertThat(result.err().lines()).hasSize(2);
    }
}
