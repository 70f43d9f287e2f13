package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_VALUE;

import io.narthex.api.v1alpha1.Endpoint;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.NativeHistograms;
import io.narthex.api.v1alpha1.Prober;
import io.narthex.api.v1alpha1.Tenancy;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.EscapingScheme;
import io.narthex.compiler.config.ExpositionConfig;
import io.narthex.compiler.config.RelabelConfig;
import io.narthex.compiler.config.ScrapeConfig;
import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.config.value.NameScheme;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns one endpoint of a Monitor into a scrape job. */
final class EndpointFrontend {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final String INTERVAL = "__scrape_interval__";
    private static final String TIMEOUT = "__scrape_timeout__";

    /**
     * The endpoint as Prometheus's configuration, and where its lines come from.
     *
     * @param config the configuration
     * @param places which field asked for which line
     * @param label the label {@code job} of its targets; empty text where each has its own
     * @param interval how often it is scraped
     */
    record Job(ScrapeConfig config, Places places, String label, PrometheusDuration interval) {}

    private final ServerSettings server;
    private final Dialect dialect;
    private final Context context;
    private final Declared<MonitorSpec> monitor;
    private final MonitorSpec spec;
    private final Endpoint endpoint;
    private final String name;
    private final FieldPath at;
    /** What binds the Monitor; null for nothing. */
    private final @Nullable Tenancy tenancy;

    private final Report report;
    private final Texts texts;
    private final HttpClients clients;
    /** Which names the endpoint asks for; null for those of the server. */
    private final @Nullable NameScheme chosen;

    private final Names valid;

    /**
     * Makes one.
     *
     * @param monitor the Monitor
     * @param endpoint the endpoint
     * @param name the name of the job
     * @param at where the endpoint stands
     * @param report is told what is wrong
     * @param credentials gets the credentials that the job takes
     */
    EndpointFrontend(
            ServerSettings server,
            Context context,
            Declared<MonitorSpec> monitor,
            Endpoint endpoint,
            String name,
            FieldPath at,
            Report report,
            Credentials credentials) {
        this.server = server;
        this.dialect = server.dialect();
        this.context = context;
        this.monitor = monitor;
        this.spec = monitor.spec();
        this.endpoint = endpoint;
        this.name = name;
        this.at = at;
        this.tenancy = context.foreign() ? server.tenancy() : null;
        this.report = report;
        this.texts = new Texts(report, INVALID_VALUE);
        this.clients = new HttpClients(context, report, credentials, texts);
        this.chosen = Enums.names(endpoint.nameValidation());
        this.valid = Names.of(dialect, chosen == null ? server.names() : chosen);
    }

    /** Returns the job; null where it can't be, after noting why. It is right only where no error is noted. */
    @Nullable
    Job read() {
        String label = spec.job() == null ? monitor.key().name() : spec.job();
        texts.check(label, SPEC.field("job"));
        NameScheme names = valid.labels();
        LabelMaps.check(report, names, spec.labels(), SPEC.field("labels"));
        Map<String, String> labels = new TreeMap<>(spec.labels());
        labels.put("job", label);

        Targets targets =
                new Sources(server, context, report, clients, texts, names).read(spec, endpoint, at, labels, name);
        PrometheusDuration interval = interval();
        PrometheusDuration timeout = timeout(interval);

        List<RelabelConfig> steps = new ArrayList<>();
        if (targets != null) {
            steps.addAll(targets.steps());
            if (!targets.labelled()) {
                labels.forEach((one, value) -> steps.add(Steps.set(one, value)));
            }
        }
        jobLabel().ifPresent(from -> steps.add(Steps.copy(from, "job")));
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
        server.enforcedLabels(monitor.key().namespace()).forEach((enforced, value) -> {
            if (chosen == NameScheme.LEGACY && !valid.relabeling().isLabelName(enforced)) {
                report.add(
                        INVALID_VALUE,
                        at.field("nameValidation"),
                        "the legacy name validation refuses the label " + Quoting.quote(enforced)
                                + ", which the server enforces",
                        "utf8",
                        "remove nameValidation");
            }
            steps.add(Steps.set(enforced, value));
            metricSteps.add(Steps.set(enforced, value));
        });
        if (tenancy != null && tenancy.minScrapeInterval() != null) {
            fixInterval(interval, timeout, steps);
        }

        ScrapeConfig.Builder config = ScrapeConfig.builder()
                .jobName(name)
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
                .scrapeFailureLogFile(logsFailures() ? server.dataDirectory() + "/scrape-failures.log" : null)
                .fallbackScrapeProtocol(Enums.protocol(endpoint.fallbackScrapeProtocol()))
                .exposition(exposition())
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
        request(config, proberUrl);
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
    private boolean logsFailures() {
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

    private @Nullable PrometheusDuration interval() {
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
            @Nullable PrometheusDuration interval, @Nullable PrometheusDuration timeout, List<RelabelConfig> steps) {
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

    private @Nullable PrometheusDuration timeout(@Nullable PrometheusDuration interval) {
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

    private Optional<String> jobLabel() {
        String from = spec.jobLabelFrom();
        if (from == null) {
            return Optional.empty();
        }
        String object = MonitorSource.object(spec.source());
        if (object != null) {
            return Optional.of(object + "_label_" + Steps.sanitized(from));
        }
        report.add(
                DiagnosticCode.INVALID_LABEL,
                SPEC.field("jobLabelFrom"),
                valid.labels().labelNameProblem(from));
        return Optional.of(from);
    }

    private ExpositionConfig exposition() {
        if (new HashSet<>(endpoint.scrapeProtocols()).size()
                < endpoint.scrapeProtocols().size()) {
            report.add(
                    INVALID_VALUE,
                    at.field("scrapeProtocols"),
                    "a protocol is listed twice",
                    "each protocol once",
                    "remove one of them");
        }
        EscapingScheme escaping = Enums.escaping(endpoint.nameEscaping());
        if (escaping == EscapingScheme.ALLOW_UTF_8 && valid.labels() == NameScheme.LEGACY) {
            report.add(
                    INVALID_VALUE,
                    at.field("nameEscaping"),
                    "allow-utf-8 asks for names that the legacy name validation refuses",
                    "underscores, dots or values",
                    "use another nameEscaping, or nameValidation: utf8");
        }
        if (escaping == null && chosen == NameScheme.LEGACY && dialect.legacyJobsNeedEscaping()) {
            escaping = EscapingScheme.UNDERSCORES;
        }
        NativeHistograms histograms = endpoint.nativeHistograms();
        return ExpositionConfig.builder()
                .scrapeProtocols(Enums.protocols(endpoint.scrapeProtocols()))
                .scrapeNativeHistograms(histograms == null ? null : histograms.scrape())
                .alwaysScrapeClassicHistograms(histograms == null ? null : histograms.alwaysScrapeClassic())
                .convertClassicHistogramsToNhcb(histograms == null ? null : histograms.convertClassic())
                .metricNameValidationScheme(chosen)
                .metricNameEscapingScheme(escaping)
                .extraScrapeMetrics(endpoint.extraScrapeMetrics())
                .build();
    }

    private void request(ScrapeConfig.Builder config, @Nullable HttpUrl proberUrl) {
        Prober prober = spec.prober();
        Map<String, List<String>> params = new TreeMap<>();
        endpoint.params().forEach((param, values) -> {
            FieldPath field = at.field("params").field(param);
            if (texts.check(param, field) != null) {
                params.put(param, texts.checkAll(values, field));
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
