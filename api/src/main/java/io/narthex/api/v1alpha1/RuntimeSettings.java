package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/**
 * The Go runtime.
 *
 * @param gogc By how many percent the heap grows between two garbage collections. Default: 75. From Prometheus 2.53.
 * @param memoryLimitRatio Which part of the container's memory the runtime tries to stay within, above 0 and up to 1.
 *     Default: 0.9 from Prometheus 3.0, before that no limit.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RuntimeSettings(
        @Min(1) @Max(10000) @Nullable Integer gogc,
        @Min(value = 0, inclusive = false) @Max(1) @Nullable Double memoryLimitRatio) {}
