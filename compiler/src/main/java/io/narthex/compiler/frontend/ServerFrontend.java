package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_SERVER_VALUE;

import io.narthex.api.v1alpha1.Agent;
import io.narthex.api.v1alpha1.Discovery;
import io.narthex.api.v1alpha1.Header;
import io.narthex.api.v1alpha1.HttpAuth;
import io.narthex.api.v1alpha1.HttpClientSettings;
import io.narthex.api.v1alpha1.KubernetesApi;
import io.narthex.api.v1alpha1.Listen;
import io.narthex.api.v1alpha1.Notifications;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.Proxy;
import io.narthex.api.v1alpha1.QuerySettings;
import io.narthex.api.v1alpha1.RemoteWriteMessage;
import io.narthex.api.v1alpha1.RetentionSpec;
import io.narthex.api.v1alpha1.RuleSettings;
import io.narthex.api.v1alpha1.ScrapeDefaults;
import io.narthex.api.v1alpha1.ServerMode;
import io.narthex.api.v1alpha1.Storage;
import io.narthex.api.v1alpha1.Tls;
import io.narthex.api.v1alpha1.WalCompression;
import io.narthex.api.v1alpha1.Web;
import io.narthex.api.v1alpha1.WebTls;
import io.narthex.api.v1alpha1.WebUser;
import io.narthex.compiler.assemble.Digest;
import io.narthex.compiler.config.ConfigField;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.Finding;
import io.narthex.compiler.config.Gate;
import io.narthex.compiler.config.GlobalConfig;
import io.narthex.compiler.config.PrometheusConfig;
import io.narthex.compiler.config.Rendered;
import io.narthex.compiler.config.ServerFeature;
import io.narthex.compiler.config.ServerFlag;
import io.narthex.compiler.config.VersionSupport;
import io.narthex.compiler.config.WebConfig;
import io.narthex.compiler.config.WebHttpConfig;
import io.narthex.compiler.config.WebTlsConfig;
import io.narthex.compiler.config.value.ByteSize;
import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.PrometheusRegex;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.config.value.Text;
import io.narthex.compiler.discovery.DiscoveryPool;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.DiscoveryService;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.OperatorIdentity;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.Retention;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.compiler.model.Severity;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns a PrometheusServer into a command line, the settings of {@code prometheus.yml} and {@code web.yml}. */
public final class ServerFrontend {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final Duration DEFAULT_RETENTION = Duration.ofDays(15);
    private static final PrometheusDuration DEFAULT_INTERVAL = PrometheusDuration.ofSeconds(60);
    private static final PrometheusDuration DEFAULT_TIMEOUT = PrometheusDuration.ofSeconds(10);
    private static final Pattern FLAG = Pattern.compile("[a-z][a-z0-9.-]*");
    private static final Pattern FEATURE = Pattern.compile("[a-z0-9-]+");
    private static final Pattern BCRYPT = Pattern.compile("\\$2[abxy]?\\$\\d{2}\\$[./A-Za-z0-9]{53}");
    /** What the web server takes (exporter-toolkit, {@code web/handler.go}); with an empty set, any value. */
    private static final Map<String, Set<String>> WEB_HEADERS = new TreeMap<>(Map.of(
            "X-Frame-Options", new TreeSet<>(List.of("deny", "sameorigin")),
            "X-Content-Type-Options", Set.of("nosniff"),
            "X-XSS-Protection", Set.of(),
            "Strict-Transport-Security", Set.of(),
            "Content-Security-Policy", Set.of()));
    /** No origin is empty, so this lets nobody in. */
    private static final String CORS_CLOSED = "^$";
    /** Where the clients' authorities lie, joined by Narthex. */
    private static final String CLIENT_CA = "client-ca.pem";

    /** The HTTP client of something that has no headers and redirects. */
    private record Client(
            @Nullable HttpAuth auth,
            @Nullable Tls tls,
            @Nullable Proxy proxy) implements HttpClientSettings {
        @Override
        public List<Header> headers() {
            return List.of();
        }

        @Override
        public @Nullable Boolean followRedirects() {
            return null;
        }

        @Override
        public @Nullable Boolean enableHttp2() {
            return null;
        }
    }

    private final Declared<PrometheusServerSpec> server;
    private final PrometheusServerSpec spec;
    private final CompileOptions options;
    private final Inventory inventory;
    private final Report report;
    private final Texts texts;
    private final PrometheusVersion version;
    private final Credentials credentials;
    private final HttpClients clients;
    private final FlagList flags;

    /**
     * Makes a frontend for one server.
     *
     * @param server the server
     * @param inventory what holds its credentials
     * @param options what else is known
     */
    public ServerFrontend(Declared<PrometheusServerSpec> server, Inventory inventory, CompileOptions options) {
        this.server = server;
        this.spec = server.spec();
        this.options = options;
        this.inventory = inventory;
        this.report = new Report(server);
        this.texts = new Texts(report, INVALID_SERVER_VALUE);
        this.version = knownVersion();
        Context context = new Context(
                version,
                options.platform(),
                server.key().namespace(),
                false,
                spec.tenancy() != null && Boolean.TRUE.equals(spec.tenancy().allowFileAccess()),
                options.resourceFolder(),
                inventory.secrets()::find,
                inventory.dockerSecrets()::find);
        this.credentials = new Credentials(context, report);
        this.clients = new HttpClients(context, report, credentials, texts);
        this.flags = new FlagList(version, report);
    }

    private PrometheusVersion knownVersion() {
        return switch (VersionSupport.of(options.version())) {
            case VersionSupport.Known(PrometheusVersion known) -> known;
            case VersionSupport.Newer newer -> {
                report.add(newer.code(), SPEC.field("version"), newer.problem());
                yield newer.version();
            }
            case VersionSupport.TooOld old -> {
                report.add(old.code(), SPEC.field("version"), old.problem());
                yield PrometheusVersion.OLDEST;
            }
        };
    }

    /** Returns what the server asks for. */
    public ServerPlan compile() {
        notHere();
        List<String> features = features();
        Dialect dialect = Dialect.of(version, features);
        ServerAddress address = address();
        PrometheusDuration interval = texts.positive(spec.scrapeInterval(), SPEC.field("scrapeInterval"));
        PrometheusDuration timeout = timeout(interval);
        Retention retention = retention();
        Map<String, SecretValue> generated = new TreeMap<>();
        Optional<SecretValue> web = isExternal() ? Optional.empty() : web(dialect, generated);
        ServerConfigs configs = new ServerConfigs(server, options, dialect, report, texts, credentials, clients);
        PrometheusConfig config = configs.config(interval, timeout, retention);
        if (isExternal()) {
            config = withoutProcess(config);
        } else {
            flags(address, dialect, features, web.isPresent());
        }
        findings(dialect.render(config));
        List<String> scrapeFiles = additionalScrapes(dialect, generated);
        if (isDiscovered()) {
            options.discovery().ifPresent(service -> generated.put(SharedPool.TOKEN, service.token()));
        }
        List<String> startOnly = new ArrayList<>();
        Web webSpec = spec.web();
        if (webSpec != null) {
            startOnly.add("tls " + (webSpec.tls() != null));
            startOnly.add("http2 " + webSpec.http2());
        }
        boolean usable =
                report.errors() == 0 && (!isExternal() || options.platform().servesExternal());
        return new ServerPlan(
                report.diagnostics(),
                usable,
                settings(interval, timeout, features),
                config,
                flags.flags(),
                startOnly,
                address,
                retention,
                web,
                webSpec != null && !webSpec.users().isEmpty(),
                Map.copyOf(credentials.files()),
                Map.copyOf(credentials.mounts()),
                Set.copyOf(credentials.wanted()),
                Map.copyOf(generated),
                isExternal() && options.platform() != Platform.COMPOSE,
                scrapeFiles);
    }

    private boolean isExternal() {
        return spec.mode() == ServerMode.EXTERNAL;
    }

    /** Who runs the server says what it keeps and what its process may use. */
    private static PrometheusConfig withoutProcess(PrometheusConfig config) {
        return new PrometheusConfig(
                // Pasted beside a section of its own, an empty one would be a second of the same name.
                GlobalConfig.builder().build().equals(config.global()) ? null : config.global(),
                null,
                config.alerting(),
                config.ruleFiles(),
                config.scrapeConfigFiles(),
                null,
                config.tracing(),
                config.remoteWrite(),
                config.remoteRead(),
                config.otlp(),
                config.scrapeConfigs());
    }

    private void notHere() {
        if (isExternal() && !options.platform().servesExternal()) {
            report.add(
                    DiagnosticCode.SERVER_NOT_RUN,
                    SPEC.field("mode"),
                    "a server of the mode External is served on Docker only, not as "
                            + options.platform().text() + "; nothing is made for it",
                    "mode External on Docker Swarm or beside docker compose",
                    "set mode to Managed to have Narthex run it");
        } else if (isExternal()) {
            notExternally();
        }
        switch (options.platform()) {
            case LOCAL -> notLocally();
            case SWARM -> {
                if (!isExternal()) {
                    notOnSwarm();
                }
            }
            case COMPOSE -> {
                if (!isExternal()) {
                    report.add(
                            DiagnosticCode.SETTING_NOT_SERVED,
                            SPEC.field("mode"),
                            "beside docker compose Narthex runs no Prometheus: your compose file does",
                            "mode External",
                            "set mode to External, and external.url to where it is, such as http://prometheus:9090");
                }
            }
            case KUBERNETES -> {}
        }
    }

    private void notExternally() {
        Map<String, Boolean> fields = ofKubernetes();
        fields.put("image", spec.image() != null);
        fields.put("replicas", spec.replicas() != 1);
        fields.put("listen", spec.listen() != null);
        fields.put("externalUrl", spec.externalUrl() != null);
        fields.put("routePrefix", spec.routePrefix() != null);
        fields.put("web", spec.web() != null);
        fields.put("retention", spec.retention() != null);
        fields.put("storage", spec.storage() != null);
        fields.put("tsdb", spec.tsdb() != null);
        fields.put("query", spec.query() != null);
        fields.put("runtime", spec.runtime() != null);
        fields.put("remoteWriteReceiver", spec.remoteWriteReceiver() != null);
        fields.put("log", spec.log() != null);
        fields.put("extraFlags", !spec.extraFlags().isEmpty());
        ignored(fields, "a server that somebody else runs");
    }

    private void notLocally() {
        String asked = spec.version();
        if (asked != null && !PrometheusVersion.parse(asked).equals(Optional.of(options.version()))) {
            report.add(
                    DiagnosticCode.VERSION_DIFFERS,
                    SPEC.field("version"),
                    "version " + asked + " is asked for; the program at hand is " + options.version(),
                    options.version().toString(),
                    "remove version, or run that program with --prometheus");
        }
        Map<String, Boolean> fields = ofKubernetes();
        fields.put("image", spec.image() != null);
        fields.put("replicas", spec.replicas() != 1);
        fields.put("paused", spec.paused());
        fields.put("storage", spec.storage() != null);
        fields.put(
                "discovery",
                spec.discovery() != null && spec.discovery().value().equals("Narthex"));
        fields.put("swarm", spec.swarm() != null);
        ignored(fields, "a local process");
    }

    private void notOnSwarm() {
        Map<String, Boolean> fields = ofKubernetes();
        Storage storage = spec.storage();
        if (storage != null) {
            fields.put("storage.size", storage.size() != null);
            fields.put("storage.storageClass", storage.storageClass() != null);
            fields.put("storage.existingClaim", storage.existingClaim() != null);
            fields.put("storage.emptyDir", storage.emptyDir() != null);
        }
        ignored(fields, "a service of Docker Swarm");
        if (spec.discovery() == Discovery.NARTHEX && options.discovery().isEmpty()) {
            report.add(
                    DiagnosticCode.SETTING_IGNORED,
                    SPEC.field("discovery"),
                    "Narthex isn't reachable for the server, so Prometheus discovers targets itself",
                    "",
                    "let Narthex and the server join a network");
        }
    }

    private Map<String, Boolean> ofKubernetes() {
        Map<String, Boolean> fields = new TreeMap<>();
        fields.put("imagePullPolicy", spec.imagePullPolicy() != null);
        fields.put("imagePullSecrets", !spec.imagePullSecrets().isEmpty());
        fields.put("shards", spec.shards() != 1);
        fields.put("serviceAccount", spec.serviceAccount() != null);
        fields.put("pod", spec.pod() != null);
        fields.put("podTemplate", spec.podTemplate() != null);
        return fields;
    }

    private void ignored(Map<String, Boolean> fields, String where) {
        fields.forEach((name, set) -> {
            if (set) {
                FieldPath at = SPEC;
                for (String step : name.split("\\.", -1)) {
                    at = at.field(step);
                }
                report.add(
                        DiagnosticCode.SETTING_IGNORED,
                        at,
                        name + " has no meaning for " + where + "; it is ignored",
                        "",
                        "leave it for other platforms, or remove it");
            }
        });
    }

    private List<String> features() {
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

    private ServerAddress address() {
        Listen listen = spec.listen();
        String host = listen != null && listen.address() != null
                ? listen.address()
                : options.platform() == Platform.LOCAL ? "127.0.0.1" : "0.0.0.0";
        int port = listen != null && listen.port() != null ? listen.port() : 9090;
        if (port < 1 || port > 65535) {
            report.add(
                    INVALID_SERVER_VALUE,
                    SPEC.field("listen").field("port"),
                    "there is no port " + port,
                    "1 to 65535",
                    "");
        }
        if (options.listen().isPresent()) {
            host = options.listen().get().host();
            port = options.listen().get().port();
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (!host.matches("[0-9A-Za-z.:%_-]+")) {
            report.add(
                    INVALID_SERVER_VALUE,
                    SPEC.field("listen").field("address"),
                    Quoting.quote(host) + " is no address",
                    "an IP address or a host name",
                    "");
        }
        return new ServerAddress(host, port, spec.web() != null && spec.web().tls() != null, routePrefix());
    }

    private String routePrefix() {
        String prefix = spec.routePrefix();
        if (prefix == null && spec.externalUrl() != null) {
            HttpUrl url =
                    report.value(HttpUrl.parse(spec.externalUrl()), INVALID_SERVER_VALUE, SPEC.field("externalUrl"));
            prefix = url == null ? "" : url.path();
        }
        if (prefix == null) {
            return "";
        }
        if (!prefix.matches("(/[A-Za-z0-9._~-]*)*") && !prefix.isEmpty()) {
            report.add(
                    INVALID_SERVER_VALUE,
                    SPEC.field("routePrefix"),
                    Quoting.quote(prefix) + " is no path prefix",
                    "a path of letters, digits and - . _ ~",
                    "");
            return "";
        }
        String clean = prefix.replaceAll("/+", "/");
        return clean.endsWith("/") ? clean.substring(0, clean.length() - 1) : clean;
    }

    private @Nullable PrometheusDuration timeout(@Nullable PrometheusDuration interval) {
        PrometheusDuration timeout = texts.positive(spec.scrapeTimeout(), SPEC.field("scrapeTimeout"));
        PrometheusDuration effective = interval == null ? DEFAULT_INTERVAL : interval;
        if (timeout != null && timeout.compareTo(effective) > 0) {
            report.add(
                    DiagnosticCode.TIMEOUT_EXCEEDS_INTERVAL,
                    SPEC.field("scrapeTimeout"),
                    "scrapeTimeout " + timeout + " is longer than scrapeInterval " + effective,
                    "at most " + effective,
                    "set scrapeTimeout to " + effective + " or less, or raise scrapeInterval");
        }
        return timeout;
    }

    private ServerSettings settings(
            @Nullable PrometheusDuration interval, @Nullable PrometheusDuration timeout, List<String> features) {
        PrometheusDuration effective = interval == null ? DEFAULT_INTERVAL : interval;
        PrometheusDuration least = effective.compareTo(DEFAULT_TIMEOUT) < 0 ? effective : DEFAULT_TIMEOUT;
        ScrapeDefaults defaults = spec.scrapeDefaults();
        KubernetesApi api = spec.kubernetes();
        Optional<ServerSettings.KubernetesClient> kubernetes = Optional.empty();
        if (api != null) {
            FieldPath at = SPEC.field("kubernetes");
            HttpUrl url = report.value(HttpUrl.parse(api.url()), INVALID_SERVER_VALUE, at.field("url"));
            if (url != null) {
                kubernetes = Optional.of(new ServerSettings.KubernetesClient(
                        url, clients.client(new Client(api.auth(), api.tls(), api.proxy()), at)));
            }
        }
        return new ServerSettings(
                server.key(),
                version,
                options.platform(),
                spec.monitors(),
                spec.ruleSets(),
                spec.agent() != null,
                effective,
                timeout == null ? least : timeout,
                timeout != null,
                features,
                defaults == null || Dialect.of(version).hasGlobalLimits() ? null : defaults.limits(),
                defaults == null ? null : Enums.names(defaults.nameValidation()),
                kubernetes,
                spec.tenancy(),
                options.resourceFolder(),
                options.layout().dataDirectory(),
                Set.copyOf(spec.externalLabels().keySet()),
                options.discovery().filter(service -> isDiscovered()).map(DiscoveryService::url));
    }

    /** Whether Narthex discovers the targets: on Swarm unless the resource says otherwise. */
    private boolean isDiscovered() {
        // Containers have no names that tell all of a service's.
        return options.platform() == Platform.COMPOSE
                || (options.platform() == Platform.SWARM && spec.discovery() != Discovery.NATIVE);
    }

    private Retention retention() {
        RetentionSpec retention = spec.retention();
        FieldPath at = SPEC.field("retention");
        if (spec.agent() != null) {
            return new Retention(
                    Optional.empty(), OptionalLong.empty(), OptionalDouble.empty(), options.allowDataLoss());
        }
        if (retention == null) {
            return new Retention(
                    Optional.of(DEFAULT_RETENTION),
                    OptionalLong.empty(),
                    OptionalDouble.empty(),
                    options.allowDataLoss());
        }
        PrometheusDuration time = texts.positive(retention.time(), at.field("time"));
        ByteSize size = retention.size() == null
                ? null
                : report.value(ByteSize.parse(retention.size()), INVALID_SERVER_VALUE, at.field("size"));
        if (size != null && size.bytes() == 0) {
            report.add(INVALID_SERVER_VALUE, at.field("size"), "the size is 0", "above 0", "leave it out for no limit");
        }
        Double percentage = retention.percentage();
        if (percentage != null && !(percentage > 0 && percentage <= 100)) {
            report.add(
                    INVALID_SERVER_VALUE,
                    at.field("percentage"),
                    "the percentage is " + percentage,
                    "above 0 and at most 100",
                    "");
            percentage = null;
        }
        if (percentage != null && !version.isAtLeast(3, 11)) {
            report.add(
                    DiagnosticCode.NEEDED_NOT_IN_VERSION,
                    at.field("percentage"),
                    "Prometheus " + version.major() + "." + version.minor()
                            + " has no retention by percentage, which can't be left out",
                    "Prometheus 3.11 and later",
                    "run Prometheus 3.11 or later, or use size");
        }
        if (percentage != null && size != null) {
            report.add(
                    DiagnosticCode.SETTING_IGNORED,
                    at.field("size"),
                    "percentage takes the place of size; size is ignored",
                    "",
                    "remove one of them");
        }
        double used = percentage == null ? 0 : percentage;
        boolean byPercentage = used > 0;
        boolean limited = time != null || size != null || byPercentage;
        return new Retention(
                time != null
                        ? Optional.of(time.toDuration())
                        : limited ? Optional.empty() : Optional.of(DEFAULT_RETENTION),
                size != null && !byPercentage ? OptionalLong.of(size.bytes()) : OptionalLong.empty(),
                byPercentage ? OptionalDouble.of(used) : OptionalDouble.empty(),
                retention.allowDataLoss() || options.allowDataLoss());
    }

    private Optional<SecretValue> web(Dialect dialect, Map<String, SecretValue> generated) {
        Web web = spec.web();
        if (web == null) {
            return Optional.empty();
        }
        FieldPath at = SPEC.field("web");
        WebTls tls = web.tls();
        if (tls == null && web.users().isEmpty() && web.headers().isEmpty() && web.http2() == null) {
            return Optional.empty();
        }
        WebTlsConfig tlsConfig = tls == null ? null : webTls(tls, at.field("tls"), generated);
        Map<String, String> users = new TreeMap<>();
        for (int i = 0; i < web.users().size(); i++) {
            WebUser user = web.users().get(i);
            user(user, at.field("users").index(i, user.name()), users);
        }
        if (!users.isEmpty()) {
            options.operator().ifPresent(operator -> users.put(operator.user(), text(operator.passwordHash())));
        }
        WebHttpConfig http = web.http2() == null && web.headers().isEmpty()
                ? null
                : new WebHttpConfig(web.http2(), headers(web.headers(), at.field("headers")));
        Rendered rendered = dialect.render(new WebConfig(tlsConfig, http, users));
        for (Finding finding : rendered.findings()) {
            report.addAll(List.of(finding.toDiagnostic(server.key(), at, server.source())));
        }
        return Optional.of(SecretValue.of(rendered.bytes()));
    }

    private Map<String, String> headers(Map<String, String> headers, FieldPath at) {
        headers.forEach((name, value) -> {
            Set<String> values = WEB_HEADERS.get(name);
            if (values == null) {
                report.add(
                        INVALID_SERVER_VALUE,
                        at.field(name),
                        "the header " + Quoting.quote(name) + " can't be set",
                        String.join(", ", WEB_HEADERS.keySet()),
                        "remove it");
            } else if (!values.isEmpty() && !values.contains(value)) {
                report.add(
                        INVALID_SERVER_VALUE,
                        at.field(name),
                        "the header can't be " + Quoting.quote(value),
                        String.join(" or ", values),
                        "");
            }
        });
        return texts.checkAll(headers, at);
    }

    private WebTlsConfig webTls(WebTls tls, FieldPath at, Map<String, SecretValue> generated) {
        String clientAuth = tls.clientAuth() != null
                ? tls.clientAuth().value()
                : tls.clientCa() != null ? "RequireAndVerifyClientCert" : null;
        return WebTlsConfig.builder()
                .certFile(credentials.certificate(tls.cert(), at.field("cert")))
                .keyFile(credentials.privateKey(tls.key(), at.field("key")))
                .clientCaFile(clientCa(tls, at.field("clientCa"), generated))
                .clientAuthType(clientAuth)
                .clientAllowedSans(clientNames(tls, at.field("clientAllowedSans")))
                .minVersion(Enums.tls(tls.minVersion()))
                .maxVersion(Enums.tls(tls.maxVersion()))
                .cipherSuites(texts.checkAll(tls.cipherSuites(), at.field("cipherSuites")))
                .curvePreferences(texts.checkAll(tls.curvePreferences(), at.field("curvePreferences")))
                .build();
    }

    /** Returns the path of the clients' authorities; Narthex's own certificate is one of them, for itself alone. */
    private @Nullable String clientCa(WebTls tls, FieldPath at, Map<String, SecretValue> generated) {
        String declared = credentials.certificate(tls.clientCa(), at);
        if (declared == null) {
            return null;
        }
        SecretId id = credentials.files().get(declared);
        SecretValue authorities = id == null ? null : inventory.secrets().find(id);
        if (authorities == null && id != null && options.platform() == Platform.KUBERNETES) {
            // Whatever is declared there is read; that it is missing is said already.
            return declared;
        }
        if (authorities == null) {
            report.add(
                    DiagnosticCode.CLIENT_CA_NOT_AT_HAND,
                    at.field("file"),
                    "Narthex must be among the clients of the server, and can't add itself to a file",
                    "secretRef",
                    "put the authorities' certificates into a secret and use secretRef");
            return null;
        }
        if (options.operator().isEmpty()) {
            return declared;
        }
        generated.put(
                CLIENT_CA,
                SecretValue.of(text(authorities).stripTrailing()
                        + "\n"
                        + options.operator().get().certificate()));
        return CLIENT_CA;
    }

    private List<String> clientNames(WebTls tls, FieldPath at) {
        List<String> declared = texts.checkAll(tls.clientAllowedSans(), at);
        if (declared.isEmpty() || options.operator().isEmpty()) {
            return declared;
        }
        List<String> names = new ArrayList<>(declared);
        names.add(options.operator().get().certificateName());
        return names;
    }

    private static String text(SecretValue value) {
        return new String(value.reveal(), StandardCharsets.UTF_8);
    }

    private void user(WebUser user, FieldPath at, Map<String, String> users) {
        if (user.name().startsWith(OperatorIdentity.RESERVED_PREFIX)) {
            report.add(
                    DiagnosticCode.USER_NAME_RESERVED,
                    at.field("name"),
                    "names that begin with " + OperatorIdentity.RESERVED_PREFIX + " are for Narthex's own users",
                    "another name",
                    "rename the user");
            return;
        }
        FieldPath hashAt = at.field("passwordHash");
        if (user.passwordHash().secretRef() == null) {
            report.add(
                    DiagnosticCode.CREDENTIAL_UNCLEAR,
                    hashAt,
                    "the hash of a password must stand in a secret",
                    "secretRef",
                    "use secretRef");
            return;
        }
        SecretId id = credentials.known(user.passwordHash().secretRef(), hashAt.field("secretRef"));
        SecretValue value = id == null ? null : inventory.secrets().find(id);
        if (value == null) {
            return;
        }
        String hash = text(value).strip();
        if (!BCRYPT.matcher(hash).matches()) {
            report.add(
                    DiagnosticCode.PASSWORD_HASH_INVALID,
                    hashAt,
                    "the secret holds no bcrypt hash",
                    "a hash such as htpasswd prints",
                    "write what `htpasswd -nBC 10 " + user.name() + "` prints after the colon");
            return;
        }
        if (users.put(String.valueOf(texts.check(user.name(), at.field("name"))), hash) != null) {
            report.add(
                    DiagnosticCode.DUPLICATE_NAME,
                    at.field("name"),
                    "two users have the same name",
                    "each name once",
                    "remove one of them");
        }
    }

    private void findings(Rendered rendered) {
        for (Finding finding : rendered.findings()) {
            report.addAll(List.of(
                    finding.toDiagnostic(server.key(), place(finding.field(), finding.path()), server.source())));
        }
    }

    /** Returns the field that asked for what stands at {@code path} of {@code prometheus.yml}. */
    private static FieldPath place(ConfigField field, String path) {
        Matcher indexed = Pattern.compile("(remote_write|remote_read|alerting\\.alertmanagers)\\[(\\d+)\\].*")
                .matcher(path);
        if (indexed.matches()) {
            String name = switch (indexed.group(1)) {
                case "remote_write" -> "remoteWrite";
                case "remote_read" -> "remoteRead";
                default -> "alertmanagers";
            };
            return SPEC.field(name).index(Integer.parseInt(indexed.group(2)));
        }
        return switch (field.key()) {
            case "rule_query_offset" -> SPEC.field("rules").field("queryOffset");
            case "retention" -> SPEC.field("retention");
            case "percentage" -> SPEC.field("retention").field("percentage");
            case "gogc", "runtime" -> SPEC.field("runtime");
            case "stale_series_compaction_threshold" -> SPEC.field("tsdb").field("staleSeriesCompactionThreshold");
            case "chunk_encoding", "floats" -> SPEC.field("tsdb").field("headChunkEncoding");
            default ->
                path.startsWith("otlp")
                        ? SPEC.field("otlp")
                        : path.startsWith("tracing")
                                ? SPEC.field("tracing")
                                : path.startsWith("global") ? SPEC.field("scrapeDefaults") : SPEC;
        };
    }

    private void flags(ServerAddress address, Dialect dialect, List<String> features, boolean web) {
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

    private List<String> additionalScrapes(Dialect dialect, Map<String, SecretValue> generated) {
        if (spec.additionalScrapeConfigs() == null) {
            return List.of();
        }
        FieldPath at = SPEC.field("additionalScrapeConfigs");
        if (!dialect.hasScrapeConfigFiles()) {
            flags.has(ConfigField.ROOT_SCRAPE_CONFIG_FILES.gate(), true, "files of scrape jobs", at);
            return List.of();
        }
        if (spec.additionalScrapeConfigs().secretRef() == null) {
            String file = credentials.path(spec.additionalScrapeConfigs(), at);
            if (file != null) {
                report.add(
                        DiagnosticCode.CREDENTIAL_UNCLEAR,
                        at,
                        "additional scrape configurations must stand in a secret",
                        "secretRef",
                        "use secretRef");
            }
            return List.of();
        }
        SecretId id = credentials.known(spec.additionalScrapeConfigs().secretRef(), at.field("secretRef"));
        SecretValue value = id == null ? null : inventory.secrets().find(id);
        if (value == null) {
            return List.of();
        }
        Optional<byte[]> file = AdditionalScrapes.file(
                value,
                options.platform().hasLabels()
                        ? Optional.of(DiscoveryPool.shared(options.platform()))
                        : Optional.empty(),
                at,
                report);
        if (file.isEmpty()) {
            return List.of();
        }
        String path = "additional-" + Digest.of(file.get()).substring(0, 16) + ".yml";
        generated.put(path, SecretValue.of(file.get()));
        return List.of(path);
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }
}
