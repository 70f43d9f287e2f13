package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * How a client of HTTP trusts servers and proves itself ("tls_config" of the Prometheus documentation).
 *
 * @param caFile the path of the certificates (PEM) that the server is trusted by
 * @param certFile the path of the client's certificate (PEM)
 * @param keyFile the path of the client's key (PEM)
 * @param serverName the name that the server's certificate must bear
 * @param insecureSkipVerify whether any server's certificate is accepted
 * @param minVersion the oldest version of TLS to use
 * @param maxVersion the newest version of TLS to use
 */
public record TlsConfig(
        @Nullable String caFile,
        @Nullable String certFile,
        @Nullable String keyFile,
        @Nullable String serverName,
        @Nullable Boolean insecureSkipVerify,
        @Nullable TlsVersion minVersion,
        @Nullable TlsVersion maxVersion)
        implements Part {

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.TLS_CA_FILE, caFile);
        out.write(ConfigField.TLS_CERT_FILE, certFile);
        out.write(ConfigField.TLS_KEY_FILE, keyFile);
        out.write(ConfigField.TLS_SERVER_NAME, serverName);
        out.write(ConfigField.TLS_INSECURE_SKIP_VERIFY, insecureSkipVerify);
        out.write(ConfigField.TLS_MIN_VERSION, minVersion);
        out.write(ConfigField.TLS_MAX_VERSION, maxVersion);
    }

    /** Gathers the components of a {@link TlsConfig}. */
    public static final class Builder {

        private @Nullable String caFile;
        private @Nullable String certFile;
        private @Nullable String keyFile;
        private @Nullable String serverName;
        private @Nullable Boolean insecureSkipVerify;
        private @Nullable TlsVersion minVersion;
        private @Nullable TlsVersion maxVersion;

        private Builder() {}

        /** Sets the path of the certificates (PEM) that the server is trusted by. */
        public Builder caFile(@Nullable String caFile) {
            this.caFile = caFile;
            return this;
        }

        /** Sets the path of the client's certificate (PEM). */
        public Builder certFile(@Nullable String certFile) {
            this.certFile = certFile;
            return this;
        }

        /** Sets the path of the client's key (PEM). */
        public Builder keyFile(@Nullable String keyFile) {
            this.keyFile = keyFile;
            return this;
        }

        /** Sets the name that the server's certificate must bear. */
        public Builder serverName(@Nullable String serverName) {
            this.serverName = serverName;
            return this;
        }

        /** Sets whether any server's certificate is accepted. */
        public Builder insecureSkipVerify(@Nullable Boolean insecureSkipVerify) {
            this.insecureSkipVerify = insecureSkipVerify;
            return this;
        }

        /** Sets the oldest version of TLS to use. */
        public Builder minVersion(@Nullable TlsVersion minVersion) {
            this.minVersion = minVersion;
            return this;
        }

        /** Sets the newest version of TLS to use. */
        public Builder maxVersion(@Nullable TlsVersion maxVersion) {
            this.maxVersion = maxVersion;
            return this;
        }

        /** Returns the whole. */
        public TlsConfig build() {
            return new TlsConfig(caFile, certFile, keyFile, serverName, insecureSkipVerify, minVersion, maxVersion);
        }
    }
}
