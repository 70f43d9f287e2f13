package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.MapList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What to scrape, and how.
 *
 * @param source Where the targets come from.
 * @param prober A blackbox exporter that probes the source's targets in place of Prometheus scraping them.
 * @param job The value of the label {@code job}. Default: the Monitor's name. Several Monitors may have the same.
 * @param jobLabelFrom The label of the discovered object, such as {@code app.kubernetes.io/name}, from which the label
 *     {@code job} is taken; for sources without objects, a label of the target. Where it is absent or empty, {@code
 *     job} holds.
 * @param labels Labels that every target gets. They lose against {@code relabelings}.
 * @param endpoints What to scrape of each target. Each becomes one scrape job. Absent for one endpoint {@code metrics}
 *     with defaults.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MonitorSpec(
        @Required Source source,
        @Nullable Prober prober,
        @Size(min = 1, max = 1024) @Nullable String job,
        @Size(min = 1, max = 316) @Nullable String jobLabelFrom,
        Map<String, @Size(max = 1024) String> labels,
        @MapList("name") @Size(max = 32) List<Endpoint> endpoints) {
    public MonitorSpec {
        Objects.requireNonNull(source, "source");
        labels = Immutable.map(labels);
        endpoints = Immutable.list(endpoints);
    }
}
