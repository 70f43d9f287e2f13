package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.narthex.api.schema.HttpUrl;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A token fetched from an OAuth 2.0 server: with the grant type client credentials (RFC 6749), or with a signed JWT
 * (RFC 7523) where {@code jwtBearer} is set.
 *
 * @param clientId The client's identifier.
 * @param clientSecret Where the client's secret comes from. Either this or {@code jwtBearer} is set.
 * @param jwtBearer The key and claims of a signed JWT, instead of a secret. From Prometheus 3.8.
 * @param tokenUrl The URL from which the token is fetched.
 * @param scopes The scopes to ask for.
 * @param endpointParams Further parameters of the token request.
 * @param tls The settings of TLS towards the token's server.
 * @param proxy The proxy towards the token's server.
 */
@ValidationRule(
        value = "has(self.clientSecret) != has(self.jwtBearer)",
        message = "set exactly one of clientSecret and jwtBearer")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record OAuth2(
        @Required @Size(min = 1, max = 1024) String clientId,
        @Nullable CredentialSource clientSecret,
        @Nullable JwtBearer jwtBearer,
        @Required @HttpUrl String tokenUrl,
        List<@Size(min = 1, max = 512) String> scopes,
        Map<String, String> endpointParams,
        @Nullable Tls tls,
        @Nullable Proxy proxy) {
    public OAuth2 {
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(tokenUrl, "tokenUrl");
        scopes = Immutable.list(scopes);
        endpointParams = Immutable.map(endpointParams);
    }
}
