package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.narthex.api.schema.HttpUrl;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A server that somebody else runs.
 *
 * @param url The server's URL, with its route prefix. Narthex asks its API there.
 * @param auth How Narthex authenticates to it.
 * @param tls The settings of TLS.
 * @param proxy The proxy to go through.
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
