package io.narthex.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.cli.Folders;
import io.narthex.cli.Session;
import io.narthex.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffCommandTest {

    @TempDir
    Path parent;

    private Path before;
    private Path after;

    @BeforeEach
    void writeFolders() throws IOException {
        before = Folders.clean(parent.resolve("before"));
        after = Folders.clean(parent.resolve("after"));
    }

    private Session.Result diff(String... options) {
        String[] all = new String[options.length + 3];
        all[0] = "diff";
        all[1] = before.toString();
        all[2] = after.toString();
        System.arraycopy(options, 0, all, 3, options.length);
        return new Session().run(all);
    }

    @Test
    void nothingDiffers() {
        assertThat(diff()).isEqualTo(new Session.Result(0, "Nothing differs.\n", ""));
        assertThat(diff("-q")).isEqualTo(new Session.Result(0, "", ""));
    }

    @Test
    void aChangedIntervalIsAReload() throws IOException {
        Folders.write(after, "web.yaml", Folders.monitor("web", "30s"));
        Folders.write(after, "more.yaml", Folders.monitor("more", "30s"));
        Session.Result result = diff();
        assertThat(result.code()).isEqualTo(ExitCode.NO.number());
        assertThat(result.out())
                .contains("~ job  monitor/default/web/metrics   scrape_interval 15s -> 30s\n")
                .contains("+ job  monitor/default/more/metrics")
                .endsWith("Applying: reload.\n");
    }

    @Test
    void aFlagIsARestartAndAShorterRetentionIsNamed() throws IOException {
        Folders.write(after, "server.yaml", Folders.server("retention: {time: 2d}"));
        Session.Result result = diff("--prometheus-version", "3.5");
        assertThat(result.out())
                .contains("! flag  --storage.tsdb.retention.time   15d -> 2d\n")
                .contains("Applying: RESTART (")
                .contains("refused without allowDataLoss");
    }

    @Test
    void jsonSaysTheSame() throws Exception {
        Folders.write(after, "web.yaml", Folders.monitor("web", "30s"));
        JsonNode document = new ObjectMapper().readTree(diff("-o", "json").out());
        assertThat(document.path("schemaVersion").asInt()).isEqualTo(1);
        assertThat(document.path("equal").asBoolean(true)).isFalse();
        assertThat(document.path("restart").asBoolean(true)).isFalse();
        JsonNode change = document.path("changes").path(0);
        assertThat(change.path("field").asText()).isEqualTo("scrape_interval");
        assertThat(change.path("before").asText()).isEqualTo("15s");
        assertThat(change.path("after").asText()).isEqualTo("30s");
    }

    @Test
    void targetFilesAreTheSameInBoth() throws IOException {
        for (Path folder : new Path[] {before, after}) {
            Folders.write(folder, "files.yaml", """
                    apiVersion: monitoring.narthex.io/v1alpha1
                    kind: Monitor
                    metadata: {name: files}
                    spec:
                      source:
                        file: {files: [targets.json]}
                    """);
        }
        assertThat(diff().out()).isEqualTo("Nothing differs.\n");
    }

    @Test
    void oneFolderAloneIsAUsageError() {
        Session.Result result = new Session().run("diff", before.toString());
        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.err()).contains("name a second folder, or add --running");
    }

    @Test
    void withoutARunThereIsNothingToCompareWith() {
        Session.Result result = new Session().run("diff", before.toString(), "--running");
        assertThat(result.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        assertThat(result.err()).contains("no narthex run is found in " + before.resolve(".narthex"));
    }

    @Test
    void aServerThatIsWrongCannotBeCompared() throws IOException {
        Folders.write(after, "server.yaml", Folders.server("retention: {time: 200hh}"));
        Session.Result result = diff();
        assertThat(result.code()).isEqualTo(ExitCode.NO.number());
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("narthex lint " + after);
    }
}
