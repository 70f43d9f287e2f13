package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_VALUE;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.api.v1alpha1.Endpoint;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.NativeHistograms;
import io.narthex.api.v1alpha1.PortRef;
import io.narthex.api.v1alpha1.Prober;
import io.narthex.api.v1alpha1.SourceKind;
import io.narthex.api.v1alpha1.SwarmSource;
import io.narthex.api.v1alpha1.Tenancy;
import io.narthex.compiler.assemble.JobPiece;
import io.narthex.compiler.config.ConfigLine;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.EscapingScheme;
import io.narthex.compiler.config.ExpositionConfig;
import io.narthex.compiler.config.Finding;
import io.narthex.compiler.config.RelabelConfig;
import io.narthex.compiler.config.Rendered;
import io.narthex.compiler.config.ScrapeConfig;
import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.config.value.NameScheme;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Origin;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.swarm.DockerSecret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns a Monitor into scrape jobs, one for each endpoint. */
public final class MonitorFrontend {

    /** What an endpoint is that says nothing. */
    private static final Endpoint DEFAULT =
            new ObjectMapper().convertValue(Map.of("name", Endpoint.DEFAULT_NAME), Endpoint.class);

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final String INTERVAL = "__scrape_interval__";
    private static final String TIMEOUT = "__scrape_timeout__";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");

    /**
     * What a Monitor became.
     *
     * @param jobs its scrape jobs, without those that are wrong
     * @param diagnostics what is wrong with it
     * @param credentials the credentials of its jobs, by the paths of their files
     * @param mounts the Docker secrets of its jobs, by the paths at which they are mounted
     * @param wanted all credentials that it refers to, known or not
     * @param pools which services' tasks Narthex finds for its jobs
     */
    public record Result(
            List<JobPiece> jobs,
            List<Diagnostic> diagnostics,
            Map<String, SecretId> credentials,
            Map<String, DockerSecret> mounts,
            Set<SecretId> wanted,
            List<MonitorPool> pools) {}

    /** One endpoint as Prometheus's configuration, and where its lines come from. */
    private record Job(ScrapeConfig config, Places places, String label, PrometheusDuration interval) {}

    private final ServerSettings server;
    private final Dialect dialect;
    private final Function<SecretId, @Nullable SecretValue> secrets;
    private final Function<String, @Nullable DockerSecret> dockerSecrets;
    private final Pem pem = new Pem();

    /**
     * Makes a frontend for one server.
     *
     * @param server the server's settings
     * @param secrets finds credentials; null for one that isn't known
     * @param dockerSecrets finds the secrets of a Swarm by name; null for one that isn't there
     */
    public MonitorFrontend(
            ServerSettings server,
            Function<SecretId, @Nullable SecretValue> secrets,
            Function<String, @Nullable DockerSecret> dockerSecrets) {
        this.server = server;
        this.dialect = server.dialect();
        this.secrets = secrets;
        this.dockerSecrets = dockerSecrets;
    }

    /** Returns whether what {@code monitor} becomes depends on where its server may discover objects. */
    public static boolean goesBySight(MonitorSpec monitor) {
        return MonitorSource.goBySight(monitor.source());
    }

    /** Returns what {@code monitor} becomes. */
    public Result compile(Declared<MonitorSpec> monitor) {
        Report report = new Report(monitor);
        Set<SecretId> wanted = new TreeSet<>();
        Map<String, SecretId> files = new TreeMap<>();
        List<JobPiece> jobs = new ArrayList<>(1);
        Map<String, DockerSecret> mounts = new TreeMap<>();
        List<MonitorPool> pools = new ArrayList<>();
        if (!isNamed(monitor, report) || !isAllowed(monitor, report)) {
            return new Result(List.of(), report.diagnostics(), Map.of(), Map.of(), Set.of(), List.of());
        }
        Set<String> names = new HashSet<>();
        List<Endpoint> endpoints = endpoints(monitor.spec());
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint endpoint = endpoints.get(i);
            FieldPath at = at(i, endpoint);
            Report own = new Report(monitor);
            Credentials credentials = new Credentials(context(monitor), own);
            if (!names.add(endpoint.name())) {
                own.add(
                        DiagnosticCode.DUPLICATE_ENDPOINT,
                        at.field("name"),
                        "two endpoints are called " + endpoint.name(),
                        "each name once",
                        "rename one of them");
            } else {
                Job job = job(monitor, endpoint, at, own, credentials);
                JobPiece piece = job == null || own.errors() > 0 ? null : piece(monitor, endpoint, job, own);
                if (piece != null) {
                    jobs.add(piece);
                    files.putAll(credentials.files());
                    mounts.putAll(credentials.mounts());
                    pool(monitor, endpoint, at).ifPresent(pools::add);
                }
            }
            wanted.addAll(credentials.wanted());
            report.addAll(own.diagnostics());
        }
        return new Result(List.copyOf(jobs), report.diagnostics(), files, mounts, wanted, List.copyOf(pools));
    }

    /** Returns what Narthex is to find for an endpoint that is right; empty where Prometheus finds it itself. */
    private Optional<MonitorPool> pool(Declared<MonitorSpec> monitor, Endpoint endpoint, FieldPath at) {
        SwarmSource swarm = monitor.spec().source().swarm();
        if (swarm == null || server.discoveryUrl().isEmpty()) {
            return Optional.empty();
        }
        PortRef port = endpoint.port();
        return Optional.of(new MonitorPool(
                name(monitor, endpoint),
                swarm.services(),
                Optional.ofNullable(swarm.selector()),
                Optional.ofNullable(port == null ? null : port.number()),
                monitor.spec().prober() != null ? "" : endpoint.path() == null ? "/metrics" : endpoint.path(),
                at.field("port")));
    }

    /**
     * Returns line by line where a job's configuration comes from.
     *
     * @param monitor the Monitor that it came from
     * @param endpointName the endpoint's name
     * @param firstLine the line on which the job begins in its file
     */
    public List<Origin> origins(Declared<MonitorSpec> monitor, String endpointName, int firstLine) {
        List<Endpoint> endpoints = endpoints(monitor.spec());
        for (int i = 0; i < endpoints.size(); i++) {
            if (endpoints.get(i).name().equals(endpointName)) {
                Report report = new Report(monitor);
                Job job = job(
                        monitor,
                        endpoints.get(i),
                        at(i, endpoints.get(i)),
                        report,
                        new Credentials(context(monitor), report));
                return job == null ? List.of() : origins(monitor, job, firstLine);
            }
        }
        return List.of();
    }

    private List<Origin> origins(Declared<MonitorSpec> monitor, Job job, int firstLine) {
        List<Origin> origins = new ArrayList<>();
        for (ConfigLine line : dialect.lines(job.config())) {
            Optional<FieldPath> field = job.places().field(line.path());
            origins.add(new Origin(
                    firstLine + line.line() - 1,
                    line.text(),
                    field.map(some -> monitor.key()),
                    field.orElse(FieldPath.ROOT)));
        }
        return origins;
    }

    /** Returns the name of the job that an endpoint becomes. */
    private static String name(Declared<MonitorSpec> monitor, Endpoint endpoint) {
        return "monitor/" + monitor.key().namespace() + "/" + monitor.key().name() + "/" + endpoint.name();
    }

    private static List<Endpoint> endpoints(MonitorSpec spec) {
        return spec.endpoints().isEmpty() ? List.of(DEFAULT) : spec.endpoints();
    }

    private static FieldPath at(int index, Endpoint endpoint) {
        return SPEC.field("endpoints").index(index, endpoint.name());
    }

    private Context context(Declared<MonitorSpec> monitor) {
        String namespace = monitor.key().namespace();
        return new Context(
                server.version(),
                server.platform(),
                namespace,
                server.isForeign(namespace),
                server.allowsFiles(),
                server.folder(),
                secrets,
                dockerSecrets,
                pem);
    }

    private static boolean isNamed(Declared<MonitorSpec> monitor, Report report) {
        if (NAME.matcher(monitor.key().name()).matches()
                && NAME.matcher(monitor.key().namespace()).matches()) {
            return true;
        }
        report.add(
                INVALID_VALUE,
                FieldPath.of("metadata"),
                "the name or the namespace has other characters than letters, digits, - and .",
                "a name such as web-shop",
                "rename it");
        return false;
    }

    private boolean isAllowed(Declared<MonitorSpec> monitor, Report report) {
        Tenancy tenancy = tenancy(monitor);
        if (tenancy == null) {
            return true;
        }
        boolean allowed = true;
        if (tenancy.ownNamespaceOnly()
                && MonitorSource.looksBeyond(monitor.spec().source(), monitor.key().namespace())) {
            report.add(
                    DiagnosticCode.SOURCE_DENIED,
                    MonitorSource.AT,
                    "the server doesn't let Monitors of other namespaces look beyond their own",
                    "namespaces left out, or with the Monitor's own alone",
                    "make a Monitor in each namespace, or ask for tenancy.ownNamespaceOnly: false of the PrometheusServer");
            allowed = false;
        }
        if (tenancy.allowedSources().isEmpty()) {
            return allowed;
        }
        for (SourceKind kind : MonitorSource.kinds(monitor.spec().source())) {
            if (!tenancy.allowedSources().contains(kind)) {
                report.add(
                        DiagnosticCode.SOURCE_DENIED,
                        MonitorSource.AT.field(kind.value()),
                        "the server doesn't let Monitors of other namespaces use the source " + kind,
                        String.join(
                                ", ",
                                tenancy.allowedSources().stream()
                                        .map(SourceKind::value)
                                        .sorted()
                                        .toList()),
                        "use another source, or ask for it in tenancy.allowedSources of the PrometheusServer");
                allowed = false;
            }
        }
        return allowed;
    }

    /** Returns what binds this Monitor; null where nothing does. */
    private @Nullable Tenancy tenancy(Declared<MonitorSpec> monitor) {
        return server.isForeign(monitor.key().namespace()) ? server.tenancy() : null;
    }

    private @Nullable JobPiece piece(Declared<MonitorSpec> monitor, Endpoint endpoint, Job job, Report report) {
        Rendered rendered = dialect.render(job.config());
        for (Finding finding : rendered.findings()) {
            FieldPath field = job.places().field(finding.path()).orElse(SPEC);
            report.addAll(List.of(finding.toDiagnostic(monitor.key(), field, monitor.source())));
        }
        if (report.errors() > 0) {
            return null;
        }
        return new JobPiece(
                job.config().jobName(),
                monitor.key(),
                endpoint.name(),
                job.label(),
                job.interval().toDuration(),
                rendered.bytes());
    }

    private @Nullable Job job(
            Declared<MonitorSpec> monitor, Endpoint endpoint, FieldPath at, Report report, Credentials credentials) {
        MonitorSpec spec = monitor.spec();
        Context context = context(monitor);
        Tenancy tenancy = tenancy(monitor);
        Texts texts = new Texts(report, INVALID_VALUE);
        HttpClients clients = new HttpClients(context, report, credentials, texts);
        if (!NAME.matcher(endpoint.name()).matches()) {
            report.add(
                    INVALID_VALUE,
                    at.field("name"),
                    "the endpoint's name has other characters than letters, digits, - and .",
                    "a name such as metrics",
                    "rename it");
        }
        String label = spec.job() == null ? monitor.key().name() : spec.job();
        texts.check(label, SPEC.field("job"));
        NameScheme chosen = Enums.names(endpoint.nameValidation());
        Names valid = Names.of(dialect, chosen == null ? server.names() : chosen);
        NameScheme names = valid.labels();
        LabelMaps.check(report, names, spec.labels(), SPEC.field("labels"));
        Map<String, String> labels = new TreeMap<>(spec.labels());
        labels.put("job", label);

        Targets targets = new Sources(server, context, report, clients, texts, names)
                .read(spec, endpoint, at, labels, name(monitor, endpoint));
        PrometheusDuration interval = interval(endpoint, at, tenancy, report, texts);
        PrometheusDuration timeout = timeout(endpoint, at, interval, report, texts);

        List<RelabelConfig> steps = new ArrayList<>();
        if (targets != null) {
            steps.addAll(targets.steps());
            if (!targets.labelled()) {
                labels.forEach((name, value) -> steps.add(Steps.set(name, value)));
            }
        }
        jobLabel(spec, report, names).ifPresent(from -> steps.add(Steps.copy(from, "job")));
        Prober prober = spec.prober();
        HttpUrl proberUrl = prober == null
                ? null
                : report.value(HttpUrl.parse(prober.url()), INVALID_VALUE, FieldPath.of("spec", "prober", "url"));
        if (prober != null) {
            steps.add(Steps.copyAlways("__address__", "__param_target"));
            steps.add(Steps.copyAlways("__param_target", "instance"));
        }
        int firstStep = steps.size();
        boolean guarded = HttpClients.sendsCredentials(endpoint);
        Severity redirection = !guarded
                ? null
                : context.foreign() || context.platform() != Platform.LOCAL ? Severity.ERROR : Severity.WARNING;
        List<RelabelConfig> own = new Relabelings(report, valid.relabeling(), redirection)
                .read(endpoint.relabelings(), at.field("relabelings"));
        steps.addAll(own);
        if (proberUrl != null) {
            steps.add(Steps.set("__address__", proberUrl.authority()));
        }
        List<RelabelConfig> metricSteps = new ArrayList<>(new Relabelings(report, valid.relabeling(), null)
                .read(endpoint.metricRelabelings(), at.field("metricRelabelings")));
        int ownMetricSteps = metricSteps.size();
        server.enforcedLabels(monitor.key().namespace()).forEach((name, value) -> {
            if (chosen == NameScheme.LEGACY && !valid.relabeling().isLabelName(name)) {
                report.add(
                        INVALID_VALUE,
                        at.field("nameValidation"),
                        "the legacy name validation refuses the label " + Quoting.quote(name)
                                + ", which the server enforces",
                        "utf8",
                        "remove nameValidation");
            }
            steps.add(Steps.set(name, value));
            metricSteps.add(Steps.set(name, value));
        });
        if (tenancy != null && tenancy.minScrapeInterval() != null) {
            fixInterval(endpoint, at, interval, timeout, steps, report);
        }

        ScrapeConfig.Builder config = ScrapeConfig.builder()
                .jobName(name(monitor, endpoint))
                .scrapeInterval(interval)
                .scrapeTimeout(timeout)
                .honorLabels(
                        (tenancy != null && tenancy.overrideHonorLabels() && endpoint.honorLabels() != null)
                                ? Boolean.FALSE
                                : endpoint.honorLabels())
                .honorTimestamps(
                        (tenancy != null && tenancy.overrideHonorTimestamps())
                                ? Boolean.FALSE
                                : endpoint.honorTimestamps())
                .trackTimestampsStaleness(endpoint.trackTimestampsStaleness())
                .enableCompression(endpoint.enableCompression())
                .scrapeFailureLogFile(
                        logsFailures(endpoint, at, tenancy, report)
                                ? server.dataDirectory() + "/scrape-failures.log"
                                : null)
                .fallbackScrapeProtocol(Enums.protocol(endpoint.fallbackScrapeProtocol()))
                .exposition(exposition(endpoint, at, report))
                .limits(new Limits(report, INVALID_VALUE, dialect.hasGlobalLimits())
                        .read(
                                endpoint.limits(),
                                at.field("limits"),
                                server.defaultLimits(),
                                tenancy == null ? null : tenancy.limits()))
                .http(clients.client(endpoint, at))
                .relabelConfigs(steps)
                .metricRelabelConfigs(metricSteps);
        NativeHistograms histograms = endpoint.nativeHistograms();
        if (histograms != null) {
            config.nativeHistogramBucketLimit(histograms.bucketLimit())
                    .nativeHistogramMinBucketFactor(histograms.minBucketFactor());
        }
        request(config, endpoint, prober, proberUrl, at, report, texts);
        if (targets == null) {
            return null;
        }
        Places places =
                new Places(at, !spec.endpoints().isEmpty(), prober != null, firstStep, own.size(), ownMetricSteps);
        return new Job(
                config.discovery(targets.discovery()).build(),
                places,
                spec.jobLabelFrom() == null ? label : "",
                interval == null ? server.interval() : interval);
    }

    /** Prometheus never shortens that file, which lies beside the samples of all: tenants don't get to fill it. */
    private static boolean logsFailures(Endpoint endpoint, FieldPath at, @Nullable Tenancy tenancy, Report report) {
        if (!Boolean.TRUE.equals(endpoint.logFailures())) {
            return false;
        }
        if (tenancy == null) {
            return true;
        }
        report.add(
                DiagnosticCode.SETTING_IGNORED,
                Severity.WARNING,
                at.field("logFailures"),
                "the server, which has tenancy, logs no failures for Monitors of other namespaces",
                "Monitors of the server's own namespace",
                "remove logFailures; the status of the Monitor has the last error");
        return false;
    }

    private @Nullable PrometheusDuration interval(
            Endpoint endpoint, FieldPath at, @Nullable Tenancy tenancy, Report report, Texts texts) {
        PrometheusDuration interval = texts.positive(endpoint.interval(), at.field("interval"));
        if (tenancy == null || tenancy.minScrapeInterval() == null) {
            return interval;
        }
        PrometheusDuration least = PrometheusDuration.parse(tenancy.minScrapeInterval())
                .toOptional()
                .orElse(PrometheusDuration.ZERO);
        PrometheusDuration effective = interval == null ? server.interval() : interval;
        if (effective.compareTo(least) >= 0) {
            return interval;
        }
        report.add(
                DiagnosticCode.INTERVAL_RAISED,
                at.field("interval"),
                "interval " + effective + " is shorter than the server grants; it is raised to " + least,
                "at least " + least,
                "set interval to " + least + " or more");
        return least;
    }

    /** Has the last word on how often is scraped, which targets' own labels would have otherwise. */
    private void fixInterval(
            Endpoint endpoint,
            FieldPath at,
            @Nullable PrometheusDuration interval,
            @Nullable PrometheusDuration timeout,
            List<RelabelConfig> steps,
            Report report) {
        for (int i = 0; i < endpoint.relabelings().size(); i++) {
            String target = endpoint.relabelings().get(i).targetLabel();
            if (INTERVAL.equals(target) || TIMEOUT.equals(target)) {
                report.add(
                        DiagnosticCode.INTERVAL_RAISED,
                        at.field("relabelings").index(i).field("targetLabel"),
                        "the server grants Monitors of other namespaces no interval of their targets' own; this step"
                                + " changes nothing",
                        "interval and timeout of the endpoint",
                        "remove the step");
            }
        }
        PrometheusDuration every = interval == null ? server.interval() : interval;
        PrometheusDuration atMost = timeout == null ? server.timeout() : timeout;
        steps.add(Steps.set(INTERVAL, every.toString()));
        steps.add(Steps.set(TIMEOUT, (atMost.compareTo(every) > 0 ? every : atMost).toString()));
    }

    private @Nullable PrometheusDuration timeout(
            Endpoint endpoint, FieldPath at, @Nullable PrometheusDuration interval, Report report, Texts texts) {
        PrometheusDuration timeout = texts.positive(endpoint.timeout(), at.field("timeout"));
        if (timeout == null) {
            return null;
        }
        PrometheusDuration effective = interval == null ? server.interval() : interval;
        if (timeout.compareTo(effective) > 0) {
            String shown = interval == null ? "the server's interval " : "interval ";
            report.add(
                    DiagnosticCode.TIMEOUT_EXCEEDS_INTERVAL,
                    at.field("timeout"),
                    "timeout " + endpoint.timeout() + " is longer than " + shown
                            + (interval == null || endpoint.interval() == null ? effective : endpoint.interval()),
                    "at most " + effective,
                    "set timeout to " + effective + " or less, or " + (interval == null ? "set" : "raise")
                            + " interval");
        }
        return timeout;
    }

    private static Optional<String> jobLabel(MonitorSpec spec, Report report, NameScheme names) {
        String from = spec.jobLabelFrom();
        if (from == null) {
            return Optional.empty();
        }
        String object = MonitorSource.object(spec.source());
        if (object != null) {
            return Optional.of(object + "_label_" + Steps.sanitized(from));
        }
        report.add(DiagnosticCode.INVALID_LABEL, SPEC.field("jobLabelFrom"), names.labelNameProblem(from));
        return Optional.of(from);
    }

    private ExpositionConfig exposition(Endpoint endpoint, FieldPath at, Report report) {
        if (new HashSet<>(endpoint.scrapeProtocols()).size()
                < endpoint.scrapeProtocols().size()) {
            report.add(
                    INVALID_VALUE,
                    at.field("scrapeProtocols"),
                    "a protocol is listed twice",
                    "each protocol once",
                    "remove one of them");
        }
        NameScheme names = Enums.names(endpoint.nameValidation());
        NameScheme effective =
                Names.of(dialect, names == null ? server.names() : names).labels();
        EscapingScheme escaping = Enums.escaping(endpoint.nameEscaping());
        if (escaping == EscapingScheme.ALLOW_UTF_8 && effective == NameScheme.LEGACY) {
            report.add(
                    INVALID_VALUE,
                    at.field("nameEscaping"),
                    "allow-utf-8 asks for names that the legacy name validation refuses",
                    "underscores, dots or values",
                    "use another nameEscaping, or nameValidation: utf8");
        }
        if (escaping == null && names == NameScheme.LEGACY && dialect.legacyJobsNeedEscaping()) {
            escaping = EscapingScheme.UNDERSCORES;
        }
        NativeHistograms histograms = endpoint.nativeHistograms();
        return ExpositionConfig.builder()
                .scrapeProtocols(Enums.protocols(endpoint.scrapeProtocols()))
                .scrapeNativeHistograms(histograms == null ? null : histograms.scrape())
                .alwaysScrapeClassicHistograms(histograms == null ? null : histograms.alwaysScrapeClassic())
                .convertClassicHistogramsToNhcb(histograms == null ? null : histograms.convertClassic())
                .metricNameValidationScheme(names)
                .metricNameEscapingScheme(escaping)
                .extraScrapeMetrics(endpoint.extraScrapeMetrics())
                .build();
    }

    private static void request(
            ScrapeConfig.Builder config,
            Endpoint endpoint,
            @Nullable Prober prober,
            @Nullable HttpUrl proberUrl,
            FieldPath at,
            Report report,
            Texts texts) {
        Map<String, List<String>> params = new TreeMap<>();
        endpoint.params().forEach((name, values) -> {
            FieldPath field = at.field("params").field(name);
            if (texts.check(name, field) != null) {
                params.put(name, texts.checkAll(values, field));
            }
        });
        String path = texts.check(endpoint.path(), at.field("path"));
        if (path != null && path.contains("?")) {
            report.add(
                    INVALID_VALUE,
                    at.field("path"),
                    "the path holds a question mark, which Prometheus would escape",
                    "a path without parameters",
                    "move what follows it to params");
        }
        if (prober == null) {
            config.metricsPath(path)
                    .scheme(endpoint.scheme() == null ? null : endpoint.scheme().value());
        } else {
            if (endpoint.path() != null || endpoint.scheme() != null) {
                String field = endpoint.path() != null ? "path" : "scheme";
                report.add(
                        INVALID_VALUE,
                        at.field(field),
                        "with a prober the endpoint's " + field + " means nothing",
                        "the targets' own URLs, and prober.url and prober.path",
                        "remove " + field);
            }
            FieldPath proberAt = SPEC.field("prober");
            String proberPath = texts.check(prober.path(), proberAt.field("path"));
            config.metricsPath(proberPath == null ? "/probe" : proberPath);
            if (proberUrl != null) {
                config.scheme(proberUrl.scheme().equals("http") ? null : proberUrl.scheme());
            }
            String module = texts.check(prober.module(), proberAt.field("module"));
            if (module != null) {
                params.put("module", List.of(module));
            }
        }
        config.params(params);
    }
}
