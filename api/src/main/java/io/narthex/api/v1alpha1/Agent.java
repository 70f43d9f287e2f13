package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.narthex.api.schema.PrometheusDuration;
import org.jspecify.annotations.Nullable;

/**
 * The agent mode (Prometheus documentation, "Prometheus Agent").
 *
 * @param minTime How long samples are kept at least while they can't be sent. Default: {@code 5m}.
 * @param maxTime How long samples are kept at most while they can't be sent. Default: {@code 4h}.
 * @param truncateFrequency How often samples that were sent are removed. Default: {@code 2h}.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Agent(
        @PrometheusDuration @Nullable String minTime,
        @PrometheusDuration @Nullable String maxTime,
        @PrometheusDuration @Nullable String truncateFrequency) {}
