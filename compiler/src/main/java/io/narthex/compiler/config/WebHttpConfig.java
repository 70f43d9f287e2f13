package io.narthex.compiler.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP of the server.
 *
 * @param http2 whether HTTP/2 is offered; needs TLS; true where not given
 * @param headers headers of responses, of the few that are allowed
 */
public record WebHttpConfig(@Nullable Boolean http2, Map<String, String> headers) implements Part {

    public WebHttpConfig {
        headers = Ordered.map(headers);
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.WEB_HTTP_HTTP2, http2);
        out.write(ConfigField.WEB_HTTP_HEADERS, headers);
    }
}
