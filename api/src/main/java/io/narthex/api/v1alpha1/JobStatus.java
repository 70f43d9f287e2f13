package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.DnsLabel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of an endpoint.
 *
 * @param endpoint The endpoint's name.
 * @param job The scrape job's technical name in Prometheus, {@code scrape_pool} in its API.
 * @param targets How many targets it has.
 * @param lastError The last error of one of its targets, with the remedy where one is known.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JobStatus(
        @Required @DnsLabel String endpoint,
        @Size(max = 1024) @Nullable String job,
        @Nullable TargetCounts targets,
        @Size(max = 4096) @Nullable String lastError) {
    public JobStatus {
        Objects.requireNonNull(endpoint, "endpoint");
    }
}
