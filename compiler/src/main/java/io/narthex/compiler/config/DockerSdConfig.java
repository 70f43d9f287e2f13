package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusDuration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Targets from one Docker daemon ("docker_sd_config" of the Prometheus documentation).
 *
 * @param host the daemon, such as {@code unix:///var/run/docker.sock}
 * @param port the port of containers that publish none
 * @param filters which containers to ask for
 * @param hostNetworkingHost the host of containers in the host's network; localhost where not given
 * @param matchFirstNetwork whether only the first of several networks counts; true where not given; from 2.54 on
 * @param refreshInterval how often; 1m where not given
 * @param http how the daemon is requested
 */
public record DockerSdConfig(
        String host,
        @Nullable Long port,
        List<DockerFilter> filters,
        @Nullable String hostNetworkingHost,
        @Nullable Boolean matchFirstNetwork,
        @Nullable PrometheusDuration refreshInterval,
        HttpClientConfig http)
        implements ServiceDiscovery {

    public DockerSdConfig {
        filters = List.copyOf(filters);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ConfigField list() {
        return ConfigField.SD_DOCKER_SD_CONFIGS;
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.DOCKER_SD_HOST, host);
        out.write(ConfigField.DOCKER_SD_PORT, port);
        out.write(ConfigField.DOCKER_SD_FILTERS, filters);
        out.write(ConfigField.DOCKER_SD_HOST_NETWORKING_HOST, hostNetworkingHost);
        out.write(ConfigField.DOCKER_SD_MATCH_FIRST_NETWORK, matchFirstNetwork);
        out.write(ConfigField.DOCKER_SD_REFRESH_INTERVAL, refreshInterval);
        http.writeTo(out);
    }

    /** Gathers the components of a {@link DockerSdConfig}. */
    public static final class Builder {

        private @Nullable String host;
        private @Nullable Long port;
        private List<DockerFilter> filters = List.of();
        private @Nullable String hostNetworkingHost;
        private @Nullable Boolean matchFirstNetwork;
        private @Nullable PrometheusDuration refreshInterval;
        private HttpClientConfig http = HttpClientConfig.NONE;

        private Builder() {}

        /** Sets the daemon, such as {@code unix:///var/run/docker.sock}. */
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /** Sets the port of containers that publish none. */
        public Builder port(@Nullable Long port) {
            this.port = port;
            return this;
        }

        /** Sets which containers to ask for. */
        public Builder filters(List<DockerFilter> filters) {
            this.filters = filters;
            return this;
        }

        /** Sets the host of containers in the host's network. */
        public Builder hostNetworkingHost(@Nullable String hostNetworkingHost) {
            this.hostNetworkingHost = hostNetworkingHost;
            return this;
        }

        /** Sets whether only the first of several networks counts. */
        public Builder matchFirstNetwork(@Nullable Boolean matchFirstNetwork) {
            this.matchFirstNetwork = matchFirstNetwork;
            return this;
        }

        /** Sets how often. */
        public Builder refreshInterval(@Nullable PrometheusDuration refreshInterval) {
            this.refreshInterval = refreshInterval;
            return this;
        }

        /** Sets how the daemon is requested. */
        public Builder http(HttpClientConfig http) {
            this.http = http;
            return this;
        }

        /** Returns the whole. */
        public DockerSdConfig build() {
            return new DockerSdConfig(
                    Objects.requireNonNull(host, "host"),
                    port,
                    filters,
                    hostNetworkingHost,
                    matchFirstNetwork,
                    refreshInterval,
                    http);
        }
    }
}
