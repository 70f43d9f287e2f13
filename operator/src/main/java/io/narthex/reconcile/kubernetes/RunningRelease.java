package io.narthex.reconcile.kubernetes;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import java.time.Instant;
import java.util.Optional;

/**
 * Compares the release that runs with the one that a server's configuration is written for, which an image's tag needn't
 * tell. For one thread.
 */
final class RunningRelease {

    private final ResourceKey server;

    private Instant from = Instant.MIN;
    private boolean ran;
    private Optional<Diagnostic> difference = Optional.empty();

    RunningRelease(ResourceKey server) {
        this.server = server;
    }

    /** Says that something new runs: which release was seen before doesn't count any more. */
    void changed(Instant now) {
        if (ran) {
            from = now;
        }
        ran = true;
    }

    /**
     * Returns what differs, as far as that is known.
     *
     * @param written the release that what runs is written for
     * @param seen the release that said so of itself
     * @param at when it was seen
     */
    Optional<Diagnostic> difference(PrometheusVersion written, Optional<String> seen, Instant at) {
        if (at.isAfter(from)) {
            // What is written depends on no third number.
            difference = seen.flatMap(PrometheusVersion::parse)
                    .filter(runs -> runs.major() != written.major() || runs.minor() != written.minor())
                    .map(runs -> new Diagnostic(
                            DiagnosticCode.IMAGE_RELEASE_UNCLEAR,
                            DiagnosticCode.IMAGE_RELEASE_UNCLEAR.severity(),
                            Optional.of(server),
                            FieldPath.of("spec").field("version"),
                            Optional.empty(),
                            "Prometheus " + runs + " runs, and what is written is for " + written,
                            "",
                            "set spec.version to " + runs));
        }
        return difference;
    }
}
