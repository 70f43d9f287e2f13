package io.narthex.prometheus;

import java.time.Instant;
import java.util.Optional;

/**
 * What Prometheus says about its process ({@code /api/v1/status/runtimeinfo}).
 *
 * @param startTime when it was started
 * @param workingDirectory its working directory
 * @param reloadSuccessful whether the last load of its configuration succeeded
 * @param lastConfig when its configuration was last loaded with success, in full seconds; empty for never
 * @param storageRetention what it keeps, such as {@code 15d or 10GiB}; empty in agent mode
 */
public record RuntimeInfo(
        Instant startTime,
        String workingDirectory,
        boolean reloadSuccessful,
        Optional<Instant> lastConfig,
        String storageRetention) {}
