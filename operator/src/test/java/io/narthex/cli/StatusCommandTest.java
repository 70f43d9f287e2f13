package io.narthex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Status without a server; with one it is tested on a real Prometheus. */
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

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9090", "ftp://127.0.0.1", "http://", "http:// x", "http://u:p@127.0.0.1:1/"})
    void whatIsNoUrlIsAUsageError(String url) {
        Session.Result result = new Session().run("status", "--url", url);
        assertThat(result.code()).as(result.toString()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.err()).contains("write it as http://127.0.0.1:9090");
        assertThat(result.err().lines()).hasSize(2);
    }
}
