package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How alerts are sent.
 *
 * @param relabelings Steps that rewrite or drop alerts before they are sent to any Alertmanager.
 * @param queueCapacity How many alerts may wait. Default: 10000.
 * @param batchSize How many alerts are sent at a time. Default: 256. From Prometheus 3.4.
 * @param drainOnShutdown Whether waiting alerts are sent before the server stops. Default: true. From Prometheus 2.54.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Notifications(
        List<Relabeling> relabelings,
        @Min(1) @Max(10000000) @Nullable Integer queueCapacity,
        @Min(1) @Max(1000000) @Nullable Integer batchSize,
        @Nullable Boolean drainOnShutdown) {
    public Notifications {
        relabelings = Immutable.list(relabelings);
    }
}
