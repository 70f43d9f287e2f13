package io.narthex.status;

import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.prometheus.ScrapeTarget;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What goes wrong where a Prometheus scrapes itself and doesn't let in everybody: it makes no exception for itself. */
final class SelfScrape {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private SelfScrape() {}

    /**
     * Returns the failure in the words of one who knows that target and server are the same; empty where they aren't,
     * or where that explains nothing.
     *
     * @param target a target whose last scrape failed
     * @param server the URL of the server that scrapes it
     */
    static Optional<ScrapeError> of(ScrapeTarget target, String server) {
        Optional<URI> scraped = parsed(target.url());
        Optional<URI> serving = parsed(server);
        if (scraped.isEmpty() || serving.isEmpty() || !isSame(scraped.get(), serving.get())) {
            return Optional.empty();
        }
        ScrapeError error = ScrapeError.of(target.lastError(), target.url());
        if (error.code() == DiagnosticCode.TARGET_UNAUTHORIZED) {
            return Optional.of(new ScrapeError(
                    error.code(),
                    error.brief(),
                    "this is the Prometheus itself, which has web users: set auth.basic in the endpoint to one of them",
                    error.raw()));
        }
        if (scheme(serving.get()).equals("https") && scheme(scraped.get()).equals("http")) {
            return Optional.of(new ScrapeError(
                    DiagnosticCode.TARGET_SPEAKS_TLS,
                    error.brief(),
                    "this is the Prometheus itself, which serves HTTPS: set scheme to https and tls.ca to its certificate",
                    error.raw()));
        }
        return Optional.empty();
    }

    private static boolean isSame(URI scraped, URI serving) {
        return port(scraped) == port(serving)
                && (scraped.getHost().equalsIgnoreCase(serving.getHost())
                        || (LOOPBACK.contains(scraped.getHost()) && LOOPBACK.contains(serving.getHost())));
    }

    private static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : scheme(url).equals("https") ? 443 : 80;
    }

    private static String scheme(URI url) {
        return url.getScheme().toLowerCase(Locale.ROOT);
    }

    private static Optional<URI> parsed(String url) {
        try {
            return Optional.of(URI.create(url)).filter(uri -> uri.getHost() != null && uri.getScheme() != null);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
