package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.MapList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a PrometheusServer.
 *
 * @param observedGeneration The generation of the resource that this is about.
 * @param conditions The aspects {@code Ready}, {@code ConfigAccepted}, {@code ConfigLoaded}, {@code StorageReady} and
 *     {@code Progressing}; of a server with alertmanagers also {@code AlertmanagersDiscovered}.
 * @param version The release of Prometheus that runs.
 * @param configGeneration The configuration that all replicas were last seen to have loaded.
 * @param replicas How many replicas there are.
 * @param readyReplicas How many of them are ready.
 * @param monitors How many Monitors the server took.
 * @param ruleSets How many RuleSets the server took.
 * @param jobs How many scrape jobs these became.
 * @param targets How many targets it scrapes.
 * @param alertmanagers How many Alertmanagers Prometheus has discovered, by all entries of {@code alertmanagers}
 *     together. Absent where none is declared.
 * @param seesAllNamespaces Whether it may take resources and discover targets of every namespace. If not, it may of its
 *     own and of those that agree by their label.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PrometheusServerStatus(
        @Min(0) @Max(9007199254740991L) @Nullable Long observedGeneration,
        @MapList("type") @Size(max = 16) List<Condition> conditions,
        @Size(max = 64) @Nullable String version,
        @Size(max = 64) @Nullable String configGeneration,
        @Min(0) @Max(2147483647) @Nullable Integer replicas,
        @Min(0) @Max(2147483647) @Nullable Integer readyReplicas,
        @Min(0) @Max(2147483647) @Nullable Integer monitors,
        @Min(0) @Max(2147483647) @Nullable Integer ruleSets,
        @Min(0) @Max(2147483647) @Nullable Integer jobs,
        @Nullable TargetCounts targets,
        @Min(0) @Max(2147483647) @Nullable Integer alertmanagers,
        @Nullable Boolean seesAllNamespaces) {
    public PrometheusServerStatus {
        conditions = Immutable.list(conditions);
    }
}
