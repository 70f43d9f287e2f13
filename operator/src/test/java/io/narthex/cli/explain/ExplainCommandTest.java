package io.narthex.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.cli.Session;
import io.narthex.cli.terminal.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainCommandTest {

    @Test
    void aKindListsItsFields() {
        Session.Result result = new Session().run("explain", "monitor");
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("Monitor  object").containsPattern("(?m)^  source +object +Required\\. ");
    }

    @ParameterizedTest
    @CsvSource({"monitor.endpoints.interval", "Monitor.spec.endpoints.interval", "monitor.endpoints[0].interval"})
    void aFieldHasATypeAndWhatIsAllowed(String subject) {
        Session.Result result = new Session().run("explain", subject);
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith("Monitor.spec.endpoints.interval  string\n")
                .contains("  allowed: a duration such as 30s, 1h30m or 15d\n");
    }

    @ParameterizedTest
    @CsvSource({
        "monitr, there is no kind monitr, did you mean Monitor?",
        "monitor.endpoint, Monitor.spec has no field endpoint, did you mean endpoints?",
        "monitor.endpoints.intervall, Monitor.spec.endpoints has no field intervall, did you mean interval?",
        "nx9999, there is no code NX9999, docs/diagnostics.md lists all codes",
    })
    void aTypoIsAnsweredWithTheNearest(String subject, String message, String help) {
        Session.Result result = new Session().run("explain", subject);
        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isEqualToNormalizingNewlines("narthex: " + message + "\n  = help: " + help + "\n");
    }

    @Test
    void jsonHasASchemaVersion() throws Exception {
        Session.Result result = new Session().run("explain", "prometheusserver.listen.port", "-o", "json");
        JsonNode document = new ObjectMapper().readTree(result.out());
        assertThat(document.path("schemaVersion").asInt()).isEqualTo(1);
        assertThat(document.path("type").asText()).isEqualTo("integer");
        assertThat(document.path("allowed").toString()).contains("at least 1", "at most 65535");
    }

    @Test
    void sarifIsForLintAlone() {
        Session.Result result = new Session().run("explain", "monitor", "-o", "sarif");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.err()).contains("lint");
    }
}
