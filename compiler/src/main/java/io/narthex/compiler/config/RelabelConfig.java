package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusRegex;
import io.narthex.compiler.config.value.RelabelTemplate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule of relabeling ("relabel_config" of the Prometheus documentation).
 *
 * @param sourceLabels the labels whose values are joined
 * @param separator what stands between the values; {@code ;} where not given
 * @param targetLabel the label that is written; may hold references to groups
 * @param regex what the joined values must match; {@code (.*)} where not given
 * @param modulus for {@code hashmod}: above 0
 * @param replacement what is written; {@code $1} where not given
 * @param action what is done; {@code replace} where not given
 */
public record RelabelConfig(
        List<String> sourceLabels,
        @Nullable String separator,
        @Nullable String targetLabel,
        @Nullable PrometheusRegex regex,
        @Nullable Long modulus,
        @Nullable RelabelTemplate replacement,
        @Nullable RelabelAction action)
        implements Part {

    public RelabelConfig {
        sourceLabels = List.copyOf(sourceLabels);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.RELABEL_SOURCE_LABELS, sourceLabels);
        out.write(ConfigField.RELABEL_SEPARATOR, separator);
        out.write(ConfigField.RELABEL_TARGET_LABEL, targetLabel);
        out.write(ConfigField.RELABEL_REGEX, regex);
        out.write(ConfigField.RELABEL_MODULUS, modulus);
        out.write(ConfigField.RELABEL_REPLACEMENT, replacement);
        out.write(ConfigField.RELABEL_ACTION, action);
    }

    /** Gathers the components of a {@link RelabelConfig}. */
    public static final class Builder {

        private List<String> sourceLabels = List.of();
        private @Nullable String separator;
        private @Nullable String targetLabel;
        private @Nullable PrometheusRegex regex;
        private @Nullable Long modulus;
        private @Nullable RelabelTemplate replacement;
        private @Nullable RelabelAction action;

        private Builder() {}

        /** Sets the labels whose values are joined. */
        public Builder sourceLabels(List<String> sourceLabels) {
            this.sourceLabels = sourceLabels;
            return this;
        }

        /** Sets what stands between the values. */
        public Builder separator(@Nullable String separator) {
            this.separator = separator;
            return this;
        }

        /** Sets the label that is written. */
        public Builder targetLabel(@Nullable String targetLabel) {
            this.targetLabel = targetLabel;
            return this;
        }

        /** Sets what the joined values must match. */
        public Builder regex(@Nullable PrometheusRegex regex) {
            this.regex = regex;
            return this;
        }

        /** Sets for {@code hashmod}: above 0. */
        public Builder modulus(@Nullable Long modulus) {
            this.modulus = modulus;
            return this;
        }

        /** Sets what is written. */
        public Builder replacement(@Nullable RelabelTemplate replacement) {
            this.replacement = replacement;
            return this;
        }

        /** Sets what is done. */
        public Builder action(@Nullable RelabelAction action) {
            this.action = action;
            return this;
        }

        /** Returns the whole. */
        public RelabelConfig build() {
            return new RelabelConfig(sourceLabels, separator, targetLabel, regex, modulus, replacement, action);
        }
    }
}
