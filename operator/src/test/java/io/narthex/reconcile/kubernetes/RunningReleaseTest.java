package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An image may hold another release than its tag, or the resource, says. */
class RunningReleaseTest {

    private static final PrometheusVersion WRITTEN = new PrometheusVersion(3, 16, 0);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final RunningRelease release = new RunningRelease(new ResourceKey("PrometheusServer", "shop", "main"));

    private Optional<Diagnostic> difference(String seen, int second) {
        return release.difference(WRITTEN, Optional.of(seen), START.plusSeconds(second));
    }

    @Test
    void anotherReleaseIsNamedWithWhatToDo() {
        Diagnostic found = difference("3.5.0", 0).orElseThrow();
        assertThat(found.code()).isEqualTo(DiagnosticCode.IMAGE_RELEASE_UNCLEAR);
        assertThat(found.message()).isEqualTo("Prometheus 3.5.0 runs, and what is written is for 3.16.0");
        assertThat(found.remedy()).isEqualTo("set spec.version to 3.5.0");

        assertThat(difference("3.16.0", 1)).isEmpty();
        assertThat(difference("3.16.2", 1)).as("which makes no difference").isEmpty();
        assertThat(release.difference(WRITTEN, Optional.empty(), START)).isEmpty();
    }

    /** The release before is still known when the next one runs. */
    @Test
    void whatWasSeenBeforeAChangeSaysNothingOfWhatRunsAfterIt() {
        release.changed(START);
        assertThat(difference("3.16.0", 10)).isEmpty();
        release.changed(START.plusSeconds(20));
        assertThat(difference("3.5.0", 15)).isEmpty();
        assertThat(difference("3.5.0", 25)).isPresent();

        release.changed(START.plusSeconds(30));
        assertThat(difference("3.16.0", 28)).as("as it was said").isPresent();
        assertThat(difference("3.16.0", 35)).isEmpty();
    }
}
