package io.narthex.compiler.config;

import io.narthex.compiler.config.value.HttpUrl;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of OAuth 2.0 ("oauth2" of the Prometheus documentation).
 *
 * @param clientId the client
 * @param clientSecretFile the path of a file that holds the client's secret
 * @param clientCertificateKeyId the identifier of the key of a JWT; from 3.8 on
 * @param clientCertificateKeyFile the path of the key (PEM) that signs a JWT; from 3.8 on
 * @param grantType {@code client_credentials} where not given, or {@code
 *     urn:ietf:params:oauth:grant-type:jwt-bearer}; from 3.8 on
 * @param signatureAlgorithm how a JWT is signed: RS256, RS384 or RS512; from 3.8 on
 * @param issuer the issuer of a JWT; the client where not given; from 3.8 on
 * @param audience the audience of a JWT; the token URL where not given; from 3.8 on
 * @param claims further claims of a JWT; from 3.8 on
 * @param scopes the scopes to ask for
 * @param tokenUrl where tokens are asked for
 * @param endpointParams parameters sent with the request
 * @param tls the trust for the token URL
 * @param proxy the proxy for the token URL
 */
public record OAuth2Config(
        String clientId,
        @Nullable String clientSecretFile,
        @Nullable String clientCertificateKeyId,
        @Nullable String clientCertificateKeyFile,
        @Nullable String grantType,
        @Nullable String signatureAlgorithm,
        @Nullable String issuer,
        @Nullable String audience,
        Map<String, String> claims,
        List<String> scopes,
        HttpUrl tokenUrl,
        Map<String, String> endpointParams,
        @Nullable TlsConfig tls,
        ProxyConfig proxy)
        implements Part {

    public OAuth2Config {
        claims = Ordered.map(claims);
        scopes = List.copyOf(scopes);
        endpointParams = Ordered.map(endpointParams);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.OAUTH2_CLIENT_ID, clientId);
        out.write(ConfigField.OAUTH2_CLIENT_SECRET_FILE, clientSecretFile);
        out.write(ConfigField.OAUTH2_CLIENT_CERTIFICATE_KEY_ID, clientCertificateKeyId);
        out.write(ConfigField.OAUTH2_CLIENT_CERTIFICATE_KEY_FILE, clientCertificateKeyFile);
        out.write(ConfigField.OAUTH2_GRANT_TYPE, grantType);
        out.write(ConfigField.OAUTH2_SIGNATURE_ALGORITHM, signatureAlgorithm);
        out.write(ConfigField.OAUTH2_ISS, issuer);
        out.write(ConfigField.OAUTH2_AUDIENCE, audience);
        out.write(ConfigField.OAUTH2_CLAIMS, claims);
        out.write(ConfigField.OAUTH2_SCOPES, scopes);
        out.write(ConfigField.OAUTH2_TOKEN_URL, tokenUrl);
        out.write(ConfigField.OAUTH2_ENDPOINT_PARAMS, endpointParams);
        out.write(ConfigField.OAUTH2_TLS_CONFIG, tls);
        proxy.writeTo(out);
    }

    /** Gathers the components of a {@link OAuth2Config}. */
    public static final class Builder {

        private @Nullable String clientId;
        private @Nullable String clientSecretFile;
        private @Nullable String clientCertificateKeyId;
        private @Nullable String clientCertificateKeyFile;
        private @Nullable String grantType;
        private @Nullable String signatureAlgorithm;
        private @Nullable String issuer;
        private @Nullable String audience;
        private Map<String, String> claims = Map.of();
        private List<String> scopes = List.of();
        private @Nullable HttpUrl tokenUrl;
        private Map<String, String> endpointParams = Map.of();
        private @Nullable TlsConfig tls;
        private ProxyConfig proxy = ProxyConfig.NONE;

        private Builder() {}

        /** Sets the client. */
        public Builder clientId(String clientId) {
            this.clientId = clientId;
            return this;
        }

        /** Sets the path of a file that holds the client's secret. */
        public Builder clientSecretFile(@Nullable String clientSecretFile) {
            this.clientSecretFile = clientSecretFile;
            return this;
        }

        /** Sets the identifier of the key of a JWT. */
        public Builder clientCertificateKeyId(@Nullable String clientCertificateKeyId) {
            this.clientCertificateKeyId = clientCertificateKeyId;
            return this;
        }

        /** Sets the path of the key (PEM) that signs a JWT. */
        public Builder clientCertificateKeyFile(@Nullable String clientCertificateKeyFile) {
            this.clientCertificateKeyFile = clientCertificateKeyFile;
            return this;
        }

        /** Sets {@code client_credentials} where not given, or {@code urn:ietf:params:oauth:grant-type:jwt-bearer}. */
        public Builder grantType(@Nullable String grantType) {
            this.grantType = grantType;
            return this;
        }

        /** Sets how a JWT is signed: RS256, RS384 or RS512. */
        public Builder signatureAlgorithm(@Nullable String signatureAlgorithm) {
            this.signatureAlgorithm = signatureAlgorithm;
            return this;
        }

        /** Sets the issuer of a JWT. */
        public Builder issuer(@Nullable String issuer) {
            this.issuer = issuer;
            return this;
        }

        /** Sets the audience of a JWT. */
        public Builder audience(@Nullable String audience) {
            this.audience = audience;
            return this;
        }

        /** Sets further claims of a JWT. */
        public Builder claims(Map<String, String> claims) {
            this.claims = claims;
            return this;
        }

        /** Sets the scopes to ask for. */
        public Builder scopes(List<String> scopes) {
            this.scopes = scopes;
            return this;
        }

        /** Sets where tokens are asked for. */
        public Builder tokenUrl(HttpUrl tokenUrl) {
            this.tokenUrl = tokenUrl;
            return this;
        }

        /** Sets parameters sent with the request. */
        public Builder endpointParams(Map<String, String> endpointParams) {
            this.endpointParams = endpointParams;
            return this;
        }

        /** Sets the trust for the token URL. */
        public Builder tls(@Nullable TlsConfig tls) {
            this.tls = tls;
            return this;
        }

        /** Sets the proxy for the token URL. */
        public Builder proxy(ProxyConfig proxy) {
            this.proxy = proxy;
            return this;
        }

        /** Returns the whole. */
        public OAuth2Config build() {
            return new OAuth2Config(
                    Objects.requireNonNull(clientId, "clientId"),
                    clientSecretFile,
                    clientCertificateKeyId,
                    clientCertificateKeyFile,
                    grantType,
                    signatureAlgorithm,
                    issuer,
                    audience,
                    claims,
                    scopes,
                    Objects.requireNonNull(tokenUrl, "tokenUrl"),
                    endpointParams,
                    tls,
                    proxy);
        }
    }
}
