package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusDuration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Targets from the Docker Swarm API ("dockerswarm_sd_config" of the Prometheus documentation).
 *
 * @param host the daemon, such as {@code unix:///var/run/docker.sock}
 * @param role which objects become targets
 * @param port the port of nodes, and of services and tasks that publish none
 * @param filters which objects to ask for
 * @param refreshInterval how often; 1m where not given
 * @param http how the daemon is requested
 */
public record DockerSwarmSdConfig(
        String host,
        SwarmRole role,
        @Nullable Long port,
        List<DockerFilter> filters,
        @Nullable PrometheusDuration refreshInterval,
        HttpClientConfig http)
        implements ServiceDiscovery {

    public DockerSwarmSdConfig {
        filters = List.copyOf(filters);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ConfigField list() {
        return ConfigField.SD_DOCKERSWARM_SD_CONFIGS;
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.SWARM_SD_HOST, host);
        out.write(ConfigField.SWARM_SD_ROLE, role);
        out.write(ConfigField.SWARM_SD_PORT, port);
        out.write(ConfigField.SWARM_SD_FILTERS, filters);
        out.write(ConfigField.SWARM_SD_REFRESH_INTERVAL, refreshInterval);
        http.writeTo(out);
    }

    /** Gathers the components of a {@link DockerSwarmSdConfig}. */
    public static final class Builder {

        private @Nullable String host;
        private @Nullable SwarmRole role;
        private @Nullable Long port;
        private List<DockerFilter> filters = List.of();
        private @Nullable PrometheusDuration refreshInterval;
        private HttpClientConfig http = HttpClientConfig.NONE;

        private Builder() {}

        /** Sets the daemon, such as {@code unix:///var/run/docker.sock}. */
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /** Sets which objects become targets. */
        public Builder role(SwarmRole role) {
            this.role = role;
            return this;
        }

        /** Sets the port of nodes, and of services and tasks that publish none. */
        public Builder port(@Nullable Long port) {
            this.port = port;
            return this;
        }

        /** Sets which objects to ask for. */
        public Builder filters(List<DockerFilter> filters) {
            this.filters = filters;
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
        public DockerSwarmSdConfig build() {
            return new DockerSwarmSdConfig(
                    Objects.requireNonNull(host, "host"),
                    Objects.requireNonNull(role, "role"),
                    port,
                    filters,
                    refreshInterval,
                    http);
        }
    }
}
