package io.narthex.compiler.config;

import io.narthex.compiler.config.value.ByteSize;
import org.jspecify.annotations.Nullable;

/**
 * Bounds that fail a scrape or a job; 0 or nothing for no bound (Prometheus documentation, "scrape_config" and
 * "global").
 *
 * @param bodySizeLimit the largest response, uncompressed
 * @param sampleLimit the most samples of a target
 * @param targetLimit the most targets of the job
 * @param labelLimit the most labels of a sample
 * @param labelNameLengthLimit the longest name of a label, in bytes
 * @param labelValueLengthLimit the longest value of a label, in bytes
 * @param keepDroppedTargets how many dropped targets are remembered; from 2.47 on
 */
public record ScrapeLimits(
        @Nullable ByteSize bodySizeLimit,
        @Nullable Long sampleLimit,
        @Nullable Long targetLimit,
        @Nullable Long labelLimit,
        @Nullable Long labelNameLengthLimit,
        @Nullable Long labelValueLengthLimit,
        @Nullable Long keepDroppedTargets)
        implements Part {

    /** Nothing set. */
    public static final ScrapeLimits NONE = builder().build();

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        boolean global = out.isGlobal();
        out.write(global ? ConfigField.GLOBAL_BODY_SIZE_LIMIT : ConfigField.SCRAPE_BODY_SIZE_LIMIT, bodySizeLimit);
        out.write(global ? ConfigField.GLOBAL_SAMPLE_LIMIT : ConfigField.SCRAPE_SAMPLE_LIMIT, sampleLimit);
        out.write(global ? ConfigField.GLOBAL_TARGET_LIMIT : ConfigField.SCRAPE_TARGET_LIMIT, targetLimit);
        out.write(global ? ConfigField.GLOBAL_LABEL_LIMIT : ConfigField.SCRAPE_LABEL_LIMIT, labelLimit);
        out.write(
                global ? ConfigField.GLOBAL_LABEL_NAME_LENGTH_LIMIT : ConfigField.SCRAPE_LABEL_NAME_LENGTH_LIMIT,
                labelNameLengthLimit);
        out.write(
                global ? ConfigField.GLOBAL_LABEL_VALUE_LENGTH_LIMIT : ConfigField.SCRAPE_LABEL_VALUE_LENGTH_LIMIT,
                labelValueLengthLimit);
        out.write(
                global ? ConfigField.GLOBAL_KEEP_DROPPED_TARGETS : ConfigField.SCRAPE_KEEP_DROPPED_TARGETS,
                keepDroppedTargets);
    }

    /** Gathers the components of a {@link ScrapeLimits}. */
    public static final class Builder {

        private @Nullable ByteSize bodySizeLimit;
        private @Nullable Long sampleLimit;
        private @Nullable Long targetLimit;
        private @Nullable Long labelLimit;
        private @Nullable Long labelNameLengthLimit;
        private @Nullable Long labelValueLengthLimit;
        private @Nullable Long keepDroppedTargets;

        private Builder() {}

        /** Sets the largest response, uncompressed. */
        public Builder bodySizeLimit(@Nullable ByteSize bodySizeLimit) {
            this.bodySizeLimit = bodySizeLimit;
            return this;
        }

        /** Sets the most samples of a target. */
        public Builder sampleLimit(@Nullable Long sampleLimit) {
            this.sampleLimit = sampleLimit;
            return this;
        }

        /** Sets the most targets of the job. */
        public Builder targetLimit(@Nullable Long targetLimit) {
            this.targetLimit = targetLimit;
            return this;
        }

        /** Sets the most labels of a sample. */
        public Builder labelLimit(@Nullable Long labelLimit) {
            this.labelLimit = labelLimit;
            return this;
        }

        /** Sets the longest name of a label, in bytes. */
        public Builder labelNameLengthLimit(@Nullable Long labelNameLengthLimit) {
            this.labelNameLengthLimit = labelNameLengthLimit;
            return this;
        }

        /** Sets the longest value of a label, in bytes. */
        public Builder labelValueLengthLimit(@Nullable Long labelValueLengthLimit) {
            this.labelValueLengthLimit = labelValueLengthLimit;
            return this;
        }

        /** Sets how many dropped targets are remembered. */
        public Builder keepDroppedTargets(@Nullable Long keepDroppedTargets) {
            this.keepDroppedTargets = keepDroppedTargets;
            return this;
        }

        /** Returns the whole. */
        public ScrapeLimits build() {
            return new ScrapeLimits(
                    bodySizeLimit,
                    sampleLimit,
                    targetLimit,
                    labelLimit,
                    labelNameLengthLimit,
                    labelValueLengthLimit,
                    keepDroppedTargets);
        }
    }
}
