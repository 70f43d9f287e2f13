package io.narthex.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.prometheus.TargetHealth;
import io.narthex.status.JobStatus;
import io.narthex.status.ScrapeError;
import io.narthex.status.ServerPhase;
import io.narthex.status.ServerStatus;
import io.narthex.status.TargetStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobTableTest {

    private static final String LONG = "a-service-with-a-name-that-somebody-made-of-many-words-in-a-row";

    private static JobStatus job(String name, int up, int down) {
        TargetStatus target = new TargetStatus(
                "127.0.0.1:8000",
                "http://127.0.0.1:8000/metrics",
                TargetHealth.DOWN,
                Optional.of(new ScrapeError(DiagnosticCode.TARGET_HTTP_STATUS, "HTTP 400", "hint", "raw")),
                Optional.empty(),
                Duration.ZERO);
        return new JobStatus(
                name,
                name,
                Optional.empty(),
                up,
                down,
                0,
                Optional.empty(),
                down == 0 ? List.of() : List.of(target),
                Optional.empty());
    }

    private static List<String> table(int width, JobStatus... jobs) {
        return JobTable.lines(
                new ServerStatus(
                        Instant.EPOCH,
                        "http://127.0.0.1:9090",
                        ServerPhase.READY,
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(jobs),
                        0,
                        List.of(),
                        Optional.empty(),
                        List.of()),
                Style.PLAIN,
                width);
    }

    @Test
    void columnsAreAsWideAsTheirContent() {
        String code = DiagnosticCode.TARGET_HTTP_STATUS.id();
        assertThat(table(100, job("server", 2, 1), job("prometheus", 1, 0)))
                .containsExactly(
                        "JOB         UP   LAST ERROR",
                        "server      2/3  127.0.0.1:8000 HTTP 400, see " + code,
                        "prometheus  1/1");
    }

    @Test
    void aWideTerminalShowsALongNameWhole() {
        assertThat(table(200, job(LONG, 0, 1)).getLast()).startsWith(LONG + "  0/1  127.0.0.1:8000 HTTP 400, see NX");
    }

    @Test
    void aLongNameLeavesTheErrorItsRoom() {
        assertThat(table(80, job(LONG, 0, 1)).getLast())
                .startsWith("a-service-with-a-name-that-")
                .contains("…  0/1  127.0.0.1:8000 HTTP 400, see NX3");
    }

    @Test
    void countsOfManyDigitsKeepTheColumns() {
        assertThat(table(100, job("a", 10_000, 0), job("b", 1, 1)))
                .containsExactly(
                        "JOB  UP           LAST ERROR",
                        "a    10000/10000",
                        "b    1/2          127.0.0.1:8000 HTTP 400, see " + DiagnosticCode.TARGET_HTTP_STATUS.id());
    }

    @Test
    void wideCharactersKeepTheColumns() {
        List<String> lines = table(100, job("監視", 1, 1), job("ab", 1, 1));
        assertThat(lines.get(1)).startsWith("監視  1/2  ");
        assertThat(lines.get(2)).startsWith("ab    1/2  ");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 100, 300})
    void noLineIsWiderThanTheTerminal(int width) {
        assertThat(table(width, job(LONG, 0, 1), job("監視".repeat(30), 0, 1), job("x", 1, 0)))
                .allSatisfy(line -> assertThat(Columns.of(line)).isLessThanOrEqualTo(width));
    }
}
