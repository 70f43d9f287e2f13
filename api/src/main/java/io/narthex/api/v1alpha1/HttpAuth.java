package io.narthex.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/** The ways to authenticate that all HTTP clients of Prometheus have in common; at most one is set. */
public interface HttpAuth {
    /** A user name and a password (RFC 7617). */
    @Nullable
    BasicAuth basic();

    /** An Authorization header of another kind, such as a bearer token. */
    @Nullable
    Authorization authorization();

    /** A token that Prometheus fetches from an OAuth 2.0 server. */
    @Nullable
    OAuth2 oauth2();
}
