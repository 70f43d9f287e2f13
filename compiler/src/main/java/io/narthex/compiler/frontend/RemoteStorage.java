package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_SERVER_VALUE;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.RemoteRead;
import io.narthex.api.v1alpha1.RemoteWrite;
import io.narthex.api.v1alpha1.RemoteWriteAuth;
import io.narthex.compiler.config.MetadataConfig;
import io.narthex.compiler.config.QueueConfig;
import io.narthex.compiler.config.RemoteReadConfig;
import io.narthex.compiler.config.RemoteWriteConfig;
import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a server writes samples to beside its own storage, and reads from. */
final class RemoteStorage {

    private static final FieldPath SPEC = FieldPath.of("spec");

    private final PrometheusServerSpec spec;
    private final Report report;
    private final Texts texts;
    private final HttpClients clients;
    private final CloudAuth cloud;
    private final Relabelings relabelings;

    RemoteStorage(
            PrometheusServerSpec spec, Names names, Report report, Texts texts, HttpClients clients, CloudAuth cloud) {
        this.spec = spec;
        this.report = report;
        this.texts = texts;
        this.clients = clients;
        this.cloud = cloud;
        this.relabelings = new Relabelings(report, names.relabeling(), (Severity) null);
    }

    List<RemoteWriteConfig> writes() {
        List<RemoteWriteConfig> configs = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < spec.remoteWrite().size(); i++) {
            RemoteWrite write = spec.remoteWrite().get(i);
            FieldPath at = SPEC.field("remoteWrite").index(i, write.name());
            report.unique(taken, write.name(), at);
            HttpUrl url = report.value(HttpUrl.parse(write.url()), INVALID_SERVER_VALUE, at.field("url"));
            if (url == null) {
                continue;
            }
            RemoteWriteAuth auth = write.auth();
            FieldPath authAt = at.field("auth");
            HttpClients.Remote client = clients.remote(write, at);
            configs.add(RemoteWriteConfig.builder()
                    .url(url)
                    .name(texts.check(write.name(), at.field("name")))
                    .remoteTimeout(texts.positive(write.timeout(), at.field("timeout")))
                    .writeRelabelConfigs(relabelings.read(write.relabelings(), at.field("relabelings")))
                    .sendExemplars(write.sendExemplars())
                    .sendNativeHistograms(write.sendNativeHistograms())
                    .roundRobinDns(write.roundRobinDns())
                    .protobufMessage(Enums.message(write.message()))
                    .staticHeaders(client.staticHeaders())
                    .http(client.http())
                    .queue(write.queue() == null ? null : queue(write.queue(), at.field("queue")))
                    .metadata(write.metadata() == null ? null : metadata(write.metadata(), at.field("metadata")))
                    .sigv4(auth == null ? null : cloud.sigv4(auth.sigv4(), authAt.field("sigv4")))
                    .azureAd(auth == null || auth.azureAd() == null ? null : cloud.azure(auth.azureAd(), authAt))
                    .googleIam(auth == null ? null : cloud.google(auth.googleIam(), authAt))
                    .build());
        }
        return configs;
    }

    private QueueConfig queue(RemoteWrite.Queue queue, FieldPath at) {
        return QueueConfig.builder()
                .capacity(number(queue.capacity()))
                .maxShards(number(queue.maxShards()))
                .minShards(number(queue.minShards()))
                .maxSamplesPerSend(number(queue.maxSamplesPerSend()))
                .batchSendDeadline(texts.positive(queue.batchSendDeadline(), at.field("batchSendDeadline")))
                .minBackoff(texts.positive(queue.minBackoff(), at.field("minBackoff")))
                .maxBackoff(texts.positive(queue.maxBackoff(), at.field("maxBackoff")))
                .retryOnHttp429(queue.retryOnRateLimit())
                .sampleAgeLimit(texts.duration(queue.sampleAgeLimit(), at.field("sampleAgeLimit")))
                .build();
    }

    private MetadataConfig metadata(RemoteWrite.Metadata metadata, FieldPath at) {
        return new MetadataConfig(
                metadata.send(),
                texts.positive(metadata.interval(), at.field("interval")),
                number(metadata.maxSamplesPerSend()));
    }

    List<RemoteReadConfig> reads() {
        List<RemoteReadConfig> configs = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < spec.remoteRead().size(); i++) {
            RemoteRead read = spec.remoteRead().get(i);
            FieldPath at = SPEC.field("remoteRead").index(i, read.name());
            report.unique(taken, read.name(), at);
            HttpUrl url = report.value(HttpUrl.parse(read.url()), INVALID_SERVER_VALUE, at.field("url"));
            if (url != null) {
                HttpClients.Remote client = clients.remote(read, at);
                configs.add(RemoteReadConfig.builder()
                        .url(url)
                        .name(texts.check(read.name(), at.field("name")))
                        .remoteTimeout(texts.positive(read.timeout(), at.field("timeout")))
                        .readRecent(read.readRecent())
                        .requiredMatchers(texts.checkAll(read.requiredMatchers(), at.field("requiredMatchers")))
                        .filterExternalLabels(read.filterExternalLabels())
                        .staticHeaders(client.staticHeaders())
                        .http(client.http())
                        .build());
            }
        }
        return configs;
    }

    private static @Nullable Long number(@Nullable Integer number) {
        return number == null ? null : Long.valueOf(number);
    }
}
