package io.narthex.compiler.config;

import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.config.value.PrometheusDuration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One receiver of samples ("remote_write" of the Prometheus documentation).
 *
 * @param url where it is
 * @param name its name in metrics and logs; unique
 * @param remoteTimeout how long a request may take; 30s where not given
 * @param staticHeaders further headers; readable in the configuration, so no secrets
 * @param writeRelabelConfigs relabeling of what is sent
 * @param sendExemplars whether exemplars are sent
 * @param sendNativeHistograms whether native histograms are sent
 * @param roundRobinDns whether each connection picks one of the addresses by chance; from 3.1 on
 * @param protobufMessage the form of requests; from 2.54 on
 * @param convertNhcbToClassic whether native histograms with custom buckets are sent as classic ones; from 3.16 on
 * @param http how it is requested
 * @param queue the queue
 * @param metadata what is sent about metrics
 * @param sigv4 AWS's signatures
 * @param azureAd tokens of Microsoft Entra ID; from 2.45 on
 * @param googleIam credentials of Google Cloud; from 2.55 on
 */
public record RemoteWriteConfig(
        HttpUrl url,
        @Nullable String name,
        @Nullable PrometheusDuration remoteTimeout,
        Map<String, String> staticHeaders,
        List<RelabelConfig> writeRelabelConfigs,
        @Nullable Boolean sendExemplars,
        @Nullable Boolean sendNativeHistograms,
        @Nullable Boolean roundRobinDns,
        @Nullable RemoteWriteMessage protobufMessage,
        @Nullable Boolean convertNhcbToClassic,
        HttpClientConfig http,
        @Nullable QueueConfig queue,
        @Nullable MetadataConfig metadata,
        @Nullable SigV4Config sigv4,
        @Nullable AzureAdConfig azureAd,
        @Nullable GoogleIamConfig googleIam)
        implements Part {

    public RemoteWriteConfig {
        staticHeaders = Ordered.map(staticHeaders);
        writeRelabelConfigs = List.copyOf(writeRelabelConfigs);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.REMOTE_WRITE_URL, url);
        out.write(ConfigField.REMOTE_WRITE_NAME, name);
        out.write(ConfigField.REMOTE_WRITE_REMOTE_TIMEOUT, remoteTimeout);
        out.write(ConfigField.REMOTE_WRITE_HEADERS, staticHeaders);
        out.write(ConfigField.REMOTE_WRITE_WRITE_RELABEL_CONFIGS, writeRelabelConfigs);
        out.write(ConfigField.REMOTE_WRITE_SEND_EXEMPLARS, sendExemplars);
        out.write(ConfigField.REMOTE_WRITE_SEND_NATIVE_HISTOGRAMS, sendNativeHistograms);
        out.write(ConfigField.REMOTE_WRITE_ROUND_ROBIN_DNS, roundRobinDns);
        out.write(ConfigField.REMOTE_WRITE_PROTOBUF_MESSAGE, protobufMessage);
        out.write(ConfigField.REMOTE_WRITE_CONVERT_NHCB_TO_CLASSIC, convertNhcbToClassic);
        http.writeTo(out);
        out.write(ConfigField.REMOTE_WRITE_QUEUE_CONFIG, queue);
        out.write(ConfigField.REMOTE_WRITE_METADATA_CONFIG, metadata);
        out.write(ConfigField.REMOTE_WRITE_SIGV4, sigv4);
        out.write(ConfigField.REMOTE_WRITE_AZUREAD, azureAd);
        out.write(ConfigField.REMOTE_WRITE_GOOGLE_IAM, googleIam);
    }

    /** Gathers the components of a {@link RemoteWriteConfig}. */
    public static final class Builder {

        private @Nullable HttpUrl url;
        private @Nullable String name;
        private @Nullable PrometheusDuration remoteTimeout;
        private Map<String, String> staticHeaders = Map.of();
        private List<RelabelConfig> writeRelabelConfigs = List.of();
        private @Nullable Boolean sendExemplars;
        private @Nullable Boolean sendNativeHistograms;
        private @Nullable Boolean roundRobinDns;
        private @Nullable RemoteWriteMessage protobufMessage;
        private @Nullable Boolean convertNhcbToClassic;
        private HttpClientConfig http = HttpClientConfig.NONE;
        private @Nullable QueueConfig queue;
        private @Nullable MetadataConfig metadata;
        private @Nullable SigV4Config sigv4;
        private @Nullable AzureAdConfig azureAd;
        private @Nullable GoogleIamConfig googleIam;

        private Builder() {}

        /** Sets where it is. */
        public Builder url(HttpUrl url) {
            this.url = url;
            return this;
        }

        /** Sets its name in metrics and logs. */
        public Builder name(@Nullable String name) {
            this.name = name;
            return this;
        }

        /** Sets how long a request may take. */
        public Builder remoteTimeout(@Nullable PrometheusDuration remoteTimeout) {
            this.remoteTimeout = remoteTimeout;
            return this;
        }

        /** Sets further headers. */
        public Builder staticHeaders(Map<String, String> staticHeaders) {
            this.staticHeaders = staticHeaders;
            return this;
        }

        /** Sets relabeling of what is sent. */
        public Builder writeRelabelConfigs(List<RelabelConfig> writeRelabelConfigs) {
            this.writeRelabelConfigs = writeRelabelConfigs;
            return this;
        }

        /** Sets whether exemplars are sent. */
        public Builder sendExemplars(@Nullable Boolean sendExemplars) {
            this.sendExemplars = sendExemplars;
            return this;
        }

        /** Sets whether native histograms are sent. */
        public Builder sendNativeHistograms(@Nullable Boolean sendNativeHistograms) {
            this.sendNativeHistograms = sendNativeHistograms;
            return this;
        }

        /** Sets whether each connection picks one of the addresses by chance. */
        public Builder roundRobinDns(@Nullable Boolean roundRobinDns) {
            this.roundRobinDns = roundRobinDns;
            return this;
        }

        /** Sets the form of requests. */
        public Builder protobufMessage(@Nullable RemoteWriteMessage protobufMessage) {
            this.protobufMessage = protobufMessage;
            return this;
        }

        /** Sets whether native histograms with custom buckets are sent as classic ones. */
        public Builder convertNhcbToClassic(@Nullable Boolean convertNhcbToClassic) {
            this.convertNhcbToClassic = convertNhcbToClassic;
            return this;
        }

        /** Sets how it is requested. */
        public Builder http(HttpClientConfig http) {
            this.http = http;
            return this;
        }

        /** Sets the queue. */
        public Builder queue(@Nullable QueueConfig queue) {
            this.queue = queue;
            return this;
        }

        /** Sets what is sent about metrics. */
        public Builder metadata(@Nullable MetadataConfig metadata) {
            this.metadata = metadata;
            return this;
        }

        /** Sets AWS's signatures. */
        public Builder sigv4(@Nullable SigV4Config sigv4) {
            this.sigv4 = sigv4;
            return this;
        }

        /** Sets tokens of Microsoft Entra ID. */
        public Builder azureAd(@Nullable AzureAdConfig azureAd) {
            this.azureAd = azureAd;
            return this;
        }

        /** Sets credentials of Google Cloud. */
        public Builder googleIam(@Nullable GoogleIamConfig googleIam) {
            this.googleIam = googleIam;
            return this;
        }

        /** Returns the whole. */
        public RemoteWriteConfig build() {
            return new RemoteWriteConfig(
                    Objects.requireNonNull(url, "url"),
                    name,
                    remoteTimeout,
                    staticHeaders,
                    writeRelabelConfigs,
                    sendExemplars,
                    sendNativeHistograms,
                    roundRobinDns,
                    protobufMessage,
                    convertNhcbToClassic,
                    http,
                    queue,
                    metadata,
                    sigv4,
                    azureAd,
                    googleIam);
        }
    }
}
