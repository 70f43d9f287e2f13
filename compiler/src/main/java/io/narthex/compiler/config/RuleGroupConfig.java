package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusDuration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A group of rules ("rule_group" of the Prometheus documentation).
 *
 * @param name the name, unique in its file
 * @param interval the time between two evaluations; the global one where not given
 * @param queryOffset how far into the past the rules look; from 2.53 on
 * @param limit the most alerts or series of a rule; 0 for no bound
 * @param labels labels of all that the rules yield; from 3.0 on
 * @param rules the rules, in order of evaluation
 */
public record RuleGroupConfig(
        String name,
        @Nullable PrometheusDuration interval,
        @Nullable PrometheusDuration queryOffset,
        @Nullable Long limit,
        Map<String, String> labels,
        List<RuleConfig> rules)
        implements Part {

    public RuleGroupConfig {
        labels = Ordered.map(labels);
        rules = List.copyOf(rules);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.GROUP_NAME, name);
        out.write(ConfigField.GROUP_INTERVAL, interval);
        out.write(ConfigField.GROUP_QUERY_OFFSET, queryOffset);
        out.write(ConfigField.GROUP_LIMIT, limit);
        out.write(ConfigField.GROUP_LABELS, labels);
        out.write(ConfigField.GROUP_RULES, rules);
    }

    /** Gathers the components of a {@link RuleGroupConfig}. */
    public static final class Builder {

        private @Nullable String name;
        private @Nullable PrometheusDuration interval;
        private @Nullable PrometheusDuration queryOffset;
        private @Nullable Long limit;
        private Map<String, String> labels = Map.of();
        private List<RuleConfig> rules = List.of();

        private Builder() {}

        /** Sets the name, unique in its file. */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /** Sets the time between two evaluations. */
        public Builder interval(@Nullable PrometheusDuration interval) {
            this.interval = interval;
            return this;
        }

        /** Sets how far into the past the rules look. */
        public Builder queryOffset(@Nullable PrometheusDuration queryOffset) {
            this.queryOffset = queryOffset;
            return this;
        }

        /** Sets the most alerts or series of a rule. */
        public Builder limit(@Nullable Long limit) {
            this.limit = limit;
            return this;
        }

        /** Sets labels of all that the rules yield. */
        public Builder labels(Map<String, String> labels) {
            this.labels = labels;
            return this;
        }

        /** Sets the rules, in order of evaluation. */
        public Builder rules(List<RuleConfig> rules) {
            this.rules = rules;
            return this;
        }

        /** Returns the whole. */
        public RuleGroupConfig build() {
            return new RuleGroupConfig(
                    Objects.requireNonNull(name, "name"), interval, queryOffset, limit, labels, rules);
        }
    }
}
