package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between Prometheus and a server.
 *
 * @param url The proxy's URL, without user name or password. Either this or {@code fromEnvironment} is set.
 * @param noProxy Addresses that are reached directly: a comma-separated list of IP addresses, CIDR ranges, domains and
 *     ports. From Prometheus 2.43.
 * @param fromEnvironment Whether the proxy is that of the environment variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
 *     From Prometheus 2.43.
 */
@ValidationRule(
        value = "has(self.url) != (has(self.fromEnvironment) && self.fromEnvironment)",
        message = "set either url or fromEnvironment: true")
@ValidationRule(value = "!has(self.noProxy) || has(self.url)", message = "noProxy needs url")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Proxy(
        @Pattern("^(https?|socks5)://[^\\s/?#]+.*$") @Size(min = 1, max = 2048) @Nullable
        String url,

        @Size(min = 1, max = 4096) @Nullable String noProxy,
        boolean fromEnvironment) {}
