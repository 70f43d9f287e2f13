package io.narthex.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.prometheus.ScrapeTarget;
import io.narthex.prometheus.TargetHealth;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Prometheus that doesn't let itself in is told apart from any other target that doesn't. */
class SelfScrapeTest {

    private static Optional<ScrapeError> error(String target, String error, String server) {
        return SelfScrape.of(
                new ScrapeTarget(
                        "self", target, Map.of(), TargetHealth.DOWN, error, Optional.empty(), Duration.ofMillis(1)),
                server);
    }

    @Test
    void withWebUsersItNeedsOne() {
        ScrapeError error = error(
                        "http://localhost:9090/metrics",
                        "server returned HTTP status 401 Unauthorized",
                        "http://127.0.0.1:9090")
                .orElseThrow();

        assertThat(error.code()).isEqualTo(DiagnosticCode.TARGET_UNAUTHORIZED);
        assertThat(error.brief()).isEqualTo("HTTP 401");
        assertThat(error.hint()).contains("web users", "auth.basic");
    }

    @Test
    void withTlsItNeedsHttps() {
        ScrapeError error = error(
                        "http://127.0.0.1:9090/metrics",
                        "server returned HTTP status 400 Bad Request",
                        "https://127.0.0.1:9090/prom")
                .orElseThrow();

        assertThat(error.code()).isEqualTo(DiagnosticCode.TARGET_SPEAKS_TLS);
        assertThat(error.hint()).contains("scheme to https");
    }

    @ParameterizedTest
    @CsvSource({
        // Another port, another host, another failure.
        "http://127.0.0.1:9091/metrics, server returned HTTP status 401 Unauthorized, http://127.0.0.1:9090",
        "http://10.0.0.1:9090/metrics,  server returned HTTP status 401 Unauthorized, http://127.0.0.1:9090",
        "http://127.0.0.1:9090/metrics, server returned HTTP status 404 Not Found,    http://127.0.0.1:9090",
        "http://%zz/metrics,            server returned HTTP status 401 Unauthorized, http://127.0.0.1:9090",
    })
    void othersAreAsTheyAre(String target, String error, String server) {
        assertThat(error(target, error, server)).isEmpty();
    }
}
