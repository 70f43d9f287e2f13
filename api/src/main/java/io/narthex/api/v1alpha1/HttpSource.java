package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.narthex.api.schema.HttpUrl;
import io.narthex.api.schema.MapList;
import io.narthex.api.schema.PrometheusDuration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A URL that lists targets as JSON (Prometheus documentation, "HTTP SD").
 *
 * @param url The URL.
 * @param refreshInterval How often to ask. Default: {@code 60s}.
 * @param auth How Prometheus authenticates to it.
 * @param tls The settings of TLS.
 * @param proxy The proxy to go through.
 * @param headers Headers to send. From Prometheus 2.55.
 * @param followRedirects Whether to follow redirects. Default: true; false below Prometheus 3.13 where credentials are
 *     sent, since those releases send them to the new place too.
 * @param enableHttp2 Whether to offer HTTP/2. Default: true.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HttpSource(
        @Required @HttpUrl String url,
        @PrometheusDuration @Nullable String refreshInterval,
        @Nullable Auth auth,
        @Nullable Tls tls,
        @Nullable Proxy proxy,
        @MapList("name") List<Header> headers,
        @Nullable Boolean followRedirects,
        @Nullable Boolean enableHttp2)
        implements HttpClientSettings {
    public HttpSource {
        Objects.requireNonNull(url, "url");
        headers = Immutable.list(headers);
    }
}
