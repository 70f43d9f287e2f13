package io.narthex.prometheus;

import java.time.Instant;
import java.util.Optional;

/**
 * What Prometheus's own metrics say about its configuration ({@code /metrics}, which answers while it is starting, too,
 * and whether or not anyone scrapes it).
 *
 * @param successful {@code prometheus_config_last_reload_successful}: whether the last load succeeded; false as long as
 *     none was tried
 * @param lastSuccess {@code prometheus_config_last_reload_success_timestamp_seconds}; empty as long as none succeeded
 * @param processStart {@code process_start_time_seconds}: tells one process from the next; empty on platforms where it
 *     isn't known
 */
public record ReloadState(boolean successful, Optional<Instant> lastSuccess, Optional<Instant> processStart) {}
