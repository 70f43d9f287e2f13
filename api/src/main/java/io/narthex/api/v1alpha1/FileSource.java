package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.PrometheusDuration;
import io.narthex.api.schema.SetList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files that list targets, in JSON or YAML (Prometheus documentation, {@code <file_sd_config>}). Refused for Monitors
 * of others unless the PrometheusServer's {@code tenancy.allowFileAccess} permits it.
 *
 * @param files The files, by their paths where Prometheus runs; a relative path starts at the folder of the resources,
 *     for {@code narthex run} only. The last part may hold one {@code *}. They end in .json, .yml or .yaml.
 * @param refreshInterval How often to read them even though nothing seemed to change. Default: {@code 5m}.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record FileSource(
        @Required @Size(min = 1, max = 64) @SetList
        List<@Pattern("^[^*]*(\\*[^/]*)?\\.(json|yml|yaml|JSON|YML|YAML)$") @Size(min = 1, max = 4096) String> files,

        @PrometheusDuration @Nullable String refreshInterval) {
    public FileSource {
        files = Immutable.list(files);
    }
}
