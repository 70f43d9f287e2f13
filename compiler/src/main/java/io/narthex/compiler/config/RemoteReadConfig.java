package io.narthex.compiler.config;

import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.config.value.PrometheusDuration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One storage that queries reach ("remote_read" of the Prometheus documentation).
 *
 * @param url where it is
 * @param name its name in metrics and logs; unique
 * @param remoteTimeout how long a request may take; 1m where not given
 * @param staticHeaders further headers; readable in the configuration, so no secrets
 * @param readRecent whether it is asked for what the local storage has, too
 * @param requiredMatchers labels that a selector must ask for
 * @param filterExternalLabels whether external labels select; true where not given
 * @param http how it is requested
 */
public record RemoteReadConfig(
        HttpUrl url,
        @Nullable String name,
        @Nullable PrometheusDuration remoteTimeout,
        Map<String, String> staticHeaders,
        @Nullable Boolean readRecent,
        Map<String, String> requiredMatchers,
        @Nullable Boolean filterExternalLabels,
        HttpClientConfig http)
        implements Part {

    public RemoteReadConfig {
        staticHeaders = Ordered.map(staticHeaders);
        requiredMatchers = Ordered.map(requiredMatchers);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.REMOTE_READ_URL, url);
        out.write(ConfigField.REMOTE_READ_NAME, name);
        out.write(ConfigField.REMOTE_READ_REMOTE_TIMEOUT, remoteTimeout);
        out.write(ConfigField.REMOTE_READ_HEADERS, staticHeaders);
        out.write(ConfigField.REMOTE_READ_READ_RECENT, readRecent);
        out.write(ConfigField.REMOTE_READ_REQUIRED_MATCHERS, requiredMatchers);
        out.write(ConfigField.REMOTE_READ_FILTER_EXTERNAL_LABELS, filterExternalLabels);
        http.writeTo(out);
    }

    /** Gathers the components of a {@link RemoteReadConfig}. */
    public static final class Builder {

        private @Nullable HttpUrl url;
        private @Nullable String name;
        private @Nullable PrometheusDuration remoteTimeout;
        private Map<String, String> staticHeaders = Map.of();
        private @Nullable Boolean readRecent;
        private Map<String, String> requiredMatchers = Map.of();
        private @Nullable Boolean filterExternalLabels;
        private HttpClientConfig http = HttpClientConfig.NONE;

        private Builder() {}

        /** Sets where it is. */
        public Builder url(HttpUrl url) {
            this.url = url;
            return this;
        }

        /** Sets its name in metrics and logs. */
        public Builder name(@Nullable String name) {
            this.name = name;
            return this;
        }

        /** Sets how long a request may take. */
        public Builder remoteTimeout(@Nullable PrometheusDuration remoteTimeout) {
            this.remoteTimeout = remoteTimeout;
            return this;
        }

        /** Sets further headers. */
        public Builder staticHeaders(Map<String, String> staticHeaders) {
            this.staticHeaders = staticHeaders;
            return this;
        }

        /** Sets whether it is asked for what the local storage has, too. */
        public Builder readRecent(@Nullable Boolean readRecent) {
            this.readRecent = readRecent;
            return this;
        }

        /** Sets labels that a selector must ask for. */
        public Builder requiredMatchers(Map<String, String> requiredMatchers) {
            this.requiredMatchers = requiredMatchers;
            return this;
        }

        /** Sets whether external labels select. */
        public Builder filterExternalLabels(@Nullable Boolean filterExternalLabels) {
            this.filterExternalLabels = filterExternalLabels;
            return this;
        }

        /** Sets how it is requested. */
        public Builder http(HttpClientConfig http) {
            this.http = http;
            return this;
        }

        /** Returns the whole. */
        public RemoteReadConfig build() {
            return new RemoteReadConfig(
                    Objects.requireNonNull(url, "url"),
                    name,
                    remoteTimeout,
                    staticHeaders,
                    readRecent,
                    requiredMatchers,
                    filterExternalLabels,
                    http);
        }
    }
}
