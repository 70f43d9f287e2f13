package io.narthex.compiler.config;

import io.narthex.compiler.config.value.HttpUrl;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Targets from the Kubernetes API ("kubernetes_sd_config" of the Prometheus documentation).
 *
 * @param apiServer the API server; the cluster's own where not given
 * @param role which objects become targets
 * @param kubeconfigFile the path of a kubeconfig; not together with the API server
 * @param namespaces where to look; everywhere where not given
 * @param selectors which objects to watch
 * @param attachMetadata metadata of other objects to attach
 * @param http how the API server is requested; with {@code apiServer} only
 */
public record KubernetesSdConfig(
        @Nullable HttpUrl apiServer,
        KubernetesRole role,
        @Nullable String kubeconfigFile,
        @Nullable KubernetesNamespaces namespaces,
        List<KubernetesSelector> selectors,
        @Nullable KubernetesAttachMetadata attachMetadata,
        HttpClientConfig http)
        implements ServiceDiscovery {

    public KubernetesSdConfig {
        selectors = List.copyOf(selectors);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ConfigField list() {
        return ConfigField.SD_KUBERNETES_SD_CONFIGS;
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.K8S_SD_API_SERVER, apiServer);
        out.write(ConfigField.K8S_SD_ROLE, role);
        out.write(ConfigField.K8S_SD_KUBECONFIG_FILE, kubeconfigFile);
        out.write(ConfigField.K8S_SD_NAMESPACES, namespaces);
        out.write(ConfigField.K8S_SD_SELECTORS, selectors);
        out.write(ConfigField.K8S_SD_ATTACH_METADATA, attachMetadata);
        http.writeTo(out);
    }

    /** Gathers the components of a {@link KubernetesSdConfig}. */
    public static final class Builder {

        private @Nullable HttpUrl apiServer;
        private @Nullable KubernetesRole role;
        private @Nullable String kubeconfigFile;
        private @Nullable KubernetesNamespaces namespaces;
        private List<KubernetesSelector> selectors = List.of();
        private @Nullable KubernetesAttachMetadata attachMetadata;
        private HttpClientConfig http = HttpClientConfig.NONE;

        private Builder() {}

        /** Sets the API server. */
        public Builder apiServer(@Nullable HttpUrl apiServer) {
            this.apiServer = apiServer;
            return this;
        }

        /** Sets which objects become targets. */
        public Builder role(KubernetesRole role) {
            this.role = role;
            return this;
        }

        /** Sets the path of a kubeconfig. */
        public Builder kubeconfigFile(@Nullable String kubeconfigFile) {
            this.kubeconfigFile = kubeconfigFile;
            return this;
        }

        /** Sets where to look. */
        public Builder namespaces(@Nullable KubernetesNamespaces namespaces) {
            this.namespaces = namespaces;
            return this;
        }

        /** Sets which objects to watch. */
        public Builder selectors(List<KubernetesSelector> selectors) {
            this.selectors = selectors;
            return this;
        }

        /** Sets metadata of other objects to attach. */
        public Builder attachMetadata(@Nullable KubernetesAttachMetadata attachMetadata) {
            this.attachMetadata = attachMetadata;
            return this;
        }

        /** Sets how the API server is requested. */
        public Builder http(HttpClientConfig http) {
            this.http = http;
            return this;
        }

        /** Returns the whole. */
        public KubernetesSdConfig build() {
            return new KubernetesSdConfig(
                    apiServer,
                    Objects.requireNonNull(role, "role"),
                    kubeconfigFile,
                    namespaces,
                    selectors,
                    attachMetadata,
                    http);
        }
    }
}
