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
 * Docker's API of a Swarm manager (Prometheus documentation, {@code <dockerswarm_sd_config>}). A target without a
 * published port gets that of the Monitor's endpoint, or else 80. Not served by this release: a Monitor that uses it is
 * refused (NX1201).
 *
 * @param host The API's address, such as {@code unix:///var/run/docker.sock} or {@code tcp://127.0.0.1:2375}.
 * @param role What to ask for.
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
public record SwarmApi(
        @Required @Pattern("^(unix|tcp|https?)://.+$") @Size(min = 1, max = 2048)
        String host,

        @Required SwarmRole role,
        @MapList("name") List<DiscoveryFilter> filters,
        @PrometheusDuration @Nullable String refreshInterval,
        @Nullable Auth auth,
        @Nullable Tls tls,
        @Nullable Proxy proxy,
        @MapList("name") List<Header> headers,
        @Nullable Boolean followRedirects,
        @Nullable Boolean enableHttp2)
        implements HttpClientSettings {
    public SwarmApi {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(role, "role");
        filters = Immutable.list(filters);
        headers = Immutable.list(headers);
    }
}
