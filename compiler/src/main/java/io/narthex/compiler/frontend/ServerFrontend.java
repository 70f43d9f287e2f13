package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_SERVER_VALUE;

import io.narthex.api.v1alpha1.Discovery;
import io.narthex.api.v1alpha1.Header;
import io.narthex.api.v1alpha1.HttpAuth;
import io.narthex.api.v1alpha1.HttpClientSettings;
import io.narthex.api.v1alpha1.KubernetesApi;
import io.narthex.api.v1alpha1.Listen;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.Proxy;
import io.narthex.api.v1alpha1.RetentionSpec;
import io.narthex.api.v1alpha1.ScrapeDefaults;
import io.narthex.api.v1alpha1.Tls;
import io.narthex.api.v1alpha1.Web;
import io.narthex.compiler.assemble.Digest;
import io.narthex.compiler.config.ConfigField;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.Finding;
import io.narthex.compiler.config.GlobalConfig;
import io.narthex.compiler.config.PrometheusConfig;
import io.narthex.compiler.config.Rendered;
import io.narthex.compiler.config.VersionSupport;
import io.narthex.compiler.config.value.ByteSize;
import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.config.value.NameScheme;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.discovery.DiscoveryPool;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.DiscoveryService;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.Retention;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.ServerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns a PrometheusServer into a command line, the settings of {@code prometheus.yml} and {@code web.yml}. */
public final class ServerFrontend {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final Duration DEFAULT_RETENTION = Duration.ofDays(15);
    private static final PrometheusDuration DEFAULT_INTERVAL = PrometheusDuration.ofSeconds(60);
    private static final PrometheusDuration DEFAULT_TIMEOUT = PrometheusDuration.ofSeconds(10);

    /** The HTTP client of something that has no headers, and redirects nobody. */
    private record Client(
            @Nullable HttpAuth auth,
            @Nullable Tls tls,
            @Nullable Proxy proxy,
            boolean resends) implements HttpClientSettings {
        @Override
        public List<Header> headers() {
            return List.of();
        }

        @Override
        public @Nullable Boolean followRedirects() {
            return (resends && HttpClients.sendsCredentials(this)) ? Boolean.FALSE : null;
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
                inventory.dockerSecrets()::find,
                new Pem());
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
        new PlatformSettings(spec, options, report).check();
        ServerFlags commandLine = new ServerFlags(spec, options, version, report, texts, flags);
        List<String> features = commandLine.features();
        Dialect dialect = Dialect.of(version, features);
        ServerAddress address = address();
        PrometheusDuration interval = texts.positive(spec.scrapeInterval(), SPEC.field("scrapeInterval"));
        PrometheusDuration timeout = timeout(interval);
        Retention retention = retention();
        Map<String, SecretValue> generated = new TreeMap<>();
        Optional<SecretValue> web = spec.runsElsewhere()
                ? Optional.empty()
                : new ServerWeb(server, inventory, options, report, texts, credentials).config(dialect, generated);
        Optional<ServerSettings.KubernetesClient> kubernetes = kubernetes();
        Sight sight = Sight.of(server.key(), kubernetes.isPresent() ? Optional.empty() : inventory.visibleNamespaces());
        ServerConfigs configs =
                new ServerConfigs(server, options, dialect, report, texts, credentials, clients, kubernetes, sight);
        PrometheusConfig config = configs.config(interval, timeout, retention);
        if (spec.tenancy() != null) {
            EnforcedLabels.check(spec.tenancy(), Names.of(dialect, names()), report);
            texts.duration(
                    spec.tenancy().minEvaluationInterval(),
                    SPEC.field("tenancy").field("minEvaluationInterval"));
        }
        if (spec.runsElsewhere()) {
            config = withoutProcess(config);
        } else {
            commandLine.add(address, dialect, features, web.isPresent());
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
        boolean usable = report.errors() == 0
                && (!spec.runsElsewhere() || options.platform().servesExternal());
        return new ServerPlan(
                report.diagnostics(),
                usable,
                settings(interval, timeout, features, kubernetes, sight),
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
                spec.runsElsewhere() && options.platform() != Platform.COMPOSE,
                scrapeFiles);
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
        if (!prefix.matches("(?:/[A-Za-z0-9._~-]*+)*+") && !prefix.isEmpty()) {
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

    /** Returns the API server that the resource names. */
    private Optional<ServerSettings.KubernetesClient> kubernetes() {
        KubernetesApi api = spec.kubernetes();
        if (api == null) {
            return Optional.empty();
        }
        FieldPath at = SPEC.field("kubernetes");
        HttpUrl url = report.value(HttpUrl.parse(api.url()), INVALID_SERVER_VALUE, at.field("url"));
        return url == null
                ? Optional.empty()
                : Optional.of(new ServerSettings.KubernetesClient(
                        url,
                        clients.client(
                                new Client(
                                        api.auth(),
                                        api.tls(),
                                        api.proxy(),
                                        Dialect.of(version).redirectsResendCredentials()),
                                at)));
    }

    private ServerSettings settings(
            @Nullable PrometheusDuration interval,
            @Nullable PrometheusDuration timeout,
            List<String> features,
            Optional<ServerSettings.KubernetesClient> kubernetes,
            Sight sight) {
        PrometheusDuration effective = interval == null ? DEFAULT_INTERVAL : interval;
        PrometheusDuration least = effective.compareTo(DEFAULT_TIMEOUT) < 0 ? effective : DEFAULT_TIMEOUT;
        ScrapeDefaults defaults = spec.scrapeDefaults();
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
                Optional.ofNullable(spec.evaluationInterval())
                        .flatMap(text -> PrometheusDuration.parse(text).toOptional())
                        .orElse(DEFAULT_INTERVAL),
                features,
                defaults == null ? null : defaults.limits(),
                names(),
                kubernetes,
                sight,
                spec.tenancy(),
                options.resourceFolder(),
                options.layout().dataDirectory(),
                Set.copyOf(spec.externalLabels().keySet()),
                options.discovery().filter(service -> isDiscovered()).map(DiscoveryService::url));
    }

    /** Returns which names the resource declares valid; null for the release's own choice. */
    private @Nullable NameScheme names() {
        return spec.scrapeDefaults() == null
                ? null
                : Enums.names(spec.scrapeDefaults().nameValidation());
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
        String path = Bundle.ADDITIONAL_JOBS + Digest.of(file.get()).substring(0, 16) + ".yml";
        generated.put(path, SecretValue.of(file.get()));
        return List.of(path);
    }
}
