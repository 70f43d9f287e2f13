package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_SERVER_VALUE;

import io.narthex.api.v1alpha1.Agent;
import io.narthex.api.v1alpha1.Notifications;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.QuerySettings;
import io.narthex.api.v1alpha1.RemoteWriteMessage;
import io.narthex.api.v1alpha1.RetentionSpec;
import io.narthex.api.v1alpha1.RuleSettings;
import io.narthex.api.v1alpha1.ScrapeDefaults;
import io.narthex.api.v1alpha1.WalCompression;
import io.narthex.api.v1alpha1.Web;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.Gate;
import io.narthex.compiler.config.ServerFeature;
import io.narthex.compiler.config.ServerFlag;
import io.narthex.compiler.config.value.ByteSize;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.PrometheusRegex;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.config.value.Text;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.compiler.model.Severity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A server's command line. */
final class ServerFlags {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final Pattern FLAG = Pattern.compile("[a-z][a-z0-9.-]*");
    private static final Pattern FEATURE = Pattern.compile("[a-z0-9-]+");
    /** No origin is empty, so this lets nobody in. */
    private static final String CORS_CLOSED = "^$";

    private final PrometheusServerSpec spec;
    private final CompileOptions options;
    private final PrometheusVersion version;
    private final Report report;
    private final Texts texts;
    private final FlagList flags;

    ServerFlags(
            PrometheusServerSpec spec,
            CompileOptions options,
            PrometheusVersion version,
            Report report,
            Texts texts,
            FlagList flags) {
        this.spec = spec;
        this.options = options;
        this.version = version;
        this.report = report;
        this.texts = texts;
        this.flags = flags;
    }

    /** Returns the features to run with, in the order of their names. */
    List<String> features() {
        TreeSet<String> features = new TreeSet<>();
        for (int i = 0; i < spec.features().size(); i++) {
            String feature = spec.features().get(i);
            if (FEATURE.matcher(feature).matches()) {
                if (hasFeature(feature, SPEC.field("features").index(i))) {
                    features.add(feature);
                }
            } else {
                report.add(
                        INVALID_SERVER_VALUE,
                        SPEC.field("features").index(i),
                        Quoting.quote(feature) + " is no feature",
                        "small letters, digits and dashes",
                        "");
            }
        }
        boolean exemplars = spec.tsdb() != null
                && spec.tsdb().exemplars() != null
                && spec.tsdb().exemplars() > 0;
        if (exemplars) {
            features.add("exemplar-storage");
        }
        if (ReplicaLabel.isVariable(spec, options.platform())
                && ReplicaLabel.of(spec, options.platform()) != null
                && !version.isAtLeast(3, 0)) {
            features.add("expand-external-labels");
        }
        if (spec.otlp() != null && !version.isAtLeast(3, 0)) {
            if (flags.has(
                    ServerFeature.OTLP_WRITE_RECEIVER.gate(), true, "receiver of OpenTelemetry", SPEC.field("otlp"))) {
                features.add("otlp-write-receiver");
            }
        }
        if (spec.agent() != null && !version.isAtLeast(3, 0)) {
            features.add("agent");
        }
        RuleSettings rules = spec.rules();
        if (rules != null && rules.maxConcurrentEvaluations() != null && rules.maxConcurrentEvaluations() > 1) {
            if (flags.has(
                    ServerFeature.CONCURRENT_RULE_EVAL.gate(),
                    true,
                    "concurrent evaluation of rules",
                    SPEC.field("rules").field("maxConcurrentEvaluations"))) {
                features.add("concurrent-rule-eval");
            }
        }
        if (spec.runtime() != null && spec.runtime().memoryLimitRatio() != null && !version.isAtLeast(3, 0)) {
            if (flags.has(
                    ServerFeature.AUTO_GOMEMLIMIT.gate(),
                    true,
                    "limit of memory",
                    SPEC.field("runtime").field("memoryLimitRatio"))) {
                features.add("auto-gomemlimit");
            }
        }
        return List.copyOf(features);
    }

    /** Returns whether to run with a feature; one that nobody knows is Prometheus's to judge, which logs it. */
    private boolean hasFeature(String name, FieldPath at) {
        Optional<ServerFeature> feature = ServerFeature.find(name);
        if (feature.isEmpty() || feature.get().gate().allows(version)) {
            return true;
        }
        String instead = feature.get().instead();
        Gate gate = feature.get().gate();
        boolean gone = gate.removedIn().isPresent() && version.compareTo(gate.since()) >= 0;
        report.add(
                DiagnosticCode.FEATURE_NOT_IN_VERSION,
                gone && instead.equals(ServerFeature.ALWAYS_ON)
                        ? Severity.INFO
                        : DiagnosticCode.FEATURE_NOT_IN_VERSION.severity(),
                at,
                release() + " has no feature " + name + (gone ? ": " + instead : "") + "; it is left out",
                "Prometheus " + gate,
                gone ? "remove it" : gate.remedy());
        return false;
    }

    private String release() {
        return "Prometheus " + version.major() + "." + version.minor();
    }

    /** Adds all flags of a server with these features and, where {@code web}, a {@code web.yml}. */
    void add(ServerAddress address, Dialect dialect, List<String> features, boolean web) {
        String config = options.layout().configDirectory();
        String data = options.layout().dataDirectory();
        boolean agent = spec.agent() != null;
        flags.add(ServerFlag.CONFIG_FILE, config + "/prometheus.yml");
        if (agent && ServerFlag.AGENT_MODE.gate().allows(version)) {
            flags.set(ServerFlag.AGENT_MODE, true);
        }
        flags.add(agent ? ServerFlag.AGENT_PATH : ServerFlag.TSDB_PATH, data);
        String host = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
        flags.add(ServerFlag.WEB_LISTEN_ADDRESS, host + ":" + address.port());
        flags.add(ServerFlag.WEB_EXTERNAL_URL, spec.externalUrl());
        if (spec.routePrefix() != null) {
            flags.add(ServerFlag.WEB_ROUTE_PREFIX, address.routePrefix().isEmpty() ? "/" : address.routePrefix());
        }
        flags.add(ServerFlag.WEB_CONFIG_FILE, web ? config + "/web.yml" : null);
        if (options.platform() == Platform.KUBERNETES) {
            // How the operator reloads a pod, and sees which files have arrived in it.
            flags.set(ServerFlag.WEB_ENABLE_LIFECYCLE, true);
            flags.add(ServerFlag.WEB_USER_ASSETS, config + "/" + Layout.ARRIVALS);
        }
        webFlags();
        storageFlags(dialect, agent);
        if (!agent) {
            queryFlags();
        }
        ScrapeDefaults defaults = spec.scrapeDefaults();
        PrometheusDuration reload = defaults == null
                ? null
                : texts.positive(
                        defaults.discoveryReloadInterval(),
                        SPEC.field("scrapeDefaults").field("discoveryReloadInterval"));
        flags.add(ServerFlag.SCRAPE_DISCOVERY_RELOAD_INTERVAL, reload == null ? "1s" : reload);
        if (spec.runtime() != null
                && spec.runtime().memoryLimitRatio() != null
                && ServerFlag.AUTO_GOMEMLIMIT_RATIO.gate().allows(version)) {
            flags.add(ServerFlag.AUTO_GOMEMLIMIT_RATIO, plain(spec.runtime().memoryLimitRatio()));
        }
        flags.add(ServerFlag.ENABLE_FEATURE, features.isEmpty() ? null : String.join(",", features));
        if (spec.log() != null) {
            flags.add(
                    ServerFlag.LOG_LEVEL,
                    spec.log().level() == null ? null : spec.log().level().value());
            flags.add(
                    ServerFlag.LOG_FORMAT,
                    spec.log().format() == null ? null : spec.log().format().value());
        }
        extraFlags();
    }

    private void webFlags() {
        Web web = spec.web();
        FieldPath at = SPEC.field("web");
        String cors = web == null ? null : web.corsOrigin();
        if (cors != null) {
            report.value(PrometheusRegex.parse(cors), INVALID_SERVER_VALUE, at.field("corsOrigin"));
        }
        flags.add(ServerFlag.WEB_CORS_ORIGIN, cors == null ? CORS_CLOSED : cors);
        if (web != null) {
            flags.add(ServerFlag.WEB_PAGE_TITLE, flagText(web.pageTitle(), at.field("pageTitle")));
            flags.add(ServerFlag.WEB_MAX_CONNECTIONS, web.maxConnections());
            flags.add(ServerFlag.WEB_READ_TIMEOUT, texts.positive(web.readTimeout(), at.field("readTimeout")));
        }
        if (spec.remoteWriteReceiver() != null) {
            flags.set(ServerFlag.WEB_ENABLE_REMOTE_WRITE_RECEIVER, true);
            FieldPath messagesAt = SPEC.field("remoteWriteReceiver").field("messages");
            List<RemoteWriteMessage> messages = spec.remoteWriteReceiver().messages();
            if (flags.has(
                    ServerFlag.WEB_REMOTE_WRITE_MESSAGES.gate(),
                    !messages.isEmpty(),
                    "choice of remote write messages",
                    messagesAt)) {
                for (RemoteWriteMessage message : messages) {
                    flags.add(ServerFlag.WEB_REMOTE_WRITE_MESSAGES, message.value());
                }
            }
        }
        if (spec.otlp() != null && ServerFlag.WEB_ENABLE_OTLP_RECEIVER.gate().allows(version)) {
            flags.set(ServerFlag.WEB_ENABLE_OTLP_RECEIVER, true);
        }
    }

    private @Nullable String flagText(@Nullable String text, FieldPath at) {
        if (text != null && (text.indexOf('\0') >= 0 || !Text.isWritable(text))) {
            report.add(INVALID_SERVER_VALUE, at, "the text can't stand in a command line", "text without NUL", "");
            return null;
        }
        return text;
    }

    private void storageFlags(Dialect dialect, boolean agent) {
        RetentionSpec retention = spec.retention();
        if (!agent && retention != null && !dialect.hasRetentionInFile()) {
            PrometheusDuration time = retention.time() == null
                    ? null
                    : PrometheusDuration.parse(retention.time()).toOptional().orElse(null);
            ByteSize size = retention.size() == null
                    ? null
                    : ByteSize.parse(retention.size()).toOptional().orElse(null);
            flags.add(ServerFlag.TSDB_RETENTION_TIME, time);
            flags.add(ServerFlag.TSDB_RETENTION_SIZE, size);
        }
        WalCompression wal = spec.tsdb() == null ? null : spec.tsdb().walCompression();
        ServerFlag walType = agent ? ServerFlag.AGENT_WAL_COMPRESSION_TYPE : ServerFlag.TSDB_WAL_COMPRESSION_TYPE;
        if (wal == WalCompression.NONE) {
            flags.set(agent ? ServerFlag.AGENT_WAL_COMPRESSION : ServerFlag.TSDB_WAL_COMPRESSION, false);
        } else if (wal != null
                && flags.has(
                        walType.gate(),
                        wal == WalCompression.ZSTD,
                        "choice of the compression",
                        SPEC.field("tsdb").field("walCompression"))) {
            flags.add(walType, wal.value());
        }
        Agent agentSpec = spec.agent();
        if (agentSpec != null) {
            FieldPath at = SPEC.field("agent");
            flags.add(ServerFlag.AGENT_RETENTION_MIN_TIME, texts.positive(agentSpec.minTime(), at.field("minTime")));
            flags.add(ServerFlag.AGENT_RETENTION_MAX_TIME, texts.positive(agentSpec.maxTime(), at.field("maxTime")));
            flags.add(
                    ServerFlag.AGENT_WAL_TRUNCATE_FREQUENCY,
                    texts.positive(agentSpec.truncateFrequency(), at.field("truncateFrequency")));
        }
    }

    private void queryFlags() {
        QuerySettings query = spec.query();
        if (query != null) {
            FieldPath at = SPEC.field("query");
            flags.add(ServerFlag.QUERY_TIMEOUT, texts.positive(query.timeout(), at.field("timeout")));
            flags.add(ServerFlag.QUERY_MAX_CONCURRENCY, query.maxConcurrency());
            flags.add(ServerFlag.QUERY_MAX_SAMPLES, query.maxSamples());
            flags.add(
                    ServerFlag.QUERY_LOOKBACK_DELTA, texts.positive(query.lookbackDelta(), at.field("lookbackDelta")));
        }
        RuleSettings rules = spec.rules();
        if (rules != null) {
            FieldPath at = SPEC.field("rules");
            flags.add(
                    ServerFlag.RULES_FOR_OUTAGE_TOLERANCE,
                    texts.duration(rules.forOutageTolerance(), at.field("forOutageTolerance")));
            flags.add(
                    ServerFlag.RULES_FOR_GRACE_PERIOD,
                    texts.duration(rules.forGracePeriod(), at.field("forGracePeriod")));
            flags.add(ServerFlag.RULES_RESEND_DELAY, texts.duration(rules.resendDelay(), at.field("resendDelay")));
            if (rules.maxConcurrentEvaluations() != null
                    && rules.maxConcurrentEvaluations() > 1
                    && ServerFlag.RULES_MAX_CONCURRENT.gate().allows(version)) {
                flags.add(ServerFlag.RULES_MAX_CONCURRENT, rules.maxConcurrentEvaluations());
            }
        }
        Notifications notifications = spec.notifications();
        if (notifications != null) {
            FieldPath at = SPEC.field("notifications");
            flags.add(ServerFlag.ALERTMANAGER_QUEUE_CAPACITY, notifications.queueCapacity());
            if (flags.has(
                    ServerFlag.ALERTMANAGER_BATCH_SIZE.gate(),
                    notifications.batchSize() != null,
                    "choice of the batch size",
                    at.field("batchSize"))) {
                flags.add(ServerFlag.ALERTMANAGER_BATCH_SIZE, notifications.batchSize());
            }
            Boolean drain = notifications.drainOnShutdown();
            if (flags.has(
                    ServerFlag.ALERTMANAGER_DRAIN.gate(),
                    drain != null,
                    "choice to drain the queue",
                    at.field("drainOnShutdown"))) {
                flags.set(ServerFlag.ALERTMANAGER_DRAIN, Boolean.TRUE.equals(drain));
            }
        }
    }

    private void extraFlags() {
        new TreeMap<>(spec.extraFlags()).forEach((name, value) -> {
            FieldPath at = SPEC.field("extraFlags").field(name);
            String plain = name.startsWith("--") ? name.substring(2) : name;
            Optional<String> owner = OwnedFlags.field(plain);
            if (owner.isPresent()) {
                report.add(
                        DiagnosticCode.FLAG_OWNED,
                        at,
                        "the flag " + Quoting.quote(plain) + " is Narthex's own",
                        "flags that no field stands for",
                        owner.get().isEmpty() ? "remove it" : "use spec." + owner.get() + " in its place");
                return;
            }
            if (!FLAG.matcher(plain).matches()) {
                report.add(
                        INVALID_SERVER_VALUE,
                        at,
                        Quoting.quote(name) + " is no flag",
                        "a name of small letters, digits, dots and dashes, without dashes before it",
                        "");
                return;
            }
            String text = flagText(value, at);
            ServerFlag flag = ServerFlag.find(plain).orElse(null);
            if (flag != null && !flags.has(flag.gate(), true, "flag --" + plain, at)) {
                return;
            }
            boolean agent = spec.agent() != null;
            if (flag != null && !flag.fits(agent)) {
                report.add(
                        DiagnosticCode.AGENT_CONFLICT,
                        at,
                        (agent ? "an agent has no flag --" : "only an agent has the flag --") + plain,
                        agent ? "flags of agents" : "flags of servers",
                        "remove it");
                return;
            }
            flags.add(plain, text == null ? "" : text);
        });
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }
}
