package io.narthex.compiler.model;

import java.util.Locale;

/**
 * The stable codes of all diagnostics. A code is never given another meaning; one that is no longer used stays
 * reserved.
 *
 * <p>Each has a page, {@code diagnostics/NXnnnn.md} among this module's resources, from which {@code
 * docs/diagnostics.md} and {@code narthex explain} are made.
 */
public enum DiagnosticCode {
    // NX1000-1099: files and YAML.

    // NX1100-1199: a resource's shape: kinds, fields, types, what the schema allows.

    // NX1200-1299: Monitors.
    /** An endpoint's timeout is longer than its interval. */
    TIMEOUT_EXCEEDS_INTERVAL(1204, Severity.ERROR, "timeout is longer than the interval"),

    // NX1300-1399: PrometheusServers.

    // NX1400-1499: RuleSets.

    // NX1500-1599: credentials and trust.

    // NX1600-1699: what the version of Prometheus can't do.

    // NX2000-2999: rolling out.

    // NX3000-3999: targets, as Prometheus reports them.
    /** A target answers 400: for a Django application its ALLOWED_HOSTS. */
    TARGET_BAD_REQUEST(3101, Severity.WARNING, "the target answers HTTP 400");

    // NX4000-4999: the environment: programs, ports, access.

    private final String id;
    private final Severity severity;
    private final String title;

    DiagnosticCode(int number, Severity severity, String title) {
        this.id = String.format(Locale.ROOT, "NX%04d", number);
        this.severity = severity;
        this.title = title;
    }

    /** Returns the code as users see it, such as {@code NX1204}. */
    public String id() {
        return id;
    }

    /** Returns the usual severity. */
    public Severity severity() {
        return severity;
    }

    /** Returns what the code means in a few words, without a capital or a full stop. */
    public String title() {
        return title;
    }
}
