package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.DnsLabel;
import io.narthex.api.schema.MapList;
import io.narthex.api.schema.ResourceName;
import java.util.List;
import java.util.Objects;

/**
 * What became of a Monitor in one server.
 *
 * @param namespace The PrometheusServer's namespace.
 * @param name The PrometheusServer's name.
 * @param conditions The aspects {@code Accepted}, {@code Loaded} and {@code TargetsHealthy}.
 * @param jobs The scrape jobs that it became.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MonitorServerStatus(
        @Required @DnsLabel String namespace,
        @Required @ResourceName String name,
        @MapList("type") @Size(max = 16) List<Condition> conditions,
        @MapList("endpoint") @Size(max = 32) List<JobStatus> jobs) {
    public MonitorServerStatus {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
        conditions = Immutable.list(conditions);
        jobs = Immutable.list(jobs);
    }
}
