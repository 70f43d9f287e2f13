package io.narthex.compiler.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How metrics of OpenTelemetry are taken ("otlp" of the Prometheus documentation).
 *
 * @param promoteResourceAttributes resource attributes that become labels; from 2.55 on
 * @param promoteAllResourceAttributes whether all do; from 3.5 on
 * @param ignoreResourceAttributes which then do not; from 3.5 on
 * @param translationStrategy how names are translated; from 3.0 on
 * @param keepIdentifyingResourceAttributes whether target_info keeps the identifying ones; from 3.1 on
 * @param convertHistogramsToNhcb whether histograms become native ones with custom buckets; from 3.4 on
 * @param promoteScopeMetadata whether the scope becomes labels; from 3.6 on
 */
public record OtlpConfig(
        List<String> promoteResourceAttributes,
        @Nullable Boolean promoteAllResourceAttributes,
        List<String> ignoreResourceAttributes,
        @Nullable OtlpTranslation translationStrategy,
        @Nullable Boolean keepIdentifyingResourceAttributes,
        @Nullable Boolean convertHistogramsToNhcb,
        @Nullable Boolean promoteScopeMetadata)
        implements Part {

    public OtlpConfig {
        promoteResourceAttributes = List.copyOf(promoteResourceAttributes);
        ignoreResourceAttributes = List.copyOf(ignoreResourceAttributes);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.OTLP_PROMOTE_RESOURCE_ATTRIBUTES, promoteResourceAttributes);
        out.write(ConfigField.OTLP_PROMOTE_ALL_RESOURCE_ATTRIBUTES, promoteAllResourceAttributes);
        out.write(ConfigField.OTLP_IGNORE_RESOURCE_ATTRIBUTES, ignoreResourceAttributes);
        out.write(ConfigField.OTLP_TRANSLATION_STRATEGY, translationStrategy);
        out.write(ConfigField.OTLP_KEEP_IDENTIFYING_RESOURCE_ATTRIBUTES, keepIdentifyingResourceAttributes);
        out.write(ConfigField.OTLP_CONVERT_HISTOGRAMS_TO_NHCB, convertHistogramsToNhcb);
        out.write(ConfigField.OTLP_PROMOTE_SCOPE_METADATA, promoteScopeMetadata);
    }

    /** Gathers the components of a {@link OtlpConfig}. */
    public static final class Builder {

        private List<String> promoteResourceAttributes = List.of();
        private @Nullable Boolean promoteAllResourceAttributes;
        private List<String> ignoreResourceAttributes = List.of();
        private @Nullable OtlpTranslation translationStrategy;
        private @Nullable Boolean keepIdentifyingResourceAttributes;
        private @Nullable Boolean convertHistogramsToNhcb;
        private @Nullable Boolean promoteScopeMetadata;

        private Builder() {}

        /** Sets resource attributes that become labels. */
        public Builder promoteResourceAttributes(List<String> promoteResourceAttributes) {
            this.promoteResourceAttributes = promoteResourceAttributes;
            return this;
        }

        /** Sets whether all do. */
        public Builder promoteAllResourceAttributes(@Nullable Boolean promoteAllResourceAttributes) {
            this.promoteAllResourceAttributes = promoteAllResourceAttributes;
            return this;
        }

        /** Sets which then do not. */
        public Builder ignoreResourceAttributes(List<String> ignoreResourceAttributes) {
            this.ignoreResourceAttributes = ignoreResourceAttributes;
            return this;
        }

        /** Sets how names are translated. */
        public Builder translationStrategy(@Nullable OtlpTranslation translationStrategy) {
            this.translationStrategy = translationStrategy;
            return this;
        }

        /** Sets whether target_info keeps the identifying ones. */
        public Builder keepIdentifyingResourceAttributes(@Nullable Boolean keepIdentifyingResourceAttributes) {
            this.keepIdentifyingResourceAttributes = keepIdentifyingResourceAttributes;
            return this;
        }

        /** Sets whether histograms become native ones with custom buckets. */
        public Builder convertHistogramsToNhcb(@Nullable Boolean convertHistogramsToNhcb) {
            this.convertHistogramsToNhcb = convertHistogramsToNhcb;
            return this;
        }

        /** Sets whether the scope becomes labels. */
        public Builder promoteScopeMetadata(@Nullable Boolean promoteScopeMetadata) {
            this.promoteScopeMetadata = promoteScopeMetadata;
            return this;
        }

        /** Returns the whole. */
        public OtlpConfig build() {
            return new OtlpConfig(
                    promoteResourceAttributes,
                    promoteAllResourceAttributes,
                    ignoreResourceAttributes,
                    translationStrategy,
                    keepIdentifyingResourceAttributes,
                    convertHistogramsToNhcb,
                    promoteScopeMetadata);
        }
    }
}
