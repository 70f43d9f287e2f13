package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * How Prometheus authenticates to an Alertmanager. Exactly one field is set.
 *
 * @param basic A user name and a password (RFC 7617).
 * @param authorization An Authorization header of another kind, such as a bearer token.
 * @param oauth2 A token that Prometheus fetches from an OAuth 2.0 server.
 * @param sigv4 Signatures of Amazon Web Services. From Prometheus 2.48.
 */
@ValidationRule(
        value =
                "[has(self.basic), has(self.authorization), has(self.oauth2), has(self.sigv4)].filter(x, x).size() == 1",
        message = "set exactly one of basic, authorization, oauth2 and sigv4")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AlertmanagerAuth(
        @Nullable BasicAuth basic,
        @Nullable Authorization authorization,
        @Nullable OAuth2 oauth2,
        @Nullable SigV4 sigv4)
        implements HttpAuth {}
