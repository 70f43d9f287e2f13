package io.narthex.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.cli.Folders;
import io.narthex.cli.Session;
import io.narthex.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RenderCommandTest {

    @TempDir
    Path folder;

    @Test
    void theConfigurationIsPrinted() throws IOException {
        Session.Result result =
                new Session().run("render", Folders.clean(folder).toString());
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("# prometheus 3.16.0, 1 job\n")
                .contains("# ==> prometheus.yml <==", "job_name: monitor/default/web/metrics", "127.0.0.1:8000");
    }

    @Test
    void theReleaseDecides() throws IOException {
        Folders.clean(folder);
        assertThat(render("--prometheus-version", "2.42"))
                .startsWith("# prometheus 2.42.0,")
                .contains("scrape_configs:")
                .doesNotContain("scrape_config_files");
        assertThat(render("--prometheus-version", "3.5")).contains("scrape_config_files");
        Folders.write(folder, "server.yaml", Folders.server("version: 2.55.1"));
        assertThat(render()).startsWith("# prometheus 2.55.1,");
    }

    private String render(String... options) {
        String[] all = new String[options.length + 2];
        all[0] = "render";
        all[1] = folder.toString();
        System.arraycopy(options, 0, all, 2, options.length);
        return new Session().run(all).out();
    }

    @Test
    void whatIsWrongGoesToStandardErrorAndTheRestIsRendered() throws IOException {
        Folders.wrong(folder);
        Folders.write(folder, "other.yaml", Folders.monitor("other", "30s"));
        Session.Result result = new Session().run("render", folder.toString());
        assertThat(result.code()).isEqualTo(ExitCode.NO.number());
        assertThat(result.err()).contains("error[NX1204]");
        assertThat(result.out()).contains("monitor/default/other/metrics").doesNotContain("NX1204", "default/web");
    }

    @Test
    void standardInputIsRendered() {
        Session.Result result =
                new Session().input(Folders.monitor("web", "15s")).run("render", "-");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("monitor/default/web/metrics");
    }

    @Test
    void jsonHoldsEveryFileAndNoCredential() throws Exception {
        JsonNode document = withCredential("-o", "json");
        assertThat(document.path("schemaVersion").asInt()).isEqualTo(1);
        assertThat(document.path("files").has("prometheus.yml")).isTrue();
        assertThat(document.path("credentials")).hasSize(1);
        assertThat(document.path("diagnostics")).isEmpty();
        assertThat(document.toString()).doesNotContain("hunter2");
    }

    private JsonNode withCredential(String... options) throws IOException {
        writeCredential();
        return new ObjectMapper().readTree(render(options));
    }

    private void writeCredential() throws IOException {
        Folders.clean(folder);
        Folders.write(folder, ".secrets/web/password", "hunter2");
        Files.setPosixFilePermissions(
                folder.resolve(".secrets/web/password"), PosixFilePermissions.fromString("rw-------"));
        Folders.write(
                folder,
                "web.yaml",
                Folders.monitor("web", "15s")
                        + "      auth: {basic: {username: u, password: {secretRef: {name: web, key: password}}}}\n");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void filesAreWrittenAndCredentialsForTheOwnerAlone() throws IOException {
        writeCredential();
        Path out = folder.resolveSibling(folder.getFileName() + "-out");
        Session.Result result = new Session().run("render", folder.toString(), "--output", out.toString());
        assertThat(result.code()).isZero();
        assertThat(result.out().lines().filter(line -> line.startsWith(out.toString())))
                .hasSize(3)
                .allSatisfy(line -> assertThat(Path.of(line)).isRegularFile());
        assertThat(result.out()).doesNotContain("hunter2");
        Path credential = result.out()
                .lines()
                .map(Path::of)
                .filter(file -> !file.toString().endsWith(".yml") && file.startsWith(out))
                .findFirst()
                .orElseThrow();
        assertThat(credential).hasContent("hunter2");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(credential)))
                .isEqualTo("rw-------");

        Session.Result again = new Session().run("render", folder.toString(), "--output", out.toString());
        assertThat(again.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        assertThat(again.err()).contains(out + " isn't empty; nothing was written");
    }

    @Test
    void targetFilesAreThoseOfTheFolder() throws IOException {
        Folders.write(folder, "files.yaml", """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: files}
                spec:
                  source:
                    file: {files: [targets.json]}
                """);
        assertThat(render()).contains(folder.toAbsolutePath() + "/targets.json");
        assertThat(new Session()
                        .run("render", folder.resolve("files.yaml").toString())
                        .out())
                .contains(folder.toAbsolutePath() + "/targets.json");
    }

    @Test
    void aReleaseThatIsNoneIsAUsageError() {
        Session.Result result = new Session().run("render", "--prometheus-version", "new", folder.toString());
        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.err())
                .isEqualTo("narthex: new is no version of Prometheus\n  = help: write it as 2.55 or 3.16.0\n");
    }
}
