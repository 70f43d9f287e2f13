package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.DnsLabel;
import io.narthex.api.schema.HttpUrl;
import io.narthex.api.schema.MapList;
import io.narthex.api.schema.PrometheusDuration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place from which queries read further samples (Prometheus documentation, {@code <remote_read>}).
 *
 * @param name The entry's name, unique in the list. It stands in Prometheus's metrics of it.
 * @param url The URL.
 * @param timeout How long reading may take. Default: {@code 1m}.
 * @param readRecent Whether it is asked also for the time that the server has itself. Default: false.
 * @param requiredMatchers Labels with values that a query must select by; others don't ask it.
 * @param filterExternalLabels Whether it is asked only for series with the server's external labels. Default: true.
 * @param auth How Prometheus authenticates to it.
 * @param tls The settings of TLS.
 * @param proxy The proxy to go through.
 * @param headers Headers to send. Those of secrets from Prometheus 2.55.
 * @param followRedirects Whether to follow redirects. Default: true; false below Prometheus 3.13 where credentials are
 *     sent, since those releases send them to the new place too.
 * @param enableHttp2 Whether to offer HTTP/2. Default: true.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RemoteRead(
        @Default(RemoteRead.DEFAULT_NAME) @DnsLabel String name,
        @Required @HttpUrl String url,
        @PrometheusDuration @Nullable String timeout,
        @Nullable Boolean readRecent,
        Map<String, @Size(max = 1024) String> requiredMatchers,
        @Nullable Boolean filterExternalLabels,
        @Nullable Auth auth,
        @Nullable Tls tls,
        @Nullable Proxy proxy,
        @MapList("name") List<Header> headers,
        @Nullable Boolean followRedirects,
        @Nullable Boolean enableHttp2)
        implements HttpClientSettings {
    public RemoteRead {
        Objects.requireNonNull(url, "url");
        requiredMatchers = Immutable.map(requiredMatchers);
        headers = Immutable.list(headers);
        name = name == null ? DEFAULT_NAME : name;
    }

    /** The name of an entry that has none. */
    public static final String DEFAULT_NAME = "default";
}
