package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.MapList;
import io.narthex.api.schema.PrometheusDuration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Instances of Amazon EC2 (Prometheus documentation, {@code <ec2_sd_config>}). The port is that of the Monitor's
 * endpoint, or else 80. The keys come from where the AWS SDK finds them: a role of the workload, environment variables,
 * a shared credentials file. Not served by this release: a Monitor that uses it is refused (NX1201).
 *
 * @param region The region. Default: that of the instance on which Prometheus runs.
 * @param endpoint Another address of the API.
 * @param profile The profile of the shared credentials file.
 * @param roleArn A role to assume.
 * @param externalId The external identifier with which the role is assumed. From Prometheus 3.12.
 * @param filters Filters that EC2 applies.
 * @param refreshInterval How often to ask. Default: {@code 60s}.
 * @param tls The settings of TLS.
 * @param proxy The proxy to go through.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Ec2Source(
        @Size(min = 1, max = 64) @Nullable String region,
        @Size(min = 1, max = 2048) @Nullable String endpoint,
        @Size(min = 1, max = 256) @Nullable String profile,
        @Size(min = 1, max = 2048) @Nullable String roleArn,
        @Size(min = 1, max = 1224) @Nullable String externalId,
        @MapList("name") List<DiscoveryFilter> filters,
        @PrometheusDuration @Nullable String refreshInterval,
        @Nullable Tls tls,
        @Nullable Proxy proxy) {
    public Ec2Source {
        filters = Immutable.list(filters);
    }
}
