package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * How many targets there are.
 *
 * @param total All of them.
 * @param up Those whose last scrape succeeded.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TargetCounts(
        @Min(0) @Max(2147483647) int total,
        @Min(0) @Max(2147483647) int up) {}
