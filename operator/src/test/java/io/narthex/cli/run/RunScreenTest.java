package io.narthex.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.cli.print.Style;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputFormat;
import io.narthex.cli.terminal.Terminal;
import io.narthex.prometheus.AlertmanagerReport;
import io.narthex.status.ServerPhase;
import io.narthex.status.ServerStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A run shows whether its alerts reach somebody, as {@code narthex status} does. */
class RunScreenTest {

    private static final String NOBODY = "alertmanagers  none discovered, 1 declared: no alert is sent";
    private static final Optional<AlertmanagerReport> UNKNOWN = Optional.empty();
    private static final Optional<AlertmanagerReport> NONE = Optional.of(new AlertmanagerReport(0, 0));
    private static final Optional<AlertmanagerReport> TWO = Optional.of(new AlertmanagerReport(2, 0));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private RunScreen screen(OutputFormat format, boolean interactive) {
        PrintStream stream = new PrintStream(out, true, UTF_8);
        Terminal terminal =
                new Terminal(InputStream.nullInputStream(), stream, stream, interactive, Terminal.Size.USUAL, Map.of());
        return new RunScreen(
                new Output(terminal, format, false, false, Style.PLAIN),
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                Path.of("shop"));
    }

    private static ServerStatus status(Optional<AlertmanagerReport> alertmanagers) {
        return new ServerStatus(
                Instant.EPOCH,
                "http://127.0.0.1:9090",
                ServerPhase.READY,
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                0,
                List.of(),
                alertmanagers,
                List.of());
    }

    private String printed() {
        String text = out.toString(UTF_8);
        out.reset();
        return text;
    }

    @Test
    void theTableEndsWithTheDeclaredAlertmanagers() {
        RunScreen screen = screen(OutputFormat.text, true);
        screen.table(status(NONE), 1);
        assertThat(printed()).endsWith("\n" + NOBODY + "\n");
        screen.table(status(TWO), 1);
        assertThat(printed()).endsWith("\nalertmanagers  2 discovered\n").doesNotContain(NOBODY);
        screen.table(status(NONE), 0);
        assertThat(printed()).contains("LAST ERROR").doesNotContain("alertmanagers");
    }

    @Test
    void whatIsKnownAlreadyIsNotToldAnewAfterALoad() {
        RunScreen screen = screen(OutputFormat.text, false);
        screen.table(status(UNKNOWN), 1);
        assertThat(printed()).isEmpty();
        screen.table(status(NONE), 1);
        assertThat(printed()).endsWith(" " + NOBODY + "\n");
        screen.table(status(UNKNOWN), 1);
        screen.table(status(NONE), 1);
        assertThat(printed()).isEmpty();
        screen.table(status(TWO), 1);
        assertThat(printed()).endsWith(" alertmanagers  2 discovered\n");
        screen.table(status(NONE), 0);
        assertThat(printed()).isEmpty();
    }

    @Test
    void theResultOfARunOnceHasTheLineToo() {
        screen(OutputFormat.text, false).result(status(NONE), 1);
        assertThat(printed()).endsWith("\n" + NOBODY + "\n");
    }

    @Test
    void theDocumentHasTheNumbersAsThatOfStatus() throws IOException {
        RunScreen screen = screen(OutputFormat.json, false);
        screen.table(status(NONE), 1);
        JsonNode document = new ObjectMapper().readTree(printed());
        assertThat(document.path("event").asText()).isEqualTo("targets");
        assertThat(document.path("alertmanagers"))
                .isEqualTo(new ObjectMapper().readTree("{\"discovered\": 0, \"dropped\": 0, \"declared\": 1}"));
        screen.table(status(NONE), 1);
        assertThat(printed()).isEmpty();
    }
}
