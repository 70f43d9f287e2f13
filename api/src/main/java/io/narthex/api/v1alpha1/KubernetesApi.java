package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.narthex.api.schema.HttpUrl;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes API from which Prometheus discovers targets.
 *
 * @param url The API's URL.
 * @param auth How Prometheus authenticates to it.
 * @param tls The settings of TLS.
 * @param proxy The proxy to go through.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record KubernetesApi(
        @Required @HttpUrl String url,
        @Nullable Auth auth,
        @Nullable Tls tls,
        @Nullable Proxy proxy) {
    public KubernetesApi {
        Objects.requireNonNull(url, "url");
    }
}
