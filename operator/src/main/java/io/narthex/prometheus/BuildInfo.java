package io.narthex.prometheus;

import io.narthex.compiler.model.PrometheusVersion;

/**
 * Which Prometheus it is ({@code /api/v1/status/buildinfo}).
 *
 * @param version its release
 * @param text its release as it says it, such as {@code 2.42.0+ds}
 * @param revision the commit that it was built from; may be empty
 * @param goVersion what it was built with
 */
public record BuildInfo(PrometheusVersion version, String text, String revision, String goVersion) {

    /** Returns whether a job without a scrape pool is one for which it couldn't make any. */
    public boolean hasPoolOfEachJob() {
        return version.isAtLeast(3, 0);
    }
}
