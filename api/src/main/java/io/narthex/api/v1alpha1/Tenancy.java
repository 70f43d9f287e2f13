package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.LabelName;
import io.narthex.api.schema.PrometheusDuration;
import io.narthex.api.schema.SetList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Monitors and RuleSets may do that aren't of the server's own namespace; {@code allowFileAccess} counts for all.
 *
 * @param allowFileAccess Whether resources may name files that Prometheus reads. Default: only for {@code narthex run},
 *     and only files of targets within the folder of the resources.
 * @param allowedSources The sources that such Monitors may use. Absent for all.
 * @param ownNamespaceOnly Whether their sources {@code service}, {@code pod} and {@code ingress} may look into the
 *     Monitor's own namespace only.
 * @param enforcedLabels Labels that all their targets, samples and alerts get, whatever they say themselves, and to
 *     which their rules are confined.
 * @param namespaceLabel The label that is enforced likewise with the resource's namespace as its value.
 * @param overrideHonorLabels Whether {@code honorLabels} is ignored.
 * @param overrideHonorTimestamps Whether timestamps that targets give are ignored.
 * @param minScrapeInterval The shortest interval at which they may be scraped.
 * @param minEvaluationInterval The shortest interval at which groups of their rules may be evaluated.
 * @param limits Limits that they can lower but not exceed.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Tenancy(
        @Nullable Boolean allowFileAccess,
        @SetList @Size(max = 16) List<SourceKind> allowedSources,
        boolean ownNamespaceOnly,
        Map<String, @Size(max = 1024) String> enforcedLabels,
        @LabelName @Nullable String namespaceLabel,
        boolean overrideHonorLabels,
        boolean overrideHonorTimestamps,
        @PrometheusDuration @Nullable String minScrapeInterval,
        @PrometheusDuration @Nullable String minEvaluationInterval,
        @Nullable ScrapeLimits limits) {
    public Tenancy {
        allowedSources = Immutable.list(allowedSources);
        enforcedLabels = Immutable.map(enforcedLabels);
    }
}
