package io.narthex.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.narthex.cli.Examples;
import io.narthex.cli.Folders;
import io.narthex.cli.Session;
import io.narthex.cli.terminal.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lint prints, in each of its forms, and how it ends. */
class LintCommandTest {

    @TempDir
    Path folder;

    private static Schema sarif() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(LintCommandTest.class.getResourceAsStream("sarif/sarif-schema-2.1.0.json"))) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4)
                    .getSchema(in);
        }
    }

    @Test
    void anErrorIsShownWithItsLineAndItsRemedy() throws IOException {
        String file = Folders.wrong(folder).resolve("web.yaml").toString();
        Session.Result result = new Session().run("lint", folder.toString());
        assertThat(result.out()).isEqualTo(file + """
                :11:16: error[NX1204]: timeout 5s is longer than interval 1s
                   |
                11 |       timeout: 5s
                   |                ^^ allowed: at most 1s
                   = help: set timeout to 1s or less, or raise interval
                   = more: narthex explain NX1204
                2 files, 2 resources: 1 error, 0 warnings
                """);
        assertThat(result.code()).isEqualTo(ExitCode.NO.number());
        assertThat(result.err()).isEmpty();
    }

    @Test
    void quietLeavesTheSumOut() throws IOException {
        Session.Result result =
                new Session().run("lint", "-q", Folders.clean(folder).toString());
        assertThat(result).isEqualTo(new Session.Result(0, "", ""));
        assertThat(new Session()
                        .run("lint", "--quiet", Folders.wrong(folder).toString())
                        .out())
                .contains("error[NX1204]")
                .doesNotContain("2 files");
    }

    @Test
    void warningsCountUnderStrictAlone() throws IOException {
        String doubtful = Folders.doubtful(folder).toString();
        assertThat(new Session().run("lint", doubtful).code()).isZero();
        assertThat(new Session().run("lint", "--strict", doubtful).code()).isEqualTo(ExitCode.NO.number());
    }

    @Test
    void standardInputIsCalledDash() {
        Session.Result result =
                new Session().input(Folders.monitor("web", "1s")).run("lint", "-");
        assertThat(result.out()).startsWith("-:11:16: error[NX1204]").contains("\n11 |       timeout: 5s\n");
        assertThat(result.code()).isEqualTo(ExitCode.NO.number());
    }

    @Test
    void jsonSaysAllThatTextSays() throws Exception {
        Session.Result result =
                new Session().run("lint", "-o", "json", Folders.wrong(folder).toString());
        JsonNode document = new ObjectMapper().readTree(result.out());
        assertThat(document.path("schemaVersion").asInt()).isEqualTo(1);
        assertThat(document.path("clean").asBoolean(true)).isFalse();
        assertThat(document.path("errors").asInt()).isEqualTo(1);
        JsonNode diagnostic = document.path("diagnostics").path(0);
        assertThat(diagnostic.path("code").asText()).isEqualTo("NX1204");
        assertThat(diagnostic.path("file").asText()).endsWith("web.yaml");
        assertThat(diagnostic.path("line").asInt()).isEqualTo(11);
        assertThat(diagnostic.path("column").asInt()).isEqualTo(16);
        assertThat(diagnostic.path("field").asText()).isEqualTo("spec.endpoints[metrics].timeout");
        assertThat(diagnostic.at("/resource/name").asText()).isEqualTo("web");
        assertThat(result.code()).isEqualTo(ExitCode.NO.number());
    }

    @Test
    void jsonHasTheSameVerdictAsTheExitCode() throws Exception {
        String doubtful = Folders.doubtful(folder).toString();
        Session.Result lax = new Session().run("lint", "-o", "json", doubtful);
        Session.Result strict = new Session().run("lint", "-o", "json", "--strict", doubtful);
        assertThat(new ObjectMapper().readTree(lax.out()).path("clean").asBoolean())
                .isTrue();
        assertThat(new ObjectMapper().readTree(strict.out()).path("clean").asBoolean(true))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../examples/broken", "../examples/django", "CLEAN", "ODD"})
    void sarifIsValid(String what) throws Exception {
        Folders.clean(folder);
        String input = what.equals("CLEAN") ? folder.toString() : what;
        if (what.equals("ODD")) {
            // Names that a URI can't hold as they are, a diagnostic of a whole folder, one without a position.
            Path odd = folder.resolve("a b%ü[1]");
            Folders.write(odd, "we\"b #1.yaml", Folders.monitor("web", "1s"));
            Folders.write(odd, "job.yaml", Folders.monitor("web", "1s"));
            Files.createSymbolicLink(odd.resolve("again"), odd);
            input = odd.toString();
        }
        Session.Result result = new Session().run("lint", "-o", "sarif", "--server", "main", input);
        assertThat(sarif().validate(
                                result.out(),
                                InputFormat.JSON,
                                context -> context.executionConfig(config -> config.formatAssertionsEnabled(true))))
                .as(result.out())
                .isEmpty();
        assertThat(result.err()).isEmpty();
    }

    @Test
    void theSchemaRefusesWhatIsNoSarif() throws Exception {
        assertThat(sarif().validate("{\"version\": \"2.1.0\", \"runs\": [{}]}", InputFormat.JSON))
                .anyMatch(error -> error.getMessage().contains("tool"));
    }

    @Test
    void sarifNamesRuleAndPlace() throws Exception {
        Session.Result result = new Session()
                .run("lint", "-o", "sarif", Examples.ROOT.resolve("broken").toString());
        JsonNode run = new ObjectMapper().readTree(result.out()).at("/runs/0");
        assertThat(run.at("/tool/driver/name").asText()).isEqualTo("narthex");
        assertThat(run.path("results")).hasSize(6).allSatisfy(one -> {
            int rule = one.path("ruleIndex").asInt(-1);
            assertThat(run.at("/tool/driver/rules/" + rule + "/id").asText())
                    .isEqualTo(one.path("ruleId").asText());
            assertThat(one.at("/locations/0/physicalLocation/artifactLocation/uri")
                            .asText())
                    .startsWith("../examples/broken/")
                    .endsWith(".yaml");
            assertThat(one.at("/locations/0/physicalLocation/region/startLine").asInt())
                    .isPositive();
        });
        assertThat(result.code()).isEqualTo(ExitCode.NO.number());
    }

    @Test
    void severalServersAreAllChecked() throws IOException {
        Folders.clean(folder);
        Folders.write(
                folder, "other.yaml", Folders.server("retention: {time: 300y}").replace("main", "other"));
        assertThat(new Session().run("lint", folder.toString()).out())
                .contains("other.yaml:6:")
                .contains("NX1301");
        Session.Result main = new Session().run("lint", "--server", "main", folder.toString());
        assertThat(main.out()).doesNotContain("other.yaml:6:");
        assertThat(main.code()).isZero();
    }

    @Test
    void aServerThatIsNotThereIsAnError() throws IOException {
        Session.Result result = new Session()
                .run("lint", "--server", "mian", Folders.clean(folder).toString());
        assertThat(result.code()).isEqualTo(ExitCode.NO.number());
        assertThat(result.out()).contains("there is no PrometheusServer mian").contains("one of main");
    }
}
