package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.DnsLabel;
import io.narthex.api.schema.MapList;
import io.narthex.api.schema.PrometheusDuration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to scrape of each target, and how (Prometheus documentation, {@code <scrape_config>}). What is left out follows
 * the PrometheusServer, then Prometheus.
 *
 * @param name The endpoint's name, unique in the Monitor. It is part of the scrape job's technical name, so renaming
 *     it starts a new job.
 * @param port The port, by number, or by name where the source knows names. With {@code service} and {@code pod}, only
 *     ports of pods that match become targets; absent for all that are declared, but those of UDP and SCTP. A Service's name
 *     for a port counts, its own number, where the pods have another, doesn't. Any port, and a container without one, is a
 *     target of a prober and of {@code relabelings} that write {@code __address__}. With {@code node}, {@code dns} (except SRV) and {@code swarm}, the number to scrape.
 *     With other sources, the port that replaces that of each target.
 * @param path The path of the metrics. Default: {@code /metrics}.
 * @param scheme The scheme. Default: {@code http}.
 * @param params Parameters of the URL.
 * @param interval How often to scrape. Default: the server's {@code scrapeInterval}.
 * @param timeout How long a scrape may take, at most {@code interval}. Default: the server's {@code scrapeTimeout}, or
 *     the interval where that is shorter.
 * @param auth How Prometheus authenticates to the target.
 * @param tls The settings of TLS. They take effect with the scheme {@code https}.
 * @param proxy The proxy to go through.
 * @param headers Headers to send. From Prometheus 2.55.
 * @param followRedirects Whether to follow redirects. Default: true; false below Prometheus 3.13 where credentials are
 *     sent, since those releases send them to the new place too.
 * @param enableHttp2 Whether to offer HTTP/2. Default: true.
 * @param enableCompression Whether to ask for a compressed answer. Default: true. From Prometheus 2.49.
 * @param relabelings Steps that rewrite or drop targets before they are scraped.
 * @param metricRelabelings Steps that rewrite or drop samples before they are stored.
 * @param limits Limits of a scrape.
 * @param honorLabels Whether a label of the target's own wins over that of the same name that Prometheus adds. Default:
 *     false.
 * @param honorTimestamps Whether timestamps that the target gives are used. Default: true.
 * @param trackTimestampsStaleness Whether series with such timestamps go stale when they vanish. Default: false. From
 *     Prometheus 2.48.
 * @param scrapeProtocols The formats to ask for, the most wanted first. From Prometheus 2.49.
 * @param fallbackScrapeProtocol The format to assume where the target names none that is known. From Prometheus 3.0.
 * @param nativeHistograms How histograms are scraped.
 * @param nameValidation Which names metrics and labels may have. From Prometheus 2.55; {@code utf8} from 3.0.
 * @param nameEscaping How the target is asked to write names that have other characters. From Prometheus 3.4.
 * @param extraScrapeMetrics Whether to store also the limits and sizes of each scrape. From Prometheus 3.10.
 * @param logFailures Whether failed scrapes are logged in a file of their own, beside the data. From Prometheus 2.55.
 *     Ignored for Monitors of other namespaces than the server's where the server has {@code tenancy}.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Endpoint(
        @Default(Endpoint.DEFAULT_NAME) @DnsLabel String name,
        @Nullable PortRef port,
        @Size(min = 1, max = 1024) @Nullable String path,
        @Nullable Scheme scheme,
        Map<String, @Size(max = 64) List<@Size(max = 4096) String>> params,
        @PrometheusDuration @Nullable String interval,
        @PrometheusDuration @Nullable String timeout,
        @Nullable Auth auth,
        @Nullable Tls tls,
        @Nullable Proxy proxy,
        @MapList("name") List<Header> headers,
        @Nullable Boolean followRedirects,
        @Nullable Boolean enableHttp2,
        @Nullable Boolean enableCompression,
        List<Relabeling> relabelings,
        List<Relabeling> metricRelabelings,
        @Nullable ScrapeLimits limits,
        @Nullable Boolean honorLabels,
        @Nullable Boolean honorTimestamps,
        @Nullable Boolean trackTimestampsStaleness,
        @Size(max = 8) List<ScrapeProtocol> scrapeProtocols,
        @Nullable ScrapeProtocol fallbackScrapeProtocol,
        @Nullable NativeHistograms nativeHistograms,
        @Nullable NameValidation nameValidation,
        @Nullable NameEscaping nameEscaping,
        @Nullable Boolean extraScrapeMetrics,
        @Nullable Boolean logFailures)
        implements HttpClientSettings {
    public Endpoint {
        headers = Immutable.list(headers);
        relabelings = Immutable.list(relabelings);
        metricRelabelings = Immutable.list(metricRelabelings);
        scrapeProtocols = Immutable.list(scrapeProtocols);
        name = name == null ? DEFAULT_NAME : name;
        params = Immutable.mapOfLists(params);
    }

    /** The name of an endpoint that has none. */
    public static final String DEFAULT_NAME = "metrics";
}
