package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.narthex.api.schema.ByteSize;
import io.narthex.api.schema.PrometheusDuration;
import org.jspecify.annotations.Nullable;

/**
 * How long samples are kept. Whichever limit is reached first holds; without any, {@code 15d}.
 *
 * @param time Samples older than this are deleted.
 * @param size The oldest blocks are deleted once all take more than this.
 * @param percentage The oldest blocks are deleted once all take more than this part of the disk, in percent. It takes
 *     the place of {@code size}. From Prometheus 3.11.
 * @param allowDataLoss Whether a change may shrink the retention, and so delete samples. Without it such a change is
 *     refused.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RetentionSpec(
        @PrometheusDuration @Nullable String time,
        @ByteSize @Nullable String size,
        @Min(0) @Max(100) @Nullable Double percentage,
        boolean allowDataLoss) {}
