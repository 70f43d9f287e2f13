package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_SERVER_VALUE;

import io.narthex.api.v1alpha1.Alertmanager;
import io.narthex.api.v1alpha1.AlertmanagerAuth;
import io.narthex.api.v1alpha1.AzureAd;
import io.narthex.api.v1alpha1.GoogleIam;
import io.narthex.api.v1alpha1.NativeHistograms;
import io.narthex.api.v1alpha1.Otlp;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.Relabeling;
import io.narthex.api.v1alpha1.RemoteRead;
import io.narthex.api.v1alpha1.RemoteWrite;
import io.narthex.api.v1alpha1.RemoteWriteAuth;
import io.narthex.api.v1alpha1.RuleSettings;
import io.narthex.api.v1alpha1.ScrapeDefaults;
import io.narthex.api.v1alpha1.SigV4;
import io.narthex.api.v1alpha1.Tracing;
import io.narthex.api.v1alpha1.Tsdb;
import io.narthex.compiler.config.AlertingConfig;
import io.narthex.compiler.config.AlertmanagerConfig;
import io.narthex.compiler.config.AzureAdConfig;
import io.narthex.compiler.config.AzureManagedIdentity;
import io.narthex.compiler.config.AzureSdk;
import io.narthex.compiler.config.AzureWorkloadIdentity;
import io.narthex.compiler.config.ChunkEncodingConfig;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.DnsRecordType;
import io.narthex.compiler.config.DnsSdConfig;
import io.narthex.compiler.config.EnvironmentVariable;
import io.narthex.compiler.config.EscapingScheme;
import io.narthex.compiler.config.ExemplarsConfig;
import io.narthex.compiler.config.ExpositionConfig;
import io.narthex.compiler.config.GlobalConfig;
import io.narthex.compiler.config.GoogleIamConfig;
import io.narthex.compiler.config.KubernetesNamespaces;
import io.narthex.compiler.config.KubernetesRole;
import io.narthex.compiler.config.KubernetesSdConfig;
import io.narthex.compiler.config.MetadataConfig;
import io.narthex.compiler.config.OtlpConfig;
import io.narthex.compiler.config.PrometheusConfig;
import io.narthex.compiler.config.QueueConfig;
import io.narthex.compiler.config.RelabelAction;
import io.narthex.compiler.config.RelabelConfig;
import io.narthex.compiler.config.RemoteReadConfig;
import io.narthex.compiler.config.RemoteWriteConfig;
import io.narthex.compiler.config.RetentionConfig;
import io.narthex.compiler.config.RuntimeConfig;
import io.narthex.compiler.config.ScrapeLimits;
import io.narthex.compiler.config.ServiceDiscovery;
import io.narthex.compiler.config.SigV4Config;
import io.narthex.compiler.config.StaticConfig;
import io.narthex.compiler.config.StorageConfig;
import io.narthex.compiler.config.TracingConfig;
import io.narthex.compiler.config.TsdbConfig;
import io.narthex.compiler.config.value.ByteSize;
import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.config.value.NameScheme;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.PrometheusRegex;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.config.value.TargetAddress;
import io.narthex.compiler.config.value.Text;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.Retention;
import io.narthex.compiler.model.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The server's part of {@code prometheus.yml}. */
final class ServerConfigs {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern SCOPE = Pattern.compile("[\\w\\s:/.-]+");

    private final Declared<PrometheusServerSpec> server;
    private final PrometheusServerSpec spec;
    private final CompileOptions options;
    private final Dialect dialect;
    private final Names names;
    private final Report report;
    private final Texts texts;
    private final Credentials credentials;
    private final HttpClients clients;
    private final Optional<ServerSettings.KubernetesClient> kubernetes;
    private final Sight sight;

    ServerConfigs(
            Declared<PrometheusServerSpec> server,
            CompileOptions options,
            Dialect dialect,
            Report report,
            Texts texts,
            Credentials credentials,
            HttpClients clients,
            Optional<ServerSettings.KubernetesClient> kubernetes,
            Sight sight) {
        this.server = server;
        this.spec = server.spec();
        this.options = options;
        this.dialect = dialect;
        this.names = Names.of(
                dialect,
                spec.scrapeDefaults() == null
                        ? null
                        : Enums.names(spec.scrapeDefaults().nameValidation()));
        this.report = report;
        this.texts = texts;
        this.credentials = credentials;
        this.clients = clients;
        this.kubernetes = kubernetes;
        this.sight = sight;
    }

    PrometheusConfig config(
            @Nullable PrometheusDuration interval, @Nullable PrometheusDuration timeout, Retention retention) {
        boolean agent = spec.agent() != null;
        agentConflicts(agent);
        return PrometheusConfig.builder()
                .global(global(interval, timeout, agent))
                .runtime(
                        spec.runtime() == null || spec.runtime().gogc() == null
                                ? null
                                : new RuntimeConfig(Long.valueOf(spec.runtime().gogc()), null))
                .alerting(agent ? null : alerting())
                .storage(storage(agent, retention))
                .tracing(spec.tracing() == null ? null : tracing(spec.tracing()))
                .remoteWrite(remoteWrites())
                .remoteRead(agent ? List.of() : remoteReads())
                .otlp(spec.otlp() == null ? null : otlp(spec.otlp()))
                .build();
    }

    private void agentConflicts(boolean agent) {
        if (!agent) {
            return;
        }
        Map<String, Boolean> fields = new TreeMap<>();
        fields.put("alertmanagers", !spec.alertmanagers().isEmpty());
        fields.put("remoteRead", !spec.remoteRead().isEmpty());
        fields.put("retention", spec.retention() != null);
        fields.put("ruleSets", spec.ruleSets() != null);
        fields.put("rules", spec.rules() != null);
        fields.forEach((name, set) -> {
            if (set) {
                report.add(
                        DiagnosticCode.AGENT_CONFLICT,
                        SPEC.field(name),
                        "an agent has no " + name,
                        "agent or " + name,
                        "remove one of them");
            }
        });
    }

    private GlobalConfig global(
            @Nullable PrometheusDuration interval, @Nullable PrometheusDuration timeout, boolean agent) {
        ScrapeDefaults defaults = spec.scrapeDefaults();
        RuleSettings rules = spec.rules();
        String data = options.layout().dataDirectory();
        boolean logFailures = defaults != null && Boolean.TRUE.equals(defaults.logFailures());
        return GlobalConfig.builder()
                .scrapeInterval(interval)
                .scrapeTimeout(timeout)
                .evaluationInterval(texts.positive(spec.evaluationInterval(), SPEC.field("evaluationInterval")))
                .ruleQueryOffset(
                        rules == null
                                ? null
                                : texts.duration(
                                        rules.queryOffset(), SPEC.field("rules").field("queryOffset")))
                .queryLogFile(!agent && spec.query() != null && spec.query().log() ? data + "/query.log" : null)
                .scrapeFailureLogFile(logFailures ? data + "/scrape-failures.log" : null)
                .externalLabels(externalLabels())
                .exposition(exposition(defaults))
                .limits(limits(defaults))
                .build();
    }

    /** Returns the limits of all jobs; where the release has none for all, each job is written with them. */
    private ScrapeLimits limits(@Nullable ScrapeDefaults defaults) {
        ScrapeLimits limits = new Limits(report, INVALID_SERVER_VALUE, false)
                .read(
                        defaults == null ? null : defaults.limits(),
                        SPEC.field("scrapeDefaults").field("limits"),
                        null,
                        null);
        // Additional jobs are taken as they are, so that their limits can only be Prometheus's own.
        return dialect.hasGlobalLimits() || (spec.additionalScrapeConfigs() != null && dialect.hasScrapeConfigFiles())
                ? limits
                : ScrapeLimits.builder()
                        .keepDroppedTargets(limits.keepDroppedTargets())
                        .build();
    }

    private Map<String, ?> externalLabels() {
        Map<String, Object> labels = new TreeMap<>();
        spec.externalLabels().forEach((name, value) -> {
            FieldPath at = SPEC.field("externalLabels").field(name);
            report.add(INVALID_SERVER_VALUE, at, names.labels().labelNameProblem(name));
            report.add(INVALID_SERVER_VALUE, at, Text.problem(value));
            labels.put(name, value);
        });
        String replica = ReplicaLabel.of(spec, options.platform());
        if (replica != null) {
            report.add(
                    INVALID_SERVER_VALUE,
                    SPEC.field("replicaLabel"),
                    names.labels().labelNameProblem(replica));
            if (labels.containsKey(replica) && spec.replicas() > 1) {
                report.add(
                        DiagnosticCode.SETTING_IGNORED,
                        Severity.WARNING,
                        SPEC.field("externalLabels").field(replica),
                        "the label " + replica
                                + ", which tells replicas apart, is the same for all of them here: what they"
                                + " send to one place can't be told apart there",
                        "another label",
                        "remove it, or name another replicaLabel");
            }
            labels.putIfAbsent(
                    replica,
                    ReplicaLabel.isVariable(spec, options.platform())
                            ? new EnvironmentVariable(ReplicaLabel.VARIABLE)
                            : server.key().name() + "-0");
        }
        return labels;
    }

    private ExpositionConfig exposition(@Nullable ScrapeDefaults defaults) {
        if (defaults == null) {
            return ExpositionConfig.NONE;
        }
        EscapingScheme escaping = Enums.escaping(defaults.nameEscaping());
        if (escaping == EscapingScheme.ALLOW_UTF_8 && names.labels() == NameScheme.LEGACY) {
            report.add(
                    INVALID_SERVER_VALUE,
                    SPEC.field("scrapeDefaults").field("nameEscaping"),
                    "allow-utf-8 asks for names that the legacy name validation refuses",
                    "underscores, dots or values",
                    "use another nameEscaping, or nameValidation: utf8");
        }
        NativeHistograms histograms = defaults.nativeHistograms();
        return ExpositionConfig.builder()
                .scrapeProtocols(Enums.protocols(defaults.scrapeProtocols()))
                .scrapeNativeHistograms(histograms == null ? null : histograms.scrape())
                .alwaysScrapeClassicHistograms(histograms == null ? null : histograms.alwaysScrapeClassic())
                .convertClassicHistogramsToNhcb(histograms == null ? null : histograms.convertClassic())
                .metricNameValidationScheme(Enums.names(defaults.nameValidation()))
                .metricNameEscapingScheme(escaping)
                .extraScrapeMetrics(defaults.extraScrapeMetrics())
                .build();
    }

    private @Nullable StorageConfig storage(boolean agent, Retention retention) {
        Tsdb tsdb = spec.tsdb();
        ExemplarsConfig exemplars = tsdb == null || tsdb.exemplars() == null || tsdb.exemplars() == 0
                ? null
                : new ExemplarsConfig(Long.valueOf(tsdb.exemplars()));
        PrometheusDuration window = tsdb == null
                ? null
                : texts.duration(tsdb.outOfOrderWindow(), SPEC.field("tsdb").field("outOfOrderWindow"));
        ChunkEncodingConfig encoding = tsdb == null || tsdb.headChunkEncoding() == null
                ? null
                : new ChunkEncodingConfig(tsdb.headChunkEncoding().value());
        Double stale = tsdb == null ? null : tsdb.staleSeriesCompactionThreshold();
        RetentionConfig retentionConfig = agent ? null : retention(retention);
        TsdbConfig config = window == null && stale == null && encoding == null && retentionConfig == null
                ? null
                : new TsdbConfig(window, stale, encoding, retentionConfig);
        return config == null && exemplars == null ? null : new StorageConfig(config, exemplars);
    }

    private @Nullable RetentionConfig retention(Retention retention) {
        if (spec.retention() == null) {
            return null;
        }
        if (!dialect.hasRetentionInFile()) {
            return null;
        }
        return new RetentionConfig(
                retention
                        .time()
                        .map(time -> new PrometheusDuration(time.toMillis()))
                        .orElse(null),
                retention.sizeBytes().isPresent()
                        ? new ByteSize(retention.sizeBytes().getAsLong())
                        : null,
                spec.retention().percentage());
    }

    private TracingConfig tracing(Tracing tracing) {
        FieldPath at = SPEC.field("tracing");
        return TracingConfig.builder()
                .clientType(tracing.client() == null ? null : tracing.client().value())
                .endpoint(checked(tracing.endpoint(), at.field("endpoint")))
                .samplingFraction(tracing.samplingFraction())
                .insecure(tracing.insecure())
                .tls(clients.tls(tracing.tls(), at.field("tls")))
                .headers(texts.checkAll(tracing.headers(), at.field("headers")))
                .compression(
                        tracing.compression() == null
                                ? null
                                : tracing.compression().value())
                .timeout(texts.positive(tracing.timeout(), at.field("timeout")))
                .build();
    }

    private String checked(String text, FieldPath at) {
        String good = texts.check(text, at);
        return good == null ? "" : good;
    }

    private OtlpConfig otlp(Otlp otlp) {
        FieldPath at = SPEC.field("otlp");
        return OtlpConfig.builder()
                .promoteResourceAttributes(
                        texts.checkAll(otlp.promoteResourceAttributes(), at.field("promoteResourceAttributes")))
                .promoteAllResourceAttributes(otlp.promoteAllResourceAttributes())
                .ignoreResourceAttributes(
                        texts.checkAll(otlp.ignoreResourceAttributes(), at.field("ignoreResourceAttributes")))
                .translationStrategy(Enums.otlp(otlp.translation()))
                .keepIdentifyingResourceAttributes(otlp.keepIdentifyingResourceAttributes())
                .convertHistogramsToNhcb(otlp.convertHistograms())
                .promoteScopeMetadata(otlp.promoteScopeMetadata())
                .build();
    }

    private @Nullable AlertingConfig alerting() {
        List<RelabelConfig> relabelings = new ArrayList<>();
        String replica = ReplicaLabel.of(spec, options.platform());
        if (replica != null && names.labels().isLabelName(replica)) {
            relabelings.add(RelabelConfig.builder()
                    .regex(PrometheusRegex.literally(replica))
                    .action(RelabelAction.LABELDROP)
                    .build());
        }
        if (spec.notifications() != null) {
            relabelings.addAll(relabelings(
                    spec.notifications().relabelings(),
                    SPEC.field("notifications").field("relabelings")));
        }
        List<AlertmanagerConfig> alertmanagers = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < spec.alertmanagers().size(); i++) {
            Alertmanager alertmanager = spec.alertmanagers().get(i);
            FieldPath at = SPEC.field("alertmanagers").index(i, alertmanager.name());
            unique(taken, alertmanager.name(), at);
            AlertmanagerConfig config = alertmanager(alertmanager, at);
            if (config != null) {
                alertmanagers.add(config);
            }
        }
        return relabelings.isEmpty() && alertmanagers.isEmpty() ? null : new AlertingConfig(relabelings, alertmanagers);
    }

    private List<RelabelConfig> relabelings(List<Relabeling> relabelings, FieldPath at) {
        return new Relabelings(report, names.relabeling(), (Severity) null).read(relabelings, at);
    }

    private void unique(Set<String> taken, String name, FieldPath at) {
        if (!taken.add(name)) {
            report.add(
                    DiagnosticCode.DUPLICATE_NAME,
                    at.field("name"),
                    "two elements are called " + name,
                    "each name once",
                    "rename one of them");
        }
    }

    private @Nullable AlertmanagerConfig alertmanager(Alertmanager alertmanager, FieldPath at) {
        List<ServiceDiscovery> discovery = new ArrayList<>();
        List<RelabelConfig> steps = new ArrayList<>();
        if (!alertmanager.targets().isEmpty()) {
            List<String> targets = new ArrayList<>();
            for (int i = 0; i < alertmanager.targets().size(); i++) {
                TargetAddress target = report.value(
                        TargetAddress.parse(alertmanager.targets().get(i)),
                        INVALID_SERVER_VALUE,
                        at.field("targets").index(i));
                if (target != null) {
                    targets.add(target.toString());
                }
            }
            discovery.add(new StaticConfig(targets, Map.of()));
        }
        if (alertmanager.dns() != null) {
            discovery.add(dns(alertmanager.dns(), at.field("dns")));
        }
        if (alertmanager.service() != null) {
            discovery.addAll(service(alertmanager.service(), at.field("service"), steps));
        }
        if (discovery.size() != 1) {
            if (discovery.isEmpty() && alertmanager.service() != null) {
                return null;
            }
            report.add(
                    INVALID_SERVER_VALUE,
                    at,
                    discovery.isEmpty()
                            ? "targets, service and dns are all missing"
                            : "several of targets, service and dns are set",
                    "exactly one of targets, service and dns",
                    "");
            return null;
        }
        AlertmanagerAuth auth = alertmanager.auth();
        steps.addAll(relabelings(alertmanager.relabelings(), at.field("relabelings")));
        return AlertmanagerConfig.builder()
                .scheme(
                        alertmanager.scheme() == null
                                ? null
                                : alertmanager.scheme().value())
                .pathPrefix(texts.check(alertmanager.pathPrefix(), at.field("pathPrefix")))
                .timeout(texts.positive(alertmanager.timeout(), at.field("timeout")))
                .http(clients.client(alertmanager, at))
                .sigv4(
                        auth == null
                                ? null
                                : sigv4(auth.sigv4(), at.field("auth").field("sigv4")))
                .discovery(discovery)
                .relabelConfigs(steps)
                .alertRelabelConfigs(relabelings(alertmanager.alertRelabelings(), at.field("alertRelabelings")))
                .build();
    }

    private DnsSdConfig dns(Alertmanager.AlertmanagerDns dns, FieldPath at) {
        DnsRecordType type = Enums.dns(dns.type());
        boolean srv = type == null || type == DnsRecordType.SRV;
        if (!srv && dns.port() == null) {
            report.add(
                    INVALID_SERVER_VALUE,
                    at,
                    "records of the type " + type + " hold no port",
                    "port, or records of the type SRV",
                    "set port");
        }
        return new DnsSdConfig(
                texts.checkAll(dns.names(), at.field("names")),
                type,
                srv || dns.port() == null ? null : Long.valueOf(dns.port()),
                texts.positive(dns.refreshInterval(), at.field("refreshInterval")));
    }

    private List<ServiceDiscovery> service(
            Alertmanager.AlertmanagerService service, FieldPath at, List<RelabelConfig> steps) {
        if (options.platform() != Platform.KUBERNETES && spec.kubernetes() == null) {
            report.add(
                    INVALID_SERVER_VALUE,
                    at,
                    "service needs the Kubernetes API, and "
                            + options.platform().text() + " has none at hand",
                    "targets or dns",
                    "use targets or dns");
            return List.of();
        }
        String namespace = service.namespace() == null ? server.key().namespace() : service.namespace();
        sight.check(namespace, at.field("namespace"), "name an Alertmanager of another one", report);
        KubernetesSdConfig.Builder config = KubernetesSdConfig.builder()
                .role(KubernetesRole.ENDPOINTSLICE)
                .namespaces(new KubernetesNamespaces(null, List.of(namespace)));
        kubernetes.ifPresent(client -> config.apiServer(client.url()).http(client.http()));
        steps.add(Steps.keep("__meta_kubernetes_service_name", service.name()));
        steps.add(Steps.keep(
                service.port().number() != null
                        ? "__meta_kubernetes_endpointslice_port"
                        : "__meta_kubernetes_endpointslice_port_name",
                service.port().toString()));
        return List.of(config.build());
    }

    private @Nullable SigV4Config sigv4(@Nullable SigV4 sigv4, FieldPath at) {
        if (sigv4 != null
                && sigv4.externalId() != null
                && (sigv4.roleArn() == null || sigv4.roleArn().isEmpty())) {
            report.add(
                    INVALID_SERVER_VALUE,
                    at.field("externalId"),
                    "externalId is set without roleArn",
                    "externalId together with roleArn",
                    "add roleArn");
        }
        return sigv4 == null
                ? null
                : SigV4Config.builder()
                        .region(texts.check(sigv4.region(), at.field("region")))
                        .profile(texts.check(sigv4.profile(), at.field("profile")))
                        .roleArn(texts.check(sigv4.roleArn(), at.field("roleArn")))
                        .externalId(texts.check(sigv4.externalId(), at.field("externalId")))
                        .useFipsStsEndpoint(sigv4.useFipsStsEndpoint())
                        .serviceName(texts.check(sigv4.serviceName(), at.field("serviceName")))
                        .build();
    }

    private List<RemoteWriteConfig> remoteWrites() {
        List<RemoteWriteConfig> configs = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < spec.remoteWrite().size(); i++) {
            RemoteWrite write = spec.remoteWrite().get(i);
            FieldPath at = SPEC.field("remoteWrite").index(i, write.name());
            unique(taken, write.name(), at);
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
                    .writeRelabelConfigs(relabelings(write.relabelings(), at.field("relabelings")))
                    .sendExemplars(write.sendExemplars())
                    .sendNativeHistograms(write.sendNativeHistograms())
                    .roundRobinDns(write.roundRobinDns())
                    .protobufMessage(Enums.message(write.message()))
                    .staticHeaders(client.staticHeaders())
                    .http(client.http())
                    .queue(write.queue() == null ? null : queue(write.queue(), at.field("queue")))
                    .metadata(write.metadata() == null ? null : metadata(write.metadata(), at.field("metadata")))
                    .sigv4(auth == null ? null : sigv4(auth.sigv4(), authAt.field("sigv4")))
                    .azureAd(auth == null || auth.azureAd() == null ? null : azure(auth.azureAd(), authAt))
                    .googleIam(auth == null ? null : google(auth.googleIam(), authAt))
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

    private AzureAdConfig azure(AzureAd azure, FieldPath authAt) {
        FieldPath at = authAt.field("azureAd");
        if (azure.managedIdentity() != null) {
            if (azure.managedIdentity().clientId() == null && !dialect.hasSystemAssignedIdentity()) {
                report.add(
                        DiagnosticCode.NEEDED_NOT_IN_VERSION,
                        at.field("managedIdentity"),
                        "Prometheus " + dialect.version()
                                + " knows no system-assigned identity, and clientId names none",
                        "Prometheus 3.5 and later, or clientId",
                        "set clientId, or run Prometheus 3.5 or later");
            }
            uuid(azure.managedIdentity().clientId(), at.field("managedIdentity").field("clientId"));
        }
        if (azure.workloadIdentity() != null) {
            uuid(
                    azure.workloadIdentity().clientId(),
                    at.field("workloadIdentity").field("clientId"));
            uuid(
                    azure.workloadIdentity().tenantId(),
                    at.field("workloadIdentity").field("tenantId"));
        }
        if (azure.sdk() != null) {
            texts.check(azure.sdk().tenantId(), at.field("sdk").field("tenantId"));
        }
        if (azure.scope() != null && !SCOPE.matcher(azure.scope()).matches()) {
            report.add(
                    INVALID_SERVER_VALUE,
                    at.field("scope"),
                    Quoting.quote(azure.scope()) + " is no scope",
                    "letters, digits, spaces and _ : / . -",
                    "");
        }
        AzureAd.ManagedIdentity managed = azure.managedIdentity();
        AzureAd.WorkloadIdentity workload = azure.workloadIdentity();
        AzureAd.AzureSdk sdk = azure.sdk();
        return AzureAdConfig.builder()
                .cloud(azure.cloud() == null ? null : azure.cloud().value())
                .managedIdentity(
                        managed == null
                                ? null
                                : new AzureManagedIdentity(texts.check(
                                        managed.clientId(),
                                        at.field("managedIdentity").field("clientId"))))
                .workloadIdentity(
                        workload == null
                                ? null
                                : new AzureWorkloadIdentity(workload.clientId(), workload.tenantId(), null))
                .sdk(sdk == null ? null : new AzureSdk(sdk.tenantId()))
                .scope(texts.check(azure.scope(), at.field("scope")))
                .build();
    }

    private void uuid(@Nullable String text, FieldPath at) {
        if (text != null && !UUID.matcher(text).matches()) {
            report.add(
                    INVALID_SERVER_VALUE,
                    at,
                    Quoting.quote(text) + " is no UUID",
                    "a UUID such as 00000000-0000-0000-0000-000000000000",
                    "");
        }
    }

    private @Nullable GoogleIamConfig google(@Nullable GoogleIam google, FieldPath authAt) {
        return google == null
                ? null
                : new GoogleIamConfig(credentials.path(
                        google.credentials(), authAt.field("googleIam").field("credentials")));
    }

    private List<RemoteReadConfig> remoteReads() {
        List<RemoteReadConfig> configs = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < spec.remoteRead().size(); i++) {
            RemoteRead read = spec.remoteRead().get(i);
            FieldPath at = SPEC.field("remoteRead").index(i, read.name());
            unique(taken, read.name(), at);
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
