package io.narthex.prometheus;

import io.narthex.compiler.model.ServerAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a Prometheus is and how to be let in.
 *
 * @param base the URL below which its paths lie: scheme, host, port and route prefix, without a slash at the end
 * @param trust which certificates are its own; of no meaning for plain HTTP
 * @param credentials who the client is
 * @param clientCertificate what the client shows where it is asked for a certificate; empty for none
 */
public record PrometheusEndpoint(
        URI base, Trust trust, Credentials credentials, Optional<ClientCertificate> clientCertificate) {

    public PrometheusEndpoint {
        if (base.getRawUserInfo() != null || base.getRawQuery() != null || base.getRawFragment() != null) {
            throw new IllegalArgumentException("the URL of a Prometheus holds no credentials, query or fragment");
        }
        String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || base.getHost() == null) {
            throw new IllegalArgumentException("not the URL of a Prometheus: " + base);
        }
        if (base.toString().endsWith("/")) {
            base = URI.create(base.toString().replaceAll("/+$", ""));
        }
    }

    /** Returns the endpoint of a server that asks for no client certificate. */
    public PrometheusEndpoint(URI base, Trust trust, Credentials credentials) {
        this(base, trust, credentials, Optional.empty());
    }

    /** Returns the endpoint at this URL, which needs no credentials. */
    public static PrometheusEndpoint of(URI base) {
        return new PrometheusEndpoint(base, Trust.defaults(), Credentials.none());
    }

    /** Returns the endpoint of a server that listens at {@code address}, as the same machine reaches it. */
    public static PrometheusEndpoint local(ServerAddress address, Trust trust, Credentials credentials) {
        return new PrometheusEndpoint(
                URI.create((address.tls() ? "https" : "http") + "://" + dialled(address.host()) + ":" + address.port()
                        + address.routePrefix()),
                trust,
                credentials);
    }

    private static String dialled(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return switch (bare) {
            case "", "0.0.0.0" -> "127.0.0.1";
            case "::" -> "[::1]";
            default -> bare.indexOf(':') >= 0 ? "[" + bare + "]" : bare;
        };
    }

    /** Returns the URL of {@code path}, which starts with a slash, with this raw query. */
    URI at(String path, Optional<String> query) {
        return URI.create(base + path + query.map(q -> "?" + q).orElse(""));
    }

    /** Returns host and port as users read them. */
    public String hostAndPort() {
        int port = base.getPort() >= 0 ? base.getPort() : "https".equalsIgnoreCase(base.getScheme()) ? 443 : 80;
        return base.getHost() + ":" + port;
    }
}
