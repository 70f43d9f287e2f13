package io.narthex.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiagnosticTextTest {

    private static final Diagnostic TIMEOUT = new Diagnostic(
            DiagnosticCode.TIMEOUT_EXCEEDS_INTERVAL,
            Severity.ERROR,
            Optional.of(new ResourceKey("Monitor", "default", "web")),
            FieldPath.of("spec", "endpoints").index(0, "metrics").field("timeout"),
            Optional.of(new Position("shop/web.yaml", 12, 16, 3)),
            "timeout 30s is longer than interval 5s",
            "at most 5s",
            "set timeout to 5s or less, or raise interval");

    @Test
    void looksAsTheManualSays() {
        DiagnosticText text = new DiagnosticText(
                (file, line) -> Optional.of("      timeout: 30s").filter(any -> line == 12), Style.PLAIN, 100);
        assertThat(text.block(TIMEOUT)).isEqualTo("""
                shop/web.yaml:12:16: error[NX1204]: timeout 30s is longer than interval 5s
                   |
                12 |       timeout: 30s
                   |                ^^^ allowed: at most 5s
                   = help: set timeout to 5s or less, or raise interval
                   = more: narthex explain NX1204
                """);
    }

    @Test
    void withoutASourceLineNothingIsLost() {
        assertThat(new DiagnosticText(SourceLines.NONE, Style.PLAIN, 100).block(TIMEOUT))
                .isEqualTo("""
                shop/web.yaml:12:16: error[NX1204]: timeout 30s is longer than interval 5s
                  = allowed: at most 5s
                  = help: set timeout to 5s or less, or raise interval
                  = more: narthex explain NX1204
                """);
    }

    @Test
    void colorsWrapTheSameText() {
        SourceLines lines = (file, line) -> Optional.of("      timeout: 30s");
        String plain = new DiagnosticText(lines, Style.PLAIN, 100).block(TIMEOUT);
        String color = new DiagnosticText(lines, Style.COLOR, 100).block(TIMEOUT);
        assertThat(color).contains("\u001b[1;31merror[NX1204]\u001b[0m");
        assertThat(color.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
    }

    @Test
    void sarifNamesRuleAndRegion() {
        ObjectNode log = Sarif.log(List.of(TIMEOUT), "1.2.3");
        var run = log.path("runs").path(0);
        assertThat(log.path("version").asText()).isEqualTo("2.1.0");
        assertThat(run.at("/tool/driver/rules/0/id").asText()).isEqualTo("NX1204");
        assertThat(run.at("/results/0/ruleIndex").asInt()).isZero();
        assertThat(run.at("/results/0/level").asText()).isEqualTo("error");
        var place = run.at("/results/0/locations/0/physicalLocation");
        assertThat(place.at("/artifactLocation/uri").asText()).isEqualTo("shop/web.yaml");
        assertThat(place.at("/region/startColumn").asInt()).isEqualTo(16);
        assertThat(place.at("/region/endColumn").asInt()).isEqualTo(19);
        assertThat(run.path("columnKind").asText()).isEqualTo("unicodeCodePoints");
    }
}
