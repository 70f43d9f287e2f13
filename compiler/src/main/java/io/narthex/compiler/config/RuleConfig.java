package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusDuration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A recording or alerting rule ("rule" of the Prometheus documentation).
 *
 * @param record the name of the series; not together with {@code alert}
 * @param alert the name of the alert
 * @param expr the PromQL expression
 * @param forDuration how long it must hold before the alert fires
 * @param keepFiringFor how long the alert goes on after it held
 * @param labels labels; those of an alert are templates
 * @param annotations templates
 */
public record RuleConfig(
        @Nullable String record,
        @Nullable String alert,
        String expr,
        @Nullable PrometheusDuration forDuration,
        @Nullable PrometheusDuration keepFiringFor,
        Map<String, String> labels,
        Map<String, String> annotations)
        implements Part {

    public RuleConfig {
        labels = Ordered.map(labels);
        annotations = Ordered.map(annotations);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.RULE_RECORD, record);
        out.write(ConfigField.RULE_ALERT, alert);
        out.write(ConfigField.RULE_EXPR, expr);
        out.write(ConfigField.RULE_FOR, forDuration);
        out.write(ConfigField.RULE_KEEP_FIRING_FOR, keepFiringFor);
        out.write(ConfigField.RULE_LABELS, labels);
        out.write(ConfigField.RULE_ANNOTATIONS, annotations);
    }

    /** Gathers the components of a {@link RuleConfig}. */
    public static final class Builder {

        private @Nullable String record;
        private @Nullable String alert;
        private @Nullable String expr;
        private @Nullable PrometheusDuration forDuration;
        private @Nullable PrometheusDuration keepFiringFor;
        private Map<String, String> labels = Map.of();
        private Map<String, String> annotations = Map.of();

        private Builder() {}

        /** Sets the name of the series. */
        public Builder record(@Nullable String record) {
            this.record = record;
            return this;
        }

        /** Sets the name of the alert. */
        public Builder alert(@Nullable String alert) {
            this.alert = alert;
            return this;
        }

        /** Sets the PromQL expression. */
        public Builder expr(String expr) {
            this.expr = expr;
            return this;
        }

        /** Sets how long it must hold before the alert fires. */
        public Builder forDuration(@Nullable PrometheusDuration forDuration) {
            this.forDuration = forDuration;
            return this;
        }

        /** Sets how long the alert goes on after it held. */
        public Builder keepFiringFor(@Nullable PrometheusDuration keepFiringFor) {
            this.keepFiringFor = keepFiringFor;
            return this;
        }

        /** Sets labels. */
        public Builder labels(Map<String, String> labels) {
            this.labels = labels;
            return this;
        }

        /** Sets templates. */
        public Builder annotations(Map<String, String> annotations) {
            this.annotations = annotations;
            return this;
        }

        /** Returns the whole. */
        public RuleConfig build() {
            return new RuleConfig(
                    record,
                    alert,
                    Objects.requireNonNull(expr, "expr"),
                    forDuration,
                    keepFiringFor,
                    labels,
                    annotations);
        }
    }
}
