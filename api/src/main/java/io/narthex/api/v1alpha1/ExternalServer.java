package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.narthex.api.schema.HttpUrl;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A server that somebody else runs. Narthex serves it targets, says or writes what belongs into its configuration, and
 * verifies what it loaded. Docker Swarm and docker compose only.
 *
 * @param url The server's URL, with its route prefix, as Narthex reaches it. Narthex asks its API there.
 * @param auth How Narthex authenticates to it: {@code basic}, or {@code authorization} of the type {@code Bearer}; others
 *     are refused. The credentials are secrets that Narthex can read.
 * @param tls The settings of TLS: {@code ca} and {@code insecureSkipVerify}; others are refused.
 * @param proxy The proxy to go through. Refused: Narthex reaches the server directly.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ExternalServer(
        @Required @HttpUrl String url,
        @Nullable Auth auth,
        @Nullable Tls tls,
        @Nullable Proxy proxy) {
    public ExternalServer {
        Objects.requireNonNull(url, "url");
    }
}
