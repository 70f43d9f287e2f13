package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusDuration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where traces of Prometheus itself go ("tracing" of the Prometheus documentation).
 *
 * @param clientType {@code grpc}, as where not given, or {@code http}
 * @param endpoint host and port
 * @param samplingFraction the part that is traced, 0 to 1
 * @param insecure whether TLS is left out
 * @param tls trust
 * @param headers further headers; readable in the configuration, so no secrets
 * @param compression {@code gzip}, or nothing
 * @param timeout how long a request may take
 */
public record TracingConfig(
        @Nullable String clientType,
        String endpoint,
        @Nullable Double samplingFraction,
        @Nullable Boolean insecure,
        @Nullable TlsConfig tls,
        Map<String, String> headers,
        @Nullable String compression,
        @Nullable PrometheusDuration timeout)
        implements Part {

    public TracingConfig {
        headers = Ordered.map(headers);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.TRACING_CLIENT_TYPE, clientType);
        out.write(ConfigField.TRACING_ENDPOINT, endpoint);
        out.write(ConfigField.TRACING_SAMPLING_FRACTION, samplingFraction);
        out.write(ConfigField.TRACING_INSECURE, insecure);
        out.write(ConfigField.TRACING_TLS_CONFIG, tls);
        out.write(ConfigField.TRACING_HEADERS, headers);
        out.write(ConfigField.TRACING_COMPRESSION, compression);
        out.write(ConfigField.TRACING_TIMEOUT, timeout);
    }

    /** Gathers the components of a {@link TracingConfig}. */
    public static final class Builder {

        private @Nullable String clientType;
        private @Nullable String endpoint;
        private @Nullable Double samplingFraction;
        private @Nullable Boolean insecure;
        private @Nullable TlsConfig tls;
        private Map<String, String> headers = Map.of();
        private @Nullable String compression;
        private @Nullable PrometheusDuration timeout;

        private Builder() {}

        /** Sets {@code grpc}, as where not given, or {@code http}. */
        public Builder clientType(@Nullable String clientType) {
            this.clientType = clientType;
            return this;
        }

        /** Sets host and port. */
        public Builder endpoint(String endpoint) {
            this.endpoint = endpoint;
            return this;
        }

        /** Sets the part that is traced, 0 to 1. */
        public Builder samplingFraction(@Nullable Double samplingFraction) {
            this.samplingFraction = samplingFraction;
            return this;
        }

        /** Sets whether TLS is left out. */
        public Builder insecure(@Nullable Boolean insecure) {
            this.insecure = insecure;
            return this;
        }

        /** Sets trust. */
        public Builder tls(@Nullable TlsConfig tls) {
            this.tls = tls;
            return this;
        }

        /** Sets further headers. */
        public Builder headers(Map<String, String> headers) {
            this.headers = headers;
            return this;
        }

        /** Sets {@code gzip}, or nothing. */
        public Builder compression(@Nullable String compression) {
            this.compression = compression;
            return this;
        }

        /** Sets how long a request may take. */
        public Builder timeout(@Nullable PrometheusDuration timeout) {
            this.timeout = timeout;
            return this;
        }

        /** Returns the whole. */
        public TracingConfig build() {
            return new TracingConfig(
                    clientType,
                    Objects.requireNonNull(endpoint, "endpoint"),
                    samplingFraction,
                    insecure,
                    tls,
                    headers,
                    compression,
                    timeout);
        }
    }
}
