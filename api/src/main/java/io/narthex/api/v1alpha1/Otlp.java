package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.narthex.api.schema.SetList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the server accept OpenTelemetry metrics at {@code /api/v1/otlp/v1/metrics} (Prometheus documentation, "Using
 * Prometheus as your OpenTelemetry backend"). From Prometheus 2.47.
 *
 * @param translation How names are translated. Default: {@code UnderscoreEscapingWithSuffixes}. From Prometheus 3.0.
 * @param promoteResourceAttributes Attributes of the resource that become labels. From Prometheus 2.55.
 * @param promoteAllResourceAttributes Whether all of them become labels. Default: false. From Prometheus 3.5.
 * @param ignoreResourceAttributes Attributes that don't, with {@code promoteAllResourceAttributes}. From Prometheus 3.5.
 * @param keepIdentifyingResourceAttributes Whether {@code service.name}, {@code service.namespace} and {@code
 *     service.instance.id} stay attributes, too. Default: false. From Prometheus 3.1.
 * @param convertHistograms Whether explicit histograms become native ones with custom buckets. Default: false. From
 *     Prometheus 3.4.
 * @param promoteScopeMetadata Whether the scope's name, version and attributes become labels. Default: false. From
 *     Prometheus 3.6.
 */
@ValidationRule(
        value =
                "!has(self.promoteResourceAttributes) || !(has(self.promoteAllResourceAttributes) && self.promoteAllResourceAttributes)",
        message = "set either promoteResourceAttributes or promoteAllResourceAttributes")
@ValidationRule(
        value =
                "!has(self.ignoreResourceAttributes) || (has(self.promoteAllResourceAttributes) && self.promoteAllResourceAttributes)",
        message = "ignoreResourceAttributes needs promoteAllResourceAttributes: true")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Otlp(
        @Nullable OtlpTranslation translation,
        @SetList List<@Size(min = 1, max = 256) String> promoteResourceAttributes,
        @Nullable Boolean promoteAllResourceAttributes,
        @SetList List<@Size(min = 1, max = 256) String> ignoreResourceAttributes,
        @Nullable Boolean keepIdentifyingResourceAttributes,
        @Nullable Boolean convertHistograms,
        @Nullable Boolean promoteScopeMetadata) {
    public Otlp {
        promoteResourceAttributes = Immutable.list(promoteResourceAttributes);
        ignoreResourceAttributes = Immutable.list(ignoreResourceAttributes);
    }
}
