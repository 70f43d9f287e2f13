package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusDuration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group of Alertmanagers ("alertmanager_config" of the Prometheus documentation).
 *
 * @param scheme the scheme of the URL, with or without TLS; without where not given
 * @param pathPrefix what stands before the path of their API
 * @param timeout how long a request may take; 10s where not given
 * @param apiVersion {@code v2}, as where not given
 * @param http how they are requested
 * @param sigv4 AWS's signatures; from 2.48 on
 * @param discovery where they are
 * @param relabelConfigs relabeling of the Alertmanagers found
 * @param alertRelabelConfigs relabeling of alerts for this group; from 2.51 on
 */
public record AlertmanagerConfig(
        @Nullable String scheme,
        @Nullable String pathPrefix,
        @Nullable PrometheusDuration timeout,
        @Nullable String apiVersion,
        HttpClientConfig http,
        @Nullable SigV4Config sigv4,
        List<ServiceDiscovery> discovery,
        List<RelabelConfig> relabelConfigs,
        List<RelabelConfig> alertRelabelConfigs)
        implements Part {

    public AlertmanagerConfig {
        discovery = List.copyOf(discovery);
        relabelConfigs = List.copyOf(relabelConfigs);
        alertRelabelConfigs = List.copyOf(alertRelabelConfigs);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.ALERTMANAGER_SCHEME, scheme);
        out.write(ConfigField.ALERTMANAGER_PATH_PREFIX, pathPrefix);
        out.write(ConfigField.ALERTMANAGER_TIMEOUT, timeout);
        out.write(ConfigField.ALERTMANAGER_API_VERSION, apiVersion);
        http.writeTo(out);
        out.write(ConfigField.ALERTMANAGER_SIGV4, sigv4);
        ServiceDiscovery.writeTo(out, discovery);
        out.write(ConfigField.ALERTMANAGER_RELABEL_CONFIGS, relabelConfigs);
        out.write(ConfigField.ALERTMANAGER_ALERT_RELABEL_CONFIGS, alertRelabelConfigs);
    }

    /** Gathers the components of a {@link AlertmanagerConfig}. */
    public static final class Builder {

        private @Nullable String scheme;
        private @Nullable String pathPrefix;
        private @Nullable PrometheusDuration timeout;
        private @Nullable String apiVersion;
        private HttpClientConfig http = HttpClientConfig.NONE;
        private @Nullable SigV4Config sigv4;
        private List<ServiceDiscovery> discovery = List.of();
        private List<RelabelConfig> relabelConfigs = List.of();
        private List<RelabelConfig> alertRelabelConfigs = List.of();

        private Builder() {}

        /** Sets the scheme of the URL, with or without TLS. */
        public Builder scheme(@Nullable String scheme) {
            this.scheme = scheme;
            return this;
        }

        /** Sets what stands before the path of their API. */
        public Builder pathPrefix(@Nullable String pathPrefix) {
            this.pathPrefix = pathPrefix;
            return this;
        }

        /** Sets how long a request may take. */
        public Builder timeout(@Nullable PrometheusDuration timeout) {
            this.timeout = timeout;
            return this;
        }

        /** Sets {@code v2}, as where not given. */
        public Builder apiVersion(@Nullable String apiVersion) {
            this.apiVersion = apiVersion;
            return this;
        }

        /** Sets how they are requested. */
        public Builder http(HttpClientConfig http) {
            this.http = http;
            return this;
        }

        /** Sets AWS's signatures. */
        public Builder sigv4(@Nullable SigV4Config sigv4) {
            this.sigv4 = sigv4;
            return this;
        }

        /** Sets where they are. */
        public Builder discovery(List<ServiceDiscovery> discovery) {
            this.discovery = discovery;
            return this;
        }

        /** Sets relabeling of the Alertmanagers found. */
        public Builder relabelConfigs(List<RelabelConfig> relabelConfigs) {
            this.relabelConfigs = relabelConfigs;
            return this;
        }

        /** Sets relabeling of alerts for this group. */
        public Builder alertRelabelConfigs(List<RelabelConfig> alertRelabelConfigs) {
            this.alertRelabelConfigs = alertRelabelConfigs;
            return this;
        }

        /** Returns the whole. */
        public AlertmanagerConfig build() {
            return new AlertmanagerConfig(
                    scheme,
                    pathPrefix,
                    timeout,
                    apiVersion,
                    http,
                    sigv4,
                    discovery,
                    relabelConfigs,
                    alertRelabelConfigs);
        }
    }
}
