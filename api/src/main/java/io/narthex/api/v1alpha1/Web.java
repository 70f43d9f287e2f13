package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.MapList;
import io.narthex.api.schema.PrometheusDuration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's web interface.
 *
 * @param pageTitle The title of its pages.
 * @param corsOrigin Which other sites' pages may call it: a regular expression that must match the whole origin.
 *     Narthex's default: none, where Prometheus would let in all.
 * @param tls Serves HTTPS.
 * @param users Users who may enter. Absent for anybody. Narthex adds a user of its own to look in with.
 * @param http2 Whether to offer HTTP/2. It takes effect with {@code tls} only. Default: true.
 * @param headers Headers of all answers. From Prometheus's set of security headers, such as {@code X-Frame-Options}.
 * @param maxConnections The most connections at a time. Default: 512.
 * @param readTimeout After how long an idle connection, or a request that doesn't arrive, is closed. Default: {@code
 *     5m}.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Web(
        @Size(min = 1, max = 256) @Nullable String pageTitle,
        @Size(min = 1, max = 2048) @Nullable String corsOrigin,
        @Nullable WebTls tls,
        @MapList("name") List<WebUser> users,
        @Nullable Boolean http2,
        Map<String, @Size(max = 4096) String> headers,
        @Min(1) @Max(1000000) @Nullable Integer maxConnections,
        @PrometheusDuration @Nullable String readTimeout) {
    public Web {
        users = Immutable.list(users);
        headers = Immutable.map(headers);
    }

    /** Returns whether it doesn't let in everybody. */
    public boolean asksWho() {
        return !users.isEmpty() || (tls != null && (tls.clientCa() != null || tls.clientAuth() != null));
    }
}
