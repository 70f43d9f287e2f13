package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.narthex.api.schema.PrometheusDuration;
import org.jspecify.annotations.Nullable;

/**
 * The evaluation of rules.
 *
 * @param queryOffset How far back from the present rules look, so that late samples are in. Default: {@code 0s}. From
 *     Prometheus 2.53.
 * @param maxConcurrentEvaluations How many independent rules are evaluated at a time. It switches on the feature {@code
 *     concurrent-rule-eval}. Default: 1. From Prometheus 2.51.
 * @param forOutageTolerance For how long an outage of the server an alert keeps its pending time. Default: {@code 1h}.
 * @param forGracePeriod The shortest time from the server's return to an alert's firing. Default: {@code 10m}.
 * @param resendDelay How long to wait before an alert is sent again. Default: {@code 1m}.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RuleSettings(
        @PrometheusDuration @Nullable String queryOffset,
        @Min(1) @Max(1024) @Nullable Integer maxConcurrentEvaluations,
        @PrometheusDuration @Nullable String forOutageTolerance,
        @PrometheusDuration @Nullable String forGracePeriod,
        @PrometheusDuration @Nullable String resendDelay) {}
