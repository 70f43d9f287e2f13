package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_SERVER_VALUE;

import io.narthex.api.v1alpha1.NativeHistograms;
import io.narthex.api.v1alpha1.Otlp;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.RuleSettings;
import io.narthex.api.v1alpha1.ScrapeDefaults;
import io.narthex.api.v1alpha1.Tracing;
import io.narthex.api.v1alpha1.Tsdb;
import io.narthex.compiler.config.ChunkEncodingConfig;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.EnvironmentVariable;
import io.narthex.compiler.config.EscapingScheme;
import io.narthex.compiler.config.ExemplarsConfig;
import io.narthex.compiler.config.ExpositionConfig;
import io.narthex.compiler.config.GlobalConfig;
import io.narthex.compiler.config.OtlpConfig;
import io.narthex.compiler.config.PrometheusConfig;
import io.narthex.compiler.config.RetentionConfig;
import io.narthex.compiler.config.RuntimeConfig;
import io.narthex.compiler.config.ScrapeLimits;
import io.narthex.compiler.config.StorageConfig;
import io.narthex.compiler.config.TracingConfig;
import io.narthex.compiler.config.TsdbConfig;
import io.narthex.compiler.config.value.ByteSize;
import io.narthex.compiler.config.value.NameScheme;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.Text;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Retention;
import io.narthex.compiler.model.Severity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The server's part of {@code prometheus.yml}. */
final class ServerConfigs {

    private static final FieldPath SPEC = FieldPath.of("spec");

    private final Declared<PrometheusServerSpec> server;
    private final PrometheusServerSpec spec;
    private final CompileOptions options;
    private final Dialect dialect;
    private final Names names;
    private final Report report;
    private final Texts texts;
    private final HttpClients clients;
    private final ServerAlerting alerting;
    private final RemoteStorage remote;

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
        this.clients = clients;
        CloudAuth cloud = new CloudAuth(dialect, report, texts, credentials);
        this.alerting = new ServerAlerting(server, options, names, report, texts, clients, cloud, kubernetes, sight);
        this.remote = new RemoteStorage(spec, names, report, texts, clients, cloud);
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
                .alerting(agent ? null : alerting.config())
                .storage(storage(agent, retention))
                .tracing(spec.tracing() == null ? null : tracing(spec.tracing()))
                .remoteWrite(remote.writes())
                .remoteRead(agent ? List.of() : remote.reads())
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
}
