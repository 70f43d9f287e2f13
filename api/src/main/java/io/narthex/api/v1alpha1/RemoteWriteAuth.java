package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * How Prometheus authenticates to a remote write receiver. Exactly one field is set.
 *
 * @param basic A user name and a password (RFC 7617).
 * @param authorization An Authorization header of another kind, such as a bearer token.
 * @param oauth2 A token that Prometheus fetches from an OAuth 2.0 server.
 * @param sigv4 Signatures of Amazon Web Services.
 * @param azureAd An identity of Microsoft Entra ID. From Prometheus 2.45.
 * @param googleIam An identity of Google Cloud. From Prometheus 2.55.
 */
@ValidationRule(
        value =
                "[has(self.basic), has(self.authorization), has(self.oauth2), has(self.sigv4), has(self.azureAd), has(self.googleIam)].filter(x, x).size() == 1",
        message = "set exactly one of basic, authorization, oauth2, sigv4, azureAd and googleIam")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RemoteWriteAuth(
        @Nullable BasicAuth basic,
        @Nullable Authorization authorization,
        @Nullable OAuth2 oauth2,
        @Nullable SigV4 sigv4,
        @Nullable AzureAd azureAd,
        @Nullable GoogleIam googleIam)
        implements HttpAuth {}
