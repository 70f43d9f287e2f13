package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.narthex.api.schema.DnsLabel;
import io.narthex.api.schema.HttpUrl;
import io.narthex.api.schema.LabelName;
import io.narthex.api.schema.MapList;
import io.narthex.api.schema.PrometheusDuration;
import io.narthex.api.schema.ResourceName;
import io.narthex.api.schema.SetList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Prometheus server: its release, its settings, its storage, and whose monitors it takes. All durations, sizes and
 * defaults that are not said to be Narthex's are Prometheus's own.
 *
 * @param version The release of Prometheus, such as {@code 3.16.0}. Default: the newest that Narthex knows. {@code
 *     narthex run} uses the program that it finds, whose release then counts.
 * @param image The container image. Default: Narthex's own choice for {@code version}. Kubernetes and Swarm only.
 * @param imagePullPolicy When the image is pulled. Default: Kubernetes's own. Kubernetes only.
 * @param imagePullSecrets Secrets with which the image is pulled. Kubernetes only.
 * @param mode Who runs the server.
 * @param external Where the server is, in the mode {@code External}.
 * @param replicas How many equal servers run for each shard, each scraping everything. Kubernetes and Swarm only;
 *     elsewhere one runs.
 * @param replicaLabel The external label that tells replicas apart, removed from alerts so that they stay equal.
 *     Default: {@code prometheus_replica} where there are several replicas, otherwise none.
 * @param shards Among how many servers the targets are divided. Not served by this release: above 1 it is refused on
 *     Kubernetes and Docker Swarm (NX1311), and ignored elsewhere (NX1303).
 * @param paused Whether Narthex leaves this server as it is.
 * @param operatorClass Which operator takes care of this resource, where there are several. Default: the one without a
 *     class.
 * @param listen Where the server listens.
 * @param externalUrl The URL at which users reach the server, for links in alerts.
 * @param routePrefix The path before all paths of the server. Default: the path of {@code externalUrl}.
 * @param web The server's web interface.
 * @param scrapeInterval How often targets are scraped. Default: {@code 1m}.
 * @param scrapeTimeout How long a scrape may take, at most {@code scrapeInterval}. Default: {@code 10s}, or the
 *     interval where that is shorter.
 * @param evaluationInterval How often rules are evaluated. Default: {@code 1m}.
 * @param scrapeDefaults Further defaults of all scrape jobs.
 * @param externalLabels Labels added to all that leaves the server: alerts, remote write, federation. {@code $} is an
 *     ordinary character.
 * @param retention How long samples are kept.
 * @param storage Where samples are kept. Default on Kubernetes: {@code emptyDir}.
 * @param tsdb The database.
 * @param monitors The Monitors that the server takes. Default: all of its own namespace.
 * @param ruleSets The RuleSets that the server takes. Default: all of its own namespace.
 * @param rules The evaluation of rules.
 * @param alertmanagers Where alerts are sent.
 * @param notifications How alerts are sent.
 * @param remoteWrite Where samples are sent.
 * @param remoteRead Where further samples are read.
 * @param remoteWriteReceiver Makes the server accept remote write.
 * @param otlp Makes the server accept OpenTelemetry metrics.
 * @param agent Makes the server an agent, which only scrapes and sends on. It has then no rules, alerts, queries and
 *     retention.
 * @param query Limits of queries.
 * @param tracing Where the server sends traces of itself.
 * @param runtime The Go runtime.
 * @param features Features to enable by name (Prometheus documentation, "Feature flags").
 * @param log The server's log.
 * @param extraFlags Further command-line flags, by their names without dashes; for a flag without a value, an empty
 *     string. Flags that a field stands for, or that Narthex depends on, are refused.
 * @param additionalScrapeConfigs A list of scrape configurations in Prometheus's own form, for what Monitors can't say.
 *     Narthex adds them as they are.
 * @param discovery Who discovers targets. Default: {@code Native}; on Swarm {@code Narthex}.
 * @param kubernetes The Kubernetes API from which Prometheus discovers targets. Default: that of the cluster in which
 *     the server runs; elsewhere there is none.
 * @param tenancy What Monitors of others may do.
 * @param serviceAccount The server's service account. Kubernetes only.
 * @param pod Settings of the server's pods. Kubernetes only.
 * @param podTemplate Anything else of the server's pods: a strategic merge patch of the pod template, applied last. It
 *     can't touch what Narthex owns. Kubernetes only.
 * @param swarm Settings of the server's service. Swarm only.
 */
@ValidationRule(
        value = "(has(self.mode) && self.mode == 'External') == has(self.external)",
        message = "external and mode: External are set together or not at all")
@ValidationRule(
        value =
                "!has(self.agent) || !(has(self.alertmanagers) || has(self.remoteRead) || has(self.retention) || has(self.ruleSets) || has(self.rules))",
        message = "an agent has no alertmanagers, remoteRead, retention, ruleSets and rules")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PrometheusServerSpec(
        @Pattern("^[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?$") @Size(min = 1, max = 64) @Nullable
        String version,

        @Pattern("^[^\\s]+$") @Size(min = 1, max = 1024) @Nullable
        String image,

        @Nullable ImagePullPolicy imagePullPolicy,
        @SetList @Size(max = 16) List<@ResourceName String> imagePullSecrets,
        @Default("Managed") ServerMode mode,
        @Nullable ExternalServer external,
        @Default("1") @Min(0) @Max(16) Integer replicas,
        @LabelName @Nullable String replicaLabel,
        @Default("1") @Min(1) @Max(1024) Integer shards,
        boolean paused,
        @DnsLabel @Nullable String operatorClass,
        @Nullable Listen listen,
        @HttpUrl @Nullable String externalUrl,
        @Pattern("^/") @Size(min = 1, max = 512) @Nullable String routePrefix,
        @Nullable Web web,
        @PrometheusDuration @Nullable String scrapeInterval,
        @PrometheusDuration @Nullable String scrapeTimeout,
        @PrometheusDuration @Nullable String evaluationInterval,
        @Nullable ScrapeDefaults scrapeDefaults,
        Map<String, @Size(max = 1024) String> externalLabels,
        @Nullable RetentionSpec retention,
        @Nullable Storage storage,
        @Nullable Tsdb tsdb,
        @Nullable ResourceSelection monitors,
        @Nullable ResourceSelection ruleSets,
        @Nullable RuleSettings rules,
        @MapList("name") @Size(max = 16) List<Alertmanager> alertmanagers,
        @Nullable Notifications notifications,
        @MapList("name") @Size(max = 32) List<RemoteWrite> remoteWrite,
        @MapList("name") @Size(max = 32) List<RemoteRead> remoteRead,
        @Nullable RemoteWriteReceiver remoteWriteReceiver,
        @Nullable Otlp otlp,
        @Nullable Agent agent,
        @Nullable QuerySettings query,
        @Nullable Tracing tracing,
        @Nullable RuntimeSettings runtime,
        @SetList List<@Pattern("^[a-z0-9-]+$") @Size(min = 1, max = 128) String> features,
        @Nullable LogSettings log,
        Map<String, @Size(max = 4096) String> extraFlags,
        @Nullable CredentialSource additionalScrapeConfigs,
        @Nullable Discovery discovery,
        @Nullable KubernetesApi kubernetes,
        @Nullable Tenancy tenancy,
        @Nullable ServiceAccount serviceAccount,
        @Nullable PodSettings pod,
        @Nullable RawObject podTemplate,
        @Nullable SwarmSettings swarm) {
    public PrometheusServerSpec {
        imagePullSecrets = Immutable.list(imagePullSecrets);
        externalLabels = Immutable.map(externalLabels);
        alertmanagers = Immutable.list(alertmanagers);
        remoteWrite = Immutable.list(remoteWrite);
        remoteRead = Immutable.list(remoteRead);
        features = Immutable.list(features);
        extraFlags = Immutable.map(extraFlags);
        mode = mode == null ? ServerMode.MANAGED : mode;
        replicas = replicas == null ? Integer.valueOf(1) : replicas;
        shards = shards == null ? Integer.valueOf(1) : shards;
    }

    /** Returns whether somebody else runs the server. */
    public boolean runsElsewhere() {
        return mode == ServerMode.EXTERNAL;
    }

    /** Returns whether the server doesn't let in everybody. */
    public boolean asksWho() {
        return web != null && web.asksWho();
    }
}
