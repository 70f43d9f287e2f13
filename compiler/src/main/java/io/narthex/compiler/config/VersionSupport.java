package io.narthex.compiler.config;

import io.narthex.compiler.config.value.Problem;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.PrometheusVersion;

/** How well a release of Prometheus is known. */
public sealed interface VersionSupport {

    /**
     * The release is in the version table.
     *
     * @param version the release
     */
    record Known(PrometheusVersion version) implements VersionSupport {}

    /**
     * The release is newer than the version table.
     *
     * @param version the newest known release, which is written for instead
     * @param problem what to tell the user
     */
    record Newer(PrometheusVersion version, Problem problem) implements VersionSupport {
        /** Returns the code to tell it with. */
        public DiagnosticCode code() {
            return DiagnosticCode.VERSION_NEWER_THAN_KNOWN;
        }
    }

    /**
     * The release is too old; nothing is written for it.
     *
     * @param problem what to tell the user
     */
    record TooOld(Problem problem) implements VersionSupport {
        /** Returns the code to tell it with. */
        public DiagnosticCode code() {
            return DiagnosticCode.VERSION_TOO_OLD;
        }
    }

    /** Returns how well a release is known. */
    static VersionSupport of(PrometheusVersion version) {
        PrometheusVersion oldest = PrometheusVersion.OLDEST;
        PrometheusVersion newest = PrometheusVersion.NEWEST_KNOWN;
        String range = Gate.name(oldest) + " to " + Gate.name(newest);
        if (version.compareTo(oldest) < 0) {
            return new TooOld(new Problem(
                    "Prometheus " + version + " is too old",
                    range,
                    "run Prometheus " + Gate.name(newest) + ", or at least " + Gate.name(oldest)));
        }
        if (!version.isAtLeast(newest.major(), newest.minor() + 1)) {
            return new Known(version);
        }
        return new Newer(
                newest,
                new Problem(
                        "Prometheus " + version + " is newer than what is known; it is treated as " + Gate.name(newest),
                        range,
                        "update Narthex to use what is new in it"));
    }
}
