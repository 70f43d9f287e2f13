package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.MapList;
import io.narthex.api.schema.PrometheusDuration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Containers of a Docker daemon (Prometheus documentation, {@code <docker_sd_config>}). A container without an exposed
 * port gets that of the Monitor's endpoint, or else 80. Not served by this release: a Monitor that uses it is refused
 * (NX1201).
 *
 * @param host The daemon's address, such as {@code unix:///var/run/docker.sock} or {@code tcp://127.0.0.1:2375}.
 * @param hostNetworkingHost The address of containers in the host's network. Default: {@code localhost}.
 * @param matchFirstNetwork Whether only the first network of a container counts. Default: true. From Prometheus 2.54.
 * @param filters Filters that Docker applies.
 * @param refreshInterval How often to ask. Default: {@code 60s}.
 * @param auth How Prometheus authenticates to it.
 * @param tls The settings of TLS.
 * @param proxy The proxy to go through.
 * @param headers Headers to send. From Prometheus 2.55.
 * @param followRedirects Whether to follow redirects. Default: true.
 * @param enableHttp2 Whether to offer HTTP/2. Default: true.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DockerSource(
        @Required @Pattern("^(unix|tcp|https?)://.+$") @Size(min = 1, max = 2048)
        String host,

        @Size(min = 1, max = 253) @Nullable String hostNetworkingHost,
        @Nullable Boolean matchFirstNetwork,
        @MapList("name") List<DiscoveryFilter> filters,
        @PrometheusDuration @Nullable String refreshInterval,
        @Nullable Auth auth,
        @Nullable Tls tls,
        @Nullable Proxy proxy,
        @MapList("name") List<Header> headers,
        @Nullable Boolean followRedirects,
        @Nullable Boolean enableHttp2)
        implements HttpClientSettings {
    public DockerSource {
        Objects.requireNonNull(host, "host");
        filters = Immutable.list(filters);
        headers = Immutable.list(headers);
    }
}
