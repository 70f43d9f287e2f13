package io.narthex.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all HTTP clients of Prometheus have in common (Prometheus documentation, {@code <http_config>}). */
public interface HttpClientSettings {
    /** How to authenticate. */
    @Nullable
    HttpAuth auth();

    /** The settings of TLS. */
    @Nullable
    Tls tls();

    /** The proxy to go through. */
    @Nullable
    Proxy proxy();

    /** Headers to send; from Prometheus 2.55. */
    List<Header> headers();

    /** Whether to follow redirects; null for the default. */
    @Nullable
    Boolean followRedirects();

    /** Whether to offer HTTP/2; null for the default. */
    @Nullable
    Boolean enableHttp2();
}
