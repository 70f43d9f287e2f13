package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines of Prometheus's log, of all supported releases, and what they say of an end. */
class PrometheusLogTest {

    @Test
    void readsLogLinesOfAllReleases() {
        assertThat(PrometheusLog.parse(
                        "time=2026-11-24T12:00:00Z level=ERROR source=main.go:1412 msg=\"Error reloading config\""
                                + " err=\"couldn't load (--config.file=\\\"a.yml\\\"): bad\""))
                .contains(new PrometheusLog.Entry(
                        "error", "Error reloading config", "couldn't load (--config.file=\"a.yml\"): bad"));
        assertThat(PrometheusLog.parse("ts=2026-11-24T12:00:00Z caller=main.go:1 level=info msg=ready"))
                .contains(new PrometheusLog.Entry("info", "ready", ""));
        assertThat(PrometheusLog.parse("{\"time\":\"x\",\"level\":\"WARN\",\"msg\":\"a \\\"b\\\"\",\"err\":\"c\"}"))
                .contains(new PrometheusLog.Entry("warn", "a \"b\"", "c"));
        assertThat(PrometheusLog.parse("panic: runtime error")).isEmpty();
    }

    @Test
    void saysTheLastErrorElseTheLastPlainLine() {
        assertThat(PrometheusLog.cause(List.of(
                        "level=error msg=first", "level=error msg=\"second\" err=why", "level=info msg=bye", "x")))
                .contains("second: why");
        assertThat(PrometheusLog.cause(List.of(
                        "Error parsing command line arguments: unknown long flag '--x'", "", "level=info msg=a")))
                .contains("Error parsing command line arguments: unknown long flag '--x'");
        assertThat(PrometheusLog.cause(List.of("level=info msg=a"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Error loading config (--config.file=a.yml): bad | true",
                "Error loading dynamic scrape config files from config: bad | true",
                "error loading config from \"a.yml\": one or more errors occurred while applying the new configuration | true",
                "Failed to apply configuration: One or more errors occurred while applying the new configuration | true",
                "opening storage failed: lock DB directory: resource temporarily unavailable | false",
                "Error parsing command line arguments: unknown long flag '--x' | false",
                "it ended with exit code 137 (OOMKilled) | false",
            })
    void tellsARefusedConfigurationFromOtherEnds(String cause, boolean refusal) {
        assertThat(PrometheusLog.isRefusal(cause)).isEqualTo(refusal);
    }
}
