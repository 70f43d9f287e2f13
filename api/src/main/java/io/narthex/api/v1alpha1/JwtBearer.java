package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A signed JWT as the grant of an OAuth 2.0 token (RFC 7523).
 *
 * @param key Where the RSA private key comes from, in PEM format.
 * @param keyId The key's identifier, which becomes the header {@code kid}.
 * @param algorithm How it is signed. Default: {@code RS256}.
 * @param issuer The claim {@code iss}. Default: the client's identifier.
 * @param audience The claim {@code aud}. Default: the token's URL.
 * @param claims Further claims.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JwtBearer(
        @Required CredentialSource key,
        @Nullable String keyId,
        @Nullable SignatureAlgorithm algorithm,
        @Nullable String issuer,
        @Nullable String audience,
        Map<String, String> claims) {
    public JwtBearer {
        Objects.requireNonNull(key, "key");
        claims = Immutable.map(claims);
    }
}
