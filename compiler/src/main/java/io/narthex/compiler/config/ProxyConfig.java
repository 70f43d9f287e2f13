package io.narthex.compiler.config;

import io.narthex.compiler.config.value.HttpUrl;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The proxy of a client of HTTP (Prometheus documentation, "http_config").
 *
 * @param url the proxy; not together with {@code fromEnvironment}
 * @param noProxy what is reached without it: a comma-separated list of hosts, domains, networks; needs {@code url};
 *     from 2.43 on
 * @param fromEnvironment whether the variables HTTP_PROXY, HTTPS_PROXY, NO_PROXY of the process count; from 2.43 on
 * @param connectHeader headers sent to the proxy with CONNECT; readable in the configuration, so no secrets
 */
public record ProxyConfig(
        @Nullable HttpUrl url,
        @Nullable String noProxy,
        @Nullable Boolean fromEnvironment,
        Map<String, List<String>> connectHeader)
        implements Part {

    public ProxyConfig {
        connectHeader = Ordered.lists(connectHeader);
    }

    /** Nothing set. */
    public static final ProxyConfig NONE = builder().build();

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.PROXY_PROXY_URL, url);
        out.write(ConfigField.PROXY_NO_PROXY, noProxy);
        out.write(ConfigField.PROXY_PROXY_FROM_ENVIRONMENT, fromEnvironment);
        out.write(ConfigField.PROXY_PROXY_CONNECT_HEADER, connectHeader);
    }

    /** Gathers the components of a {@link ProxyConfig}. */
    public static final class Builder {

        private @Nullable HttpUrl url;
        private @Nullable String noProxy;
        private @Nullable Boolean fromEnvironment;
        private Map<String, List<String>> connectHeader = Map.of();

        private Builder() {}

        /** Sets the proxy. */
        public Builder url(@Nullable HttpUrl url) {
            this.url = url;
            return this;
        }

        /** Sets what is reached without it: a comma-separated list of hosts, domains, networks. */
        public Builder noProxy(@Nullable String noProxy) {
            this.noProxy = noProxy;
            return this;
        }

        /** Sets whether the variables HTTP_PROXY, HTTPS_PROXY, NO_PROXY of the process count. */
        public Builder fromEnvironment(@Nullable Boolean fromEnvironment) {
            this.fromEnvironment = fromEnvironment;
            return this;
        }

        /** Sets headers sent to the proxy with CONNECT. */
        public Builder connectHeader(Map<String, List<String>> connectHeader) {
            this.connectHeader = connectHeader;
            return this;
        }

        /** Returns the whole. */
        public ProxyConfig build() {
            return new ProxyConfig(url, noProxy, fromEnvironment, connectHeader);
        }
    }
}
