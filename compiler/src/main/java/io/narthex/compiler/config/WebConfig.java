package io.narthex.compiler.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How Prometheus serves: the file that {@code --web.config.file} names ("HTTPS and authentication" of the Prometheus
 * documentation).
 *
 * @param tls TLS; plain HTTP where not given
 * @param http HTTP
 * @param basicAuthUsers bcrypt hashes of passwords, by user
 */
public record WebConfig(
        @Nullable WebTlsConfig tls, @Nullable WebHttpConfig http, Map<String, String> basicAuthUsers) implements Part {

    public WebConfig {
        basicAuthUsers = Ordered.map(basicAuthUsers);
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.WEB_TLS_SERVER_CONFIG, tls);
        out.write(ConfigField.WEB_HTTP_SERVER_CONFIG, http);
        out.write(ConfigField.WEB_BASIC_AUTH_USERS, basicAuthUsers);
    }
}
