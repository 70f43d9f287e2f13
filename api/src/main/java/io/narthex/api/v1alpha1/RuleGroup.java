package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.PrometheusDuration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rules that are evaluated together (Prometheus documentation, {@code <rule_group>}).
 *
 * @param name The group's name, unique in the RuleSet.
 * @param interval How often to evaluate. Default: the server's {@code evaluationInterval}.
 * @param queryOffset How far back from the present the rules look, so that late samples are in. Default: the server's
 *     {@code rules.queryOffset}. From Prometheus 2.53.
 * @param limit The most alerts of an alerting rule, or series of a recording rule; beyond it the rule fails. 0 means no
 *     limit.
 * @param labels Labels that every rule of the group adds, unless it sets them itself.
 * @param rules The rules, in the order of their evaluation.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RuleGroup(
        @Required @Size(min = 1, max = 256) String name,
        @PrometheusDuration @Nullable String interval,
        @PrometheusDuration @Nullable String queryOffset,
        @Min(0) @Max(2147483647) @Nullable Integer limit,
        Map<String, @Size(max = 4096) String> labels,
        @Size(max = 512) List<Rule> rules) {
    public RuleGroup {
        Objects.requireNonNull(name, "name");
        labels = Immutable.map(labels);
        rules = Immutable.list(rules);
    }
}
