package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.narthex.api.schema.PrometheusDuration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An alerting or a recording rule (Prometheus documentation, {@code <rule>}).
 *
 * @param alert The alert's name, for an alerting rule. Either this or {@code record} is set.
 * @param record The name of the series that is written, for a recording rule.
 * @param expr The expression in PromQL.
 * @param forDuration How long the expression must hold before the alert fires. Default: {@code 0s}.
 * @param keepFiringFor How long the alert goes on firing after the expression holds no more. Default: {@code 0s}. From
 *     Prometheus 2.42.
 * @param labels Labels to add or replace. In an alerting rule they may be templates.
 * @param annotations Annotations of the alert. They may be templates.
 */
@ValidationRule(value = "has(self.alert) != has(self.record)", message = "set exactly one of alert and record")
@ValidationRule(
        value = "has(self.alert) || !(has(self.for) || has(self.keepFiringFor) || has(self.annotations))",
        message = "for, keepFiringFor and annotations belong to alerting rules")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Rule(
        @Size(min = 1, max = 256) @Nullable String alert,
        @Size(min = 1, max = 256) @Nullable String record,
        @Required @Size(min = 1, max = 16384) String expr,
        @JsonProperty("for") @PrometheusDuration @Nullable String forDuration,
        @PrometheusDuration @Nullable String keepFiringFor,
        Map<String, @Size(max = 4096) String> labels,
        Map<String, @Size(max = 16384) String> annotations) {
    public Rule {
        Objects.requireNonNull(expr, "expr");
        labels = Immutable.map(labels);
        annotations = Immutable.map(annotations);
    }
}
