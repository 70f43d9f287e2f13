package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.narthex.api.schema.DnsLabel;
import io.narthex.api.schema.HttpUrl;
import io.narthex.api.schema.MapList;
import io.narthex.api.schema.PrometheusDuration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A receiver of samples (Prometheus documentation, {@code <remote_write>}).
 *
 * @param name The entry's name, unique in the list. It stands in Prometheus's metrics of it.
 * @param url The receiver's URL.
 * @param timeout How long sending may take. Default: {@code 30s}.
 * @param message The protocol. Default: {@code prometheus.WriteRequest}.
 * @param relabelings Steps that rewrite or drop samples before they are sent.
 * @param sendExemplars Whether exemplars are sent too. Default: false.
 * @param sendNativeHistograms Whether native histograms are sent too. Default: false.
 * @param roundRobinDns Whether each connection goes to another address of the name. Default: false. From Prometheus
 *     3.1.
 * @param auth How Prometheus authenticates to it.
 * @param tls The settings of TLS.
 * @param proxy The proxy to go through.
 * @param headers Headers to send. Those of secrets from Prometheus 2.55.
 * @param followRedirects Whether to follow redirects. Default: true; false below Prometheus 3.13 where credentials are
 *     sent, since those releases send them to the new place too.
 * @param enableHttp2 Whether to offer HTTP/2. Default: false from Prometheus 2.50, true before.
 * @param queue The queue before it.
 * @param metadata The sending of metrics' metadata.
 */
public record RemoteWrite(
        @Default(RemoteWrite.DEFAULT_NAME) @DnsLabel String name,
        @Required @HttpUrl String url,
        @PrometheusDuration @Nullable String timeout,
        @Nullable RemoteWriteMessage message,
        List<Relabeling> relabelings,
        @Nullable Boolean sendExemplars,
        @Nullable Boolean sendNativeHistograms,
        @Nullable Boolean roundRobinDns,
        @Nullable RemoteWriteAuth auth,
        @Nullable Tls tls,
        @Nullable Proxy proxy,
        @MapList("name") List<Header> headers,
        @Nullable Boolean followRedirects,
        @Nullable Boolean enableHttp2,
        @Nullable Queue queue,
        @Nullable Metadata metadata)
        implements HttpClientSettings {
    public RemoteWrite {
        Objects.requireNonNull(url, "url");
        relabelings = Immutable.list(relabelings);
        headers = Immutable.list(headers);
        name = name == null ? DEFAULT_NAME : name;
    }

    /** The name of an entry that has none. */
    public static final String DEFAULT_NAME = "default";

    /**
     * The queue of samples that wait to be sent (Prometheus documentation, "Remote write tuning").
     *
     * @param capacity How many samples wait for each shard. Default: 10000; 2500 before Prometheus 2.47.
     * @param maxShards The most shards, that is, requests at a time. Default: 50; 200 before Prometheus 2.47.
     * @param minShards The fewest shards. Default: 1.
     * @param maxSamplesPerSend The most samples of a request. Default: 2000; 500 before Prometheus 2.47.
     * @param batchSendDeadline How long a sample waits for others at most. Default: {@code 5s}.
     * @param minBackoff The first pause after a failure. Default: {@code 30ms}.
     * @param maxBackoff The longest pause. Default: {@code 5s}.
     * @param retryOnRateLimit Whether a request that was answered with status 429 is sent again. Default: false.
     * @param sampleAgeLimit How old a sample may be to be sent; {@code 0s} for any age. Default: {@code 0s}. From
     *     Prometheus 2.50.
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Queue(
            @Min(1) @Max(100000000) @Nullable Integer capacity,
            @Min(1) @Max(100000) @Nullable Integer maxShards,
            @Min(1) @Max(100000) @Nullable Integer minShards,
            @Min(1) @Max(10000000) @Nullable Integer maxSamplesPerSend,
            @PrometheusDuration @Nullable String batchSendDeadline,
            @PrometheusDuration @Nullable String minBackoff,
            @PrometheusDuration @Nullable String maxBackoff,
            @Nullable Boolean retryOnRateLimit,
            @PrometheusDuration @Nullable String sampleAgeLimit) {}

    /**
     * The sending of metrics' types, units and help texts.
     *
     * @param send Whether they are sent. Default: true.
     * @param interval How often they are sent. Default: {@code 1m}.
     * @param maxSamplesPerSend The most of a request. Default: 2000; 500 before Prometheus 2.47.
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Metadata(
            @Nullable Boolean send,
            @PrometheusDuration @Nullable String interval,
            @Min(1) @Max(10000000) @Nullable Integer maxSamplesPerSend) {}
}
