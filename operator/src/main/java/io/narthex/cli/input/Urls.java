package io.narthex.cli.input;

import io.narthex.cli.terminal.Failure;
import io.narthex.prometheus.PrometheusEndpoint;
import java.net.URI;

/** Reads URLs of the command line. */
public final class Urls {

    private Urls() {}

    /**
     * Returns the Prometheus that {@code --url} names, which needs no credentials.
     *
     * @throws Failure where it can be none
     */
    public static PrometheusEndpoint prometheus(String text) {
        try {
            return PrometheusEndpoint.of(URI.create(text));
        } catch (IllegalArgumentException e) {
            // The message of the runtime quotes the URL, in which a password may stand.
            throw Failure.usage(
                    e.getCause() == null ? "--url: " + e.getMessage() : "--url is no URL",
                    "write it as http://127.0.0.1:9090");
        }
    }

    /**
     * Returns the URL of a host and port that {@code option} names, without a slash at the end.
     *
     * @param example how it might be written
     * @throws Failure where it has a user, a query or nothing to dial
     */
    public static URI of(String option, String text, String example) {
        try {
            URI uri = URI.create(text.replaceAll("/+$", ""));
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below; the runtime's message would quote what may hold a password.
        }
        throw Failure.usage(option + " is no URL with a host", "write it as " + example);
    }
}
