package io.narthex.compiler.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How Prometheus makes requests: the part that scraping, service discovery, alerting and remote storage share
 * ("http_config" of the Prometheus documentation).
 *
 * @param basicAuth a user and password
 * @param authorization the header Authorization
 * @param oauth2 tokens of OAuth 2.0
 * @param tls trust
 * @param proxy the proxy
 * @param followRedirects whether redirects are followed; true where not given
 * @param enableHttp2 whether HTTP/2 is used; Prometheus decides where not given
 * @param headers further headers by name; from 2.55 on
 */
public record HttpClientConfig(
        @Nullable BasicAuthConfig basicAuth,
        @Nullable AuthorizationConfig authorization,
        @Nullable OAuth2Config oauth2,
        @Nullable TlsConfig tls,
        ProxyConfig proxy,
        @Nullable Boolean followRedirects,
        @Nullable Boolean enableHttp2,
        Map<String, HeaderConfig> headers)
        implements Part {

    public HttpClientConfig {
        headers = Ordered.map(headers);
    }

    /** Plain requests: no credentials, the system's trust, no proxy. */
    public static final HttpClientConfig NONE = builder().build();

    /** Returns whether requests carry credentials that belong to one server. */
    public boolean hasCredentials() {
        return basicAuth != null
                || authorization != null
                || oauth2 != null
                || headers.values().stream().anyMatch(header -> !header.files().isEmpty());
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.HTTP_BASIC_AUTH, basicAuth);
        out.write(ConfigField.HTTP_AUTHORIZATION, authorization);
        out.write(ConfigField.HTTP_OAUTH2, oauth2);
        out.write(ConfigField.HTTP_TLS_CONFIG, tls);
        proxy.writeTo(out);
        out.write(ConfigField.HTTP_FOLLOW_REDIRECTS, out.followRedirects(this));
        out.write(ConfigField.HTTP_ENABLE_HTTP2, enableHttp2);
        out.write(ConfigField.HTTP_HTTP_HEADERS, headers);
    }

    /** Gathers the components of a {@link HttpClientConfig}. */
    public static final class Builder {

        private @Nullable BasicAuthConfig basicAuth;
        private @Nullable AuthorizationConfig authorization;
        private @Nullable OAuth2Config oauth2;
        private @Nullable TlsConfig tls;
        private ProxyConfig proxy = ProxyConfig.NONE;
        private @Nullable Boolean followRedirects;
        private @Nullable Boolean enableHttp2;
        private Map<String, HeaderConfig> headers = Map.of();

        private Builder() {}

        /** Sets a user and password. */
        public Builder basicAuth(@Nullable BasicAuthConfig basicAuth) {
            this.basicAuth = basicAuth;
            return this;
        }

        /** Sets the header Authorization. */
        public Builder authorization(@Nullable AuthorizationConfig authorization) {
            this.authorization = authorization;
            return this;
        }

        /** Sets tokens of OAuth 2.0. */
        public Builder oauth2(@Nullable OAuth2Config oauth2) {
            this.oauth2 = oauth2;
            return this;
        }

        /** Sets trust. */
        public Builder tls(@Nullable TlsConfig tls) {
            this.tls = tls;
            return this;
        }

        /** Sets the proxy. */
        public Builder proxy(ProxyConfig proxy) {
            this.proxy = proxy;
            return this;
        }

        /** Sets whether redirects are followed. */
        public Builder followRedirects(@Nullable Boolean followRedirects) {
            this.followRedirects = followRedirects;
            return this;
        }

        /** Sets whether HTTP/2 is used. */
        public Builder enableHttp2(@Nullable Boolean enableHttp2) {
            this.enableHttp2 = enableHttp2;
            return this;
        }

        /** Sets further headers by name. */
        public Builder headers(Map<String, HeaderConfig> headers) {
            this.headers = headers;
            return this;
        }

        /** Returns the whole. */
        public HttpClientConfig build() {
            return new HttpClientConfig(
                    basicAuth, authorization, oauth2, tls, proxy, followRedirects, enableHttp2, headers);
        }
    }
}
