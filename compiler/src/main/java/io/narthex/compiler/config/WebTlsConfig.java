package io.narthex.compiler.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS of the server.
 *
 * @param certFile the path of the certificate (PEM)
 * @param keyFile the path of the key (PEM)
 * @param clientAuthType whether clients must prove themselves: {@code NoClientCert}, as where not given, to {@code
 *     RequireAndVerifyClientCert}
 * @param clientCaFile the path of the certificates that clients are trusted by
 * @param clientAllowedSans the alternative names of which a client must bear one; from 2.45 on
 * @param minVersion the oldest version of TLS; 1.2 where not given
 * @param maxVersion the newest version of TLS
 * @param cipherSuites suites for TLS up to 1.2, by Go's names
 * @param curvePreferences curves, by Go's names
 */
public record WebTlsConfig(
        @Nullable String certFile,
        @Nullable String keyFile,
        @Nullable String clientAuthType,
        @Nullable String clientCaFile,
        List<String> clientAllowedSans,
        @Nullable TlsVersion minVersion,
        @Nullable TlsVersion maxVersion,
        List<String> cipherSuites,
        List<String> curvePreferences)
        implements Part {

    public WebTlsConfig {
        clientAllowedSans = List.copyOf(clientAllowedSans);
        cipherSuites = List.copyOf(cipherSuites);
        curvePreferences = List.copyOf(curvePreferences);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.WEB_TLS_CERT_FILE, certFile);
        out.write(ConfigField.WEB_TLS_KEY_FILE, keyFile);
        out.write(ConfigField.WEB_TLS_CLIENT_AUTH_TYPE, clientAuthType);
        out.write(ConfigField.WEB_TLS_CLIENT_CA_FILE, clientCaFile);
        out.write(ConfigField.WEB_TLS_CLIENT_ALLOWED_SANS, clientAllowedSans);
        out.write(ConfigField.WEB_TLS_MIN_VERSION, minVersion);
        out.write(ConfigField.WEB_TLS_MAX_VERSION, maxVersion);
        out.write(ConfigField.WEB_TLS_CIPHER_SUITES, cipherSuites);
        out.write(ConfigField.WEB_TLS_CURVE_PREFERENCES, curvePreferences);
    }

    /** Gathers the components of a {@link WebTlsConfig}. */
    public static final class Builder {

        private @Nullable String certFile;
        private @Nullable String keyFile;
        private @Nullable String clientAuthType;
        private @Nullable String clientCaFile;
        private List<String> clientAllowedSans = List.of();
        private @Nullable TlsVersion minVersion;
        private @Nullable TlsVersion maxVersion;
        private List<String> cipherSuites = List.of();
        private List<String> curvePreferences = List.of();

        private Builder() {}

        /** Sets the path of the certificate (PEM). */
        public Builder certFile(@Nullable String certFile) {
            this.certFile = certFile;
            return this;
        }

        /** Sets the path of the key (PEM). */
        public Builder keyFile(@Nullable String keyFile) {
            this.keyFile = keyFile;
            return this;
        }

        /** Sets whether clients must prove themselves: {@code NoClientCert}, as where not given, to {@code RequireAndVerifyClientCert}. */
        public Builder clientAuthType(@Nullable String clientAuthType) {
            this.clientAuthType = clientAuthType;
            return this;
        }

        /** Sets the path of the certificates that clients are trusted by. */
        public Builder clientCaFile(@Nullable String clientCaFile) {
            this.clientCaFile = clientCaFile;
            return this;
        }

        /** Sets the alternative names of which a client must bear one. */
        public Builder clientAllowedSans(List<String> clientAllowedSans) {
            this.clientAllowedSans = clientAllowedSans;
            return this;
        }

        /** Sets the oldest version of TLS. */
        public Builder minVersion(@Nullable TlsVersion minVersion) {
            this.minVersion = minVersion;
            return this;
        }

        /** Sets the newest version of TLS. */
        public Builder maxVersion(@Nullable TlsVersion maxVersion) {
            this.maxVersion = maxVersion;
            return this;
        }

        /** Sets suites for TLS up to 1.2, by Go's names. */
        public Builder cipherSuites(List<String> cipherSuites) {
            this.cipherSuites = cipherSuites;
            return this;
        }

        /** Sets curves, by Go's names. */
        public Builder curvePreferences(List<String> curvePreferences) {
            this.curvePreferences = curvePreferences;
            return this;
        }

        /** Returns the whole. */
        public WebTlsConfig build() {
            return new WebTlsConfig(
                    certFile,
                    keyFile,
                    clientAuthType,
                    clientCaFile,
                    clientAllowedSans,
                    minVersion,
                    maxVersion,
                    cipherSuites,
                    curvePreferences);
        }
    }
}
