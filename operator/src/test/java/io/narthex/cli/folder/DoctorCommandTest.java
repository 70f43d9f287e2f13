package io.narthex.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.cli.Folders;
import io.narthex.cli.Session;
import io.narthex.cli.terminal.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class DoctorCommandTest {

    @TempDir
    Path folder;

    @Test
    void aMissingPrometheusIsNamedWithTheWaysToGetOne() {
        Session.Result result = new Session().with("PATH", folder.toString()).run("doctor", folder.toString());
        assertThat(result.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        assertThat(result.out())
                .containsPattern("(?m)^ok    java +25")
                .containsPattern("(?m)^FAIL  prometheus no program prometheus in \\$PATH$")
                .contains("= help: install one", "--prometheus FILE or $PROMETHEUS");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Folders.write(
                    folder,
                    "server.yaml",
                    Folders.server("listen: {address: 127.0.0.1, port: " + taken.getLocalPort() + "}"));
            Session.Result result = new Session().run("doctor", folder.toString(), "-o", "json");
            JsonNode port = finding(result, "port");
            assertThat(port.path("grade").asText()).isEqualTo("fail");
            assertThat(port.path("text").asText())
                    .contains("port " + taken.getLocalPort() + " of 127.0.0.1 is in use by ");
            assertThat(port.path("remedy").asText()).isNotEmpty();
            assertThat(result.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        }
    }

    @Test
    void aStateFolderThatIsAFileIsNamed() throws IOException {
        Folders.write(folder, "file", "");
        Session.Result result = new Session()
                .run(
                        "doctor",
                        folder.toString(),
                        "-o",
                        "json",
                        "--state",
                        folder.resolve("file/state").toString());
        assertThat(finding(result, "state").path("grade").asText()).isEqualTo("fail");
    }

    @Test
    void nothingIsChanged() throws IOException {
        new Session().run("doctor", Folders.clean(folder).toString());
        assertThat(folder.resolve(".narthex")).doesNotExist();
    }

    private static JsonNode finding(Session.Result result, String subject) throws IOException {
        for (JsonNode finding : new ObjectMapper().readTree(result.out()).path("findings")) {
            if (finding.path("subject").asText().equals(subject)) {
                return finding;
            }
        }
        throw new AssertionError("no finding " + subject + " in " + result.out());
    }
}
