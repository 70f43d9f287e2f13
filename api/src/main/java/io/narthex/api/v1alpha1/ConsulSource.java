package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.MapList;
import io.narthex.api.schema.PrometheusDuration;
import io.narthex.api.schema.SetList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Services in Consul's catalog (Prometheus documentation, {@code <consul_sd_config>}). An ACL token is given as {@code
 * auth.authorization}. Not served by this release: a Monitor that uses it is
 * refused (NX1201).
 *
 * @param server Consul's address, {@code HOST:PORT}. Default: {@code localhost:8500}.
 * @param scheme The scheme. Default: {@code http}.
 * @param pathPrefix The path before Consul's API. From Prometheus 2.45.
 * @param datacenter The data center. Default: that of the agent.
 * @param namespace The namespace; Consul Enterprise only.
 * @param partition The admin partition; Consul Enterprise only.
 * @param services The services' names. Absent for all.
 * @param tags Tags that an instance must have, all of them.
 * @param nodeMeta Metadata that a node must have.
 * @param tagSeparator What stands between the tags in the label {@code __meta_consul_tags}. Default: {@code ,}.
 * @param filter A filter of the catalog's API. From Prometheus 3.0.
 * @param healthFilter A filter of the health API. From Prometheus 3.11.
 * @param allowStale Whether any server may answer, not the leader only. Default: true.
 * @param refreshInterval How often to ask. Default: {@code 30s}.
 * @param auth How Prometheus authenticates to it.
 * @param tls The settings of TLS.
 * @param proxy The proxy to go through.
 * @param headers Headers to send. From Prometheus 2.55.
 * @param followRedirects Whether to follow redirects. Default: true.
 * @param enableHttp2 Whether to offer HTTP/2. Default: true.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ConsulSource(
        @Size(min = 1, max = 512) @Nullable String server,
        @Nullable Scheme scheme,
        @Size(min = 1, max = 1024) @Nullable String pathPrefix,
        @Size(min = 1, max = 256) @Nullable String datacenter,
        @Size(min = 1, max = 256) @Nullable String namespace,
        @Size(min = 1, max = 256) @Nullable String partition,
        @SetList @Size(max = 256) List<@Size(min = 1, max = 256) String> services,
        @SetList List<@Size(min = 1, max = 256) String> tags,
        Map<String, @Size(max = 1024) String> nodeMeta,
        @Size(min = 1, max = 16) @Nullable String tagSeparator,
        @Size(min = 1, max = 4096) @Nullable String filter,
        @Size(min = 1, max = 4096) @Nullable String healthFilter,
        @Nullable Boolean allowStale,
        @PrometheusDuration @Nullable String refreshInterval,
        @Nullable Auth auth,
        @Nullable Tls tls,
        @Nullable Proxy proxy,
        @MapList("name") List<Header> headers,
        @Nullable Boolean followRedirects,
        @Nullable Boolean enableHttp2)
        implements HttpClientSettings {
    public ConsulSource {
        services = Immutable.list(services);
        tags = Immutable.list(tags);
        nodeMeta = Immutable.map(nodeMeta);
        headers = Immutable.list(headers);
    }
}
