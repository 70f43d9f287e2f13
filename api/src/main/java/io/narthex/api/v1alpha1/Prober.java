package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A blackbox exporter, or another exporter of its pattern, that probes each target in place of Prometheus scraping it.
 * The endpoint's {@code auth}, {@code tls}, {@code proxy} and {@code params} then hold for the prober. The label {@code
 * instance} is the probed target.
 *
 * @param url Where the prober is: scheme, host and port.
 * @param path The prober's path. Default: {@code /probe}.
 * @param module The prober's module, such as {@code http_2xx}, passed as the parameter {@code module}. Absent for the
 *     prober's own default.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Prober(
        @Required @Pattern("^https?://[^\\s/?#]+/?$") @Size(min = 1, max = 2048)
        String url,

        @Pattern("^/") @Size(min = 1, max = 1024) @Nullable String path,
        @Size(min = 1, max = 256) @Nullable String module) {
    public Prober {
        Objects.requireNonNull(url, "url");
    }
}
