package io.narthex.compiler.frontend;

import io.narthex.api.v1alpha1.SourceKind;
import io.narthex.api.v1alpha1.Tenancy;
import io.narthex.compiler.assemble.JobPiece;
import io.narthex.compiler.assemble.RulePiece;
import io.narthex.compiler.config.AuthorizationConfig;
import io.narthex.compiler.config.BasicAuthConfig;
import io.narthex.compiler.config.DnsRecordType;
import io.narthex.compiler.config.DnsSdConfig;
import io.narthex.compiler.config.Finding;
import io.narthex.compiler.config.HttpClientConfig;
import io.narthex.compiler.config.RelabelConfig;
import io.narthex.compiler.config.Rendered;
import io.narthex.compiler.config.ScrapeConfig;
import io.narthex.compiler.config.ServiceDiscovery;
import io.narthex.compiler.config.TlsConfig;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.discovery.DiscoveryEndpoint;
import io.narthex.compiler.discovery.DiscoveryPool;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Expression;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.swarm.DockerSecret;
import io.narthex.compiler.swarm.SwarmService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns the labels of a Swarm's service into endpoints to discover, scrape jobs for those that need some, and alerts. */
public final class ServiceFrontend {

    /** The label that names the server which is to scrape. */
    public static final String SERVER_LABEL = LabelField.PREFIX + LabelField.SERVER.text();

    /** Labels of targets that say where a target comes from; no label of a service sets them. */
    private static final Set<String> PROTECTED = Set.of("instance", "stack", "service", "task", "node");

    private static final PrometheusDuration SHORTEST = PrometheusDuration.ofSeconds(1);

    /** More than anybody reads; a service with so many is mistaken as a whole. */
    private static final int MOST_DIAGNOSTICS = 100;

    /**
     * What a service's labels became.
     *
     * @param shared the endpoints that the shared scrape job takes
     * @param own the endpoints with scrape jobs of their own, by the job's name, where Narthex serves their targets
     * @param jobs these scrape jobs
     * @param groups the alerts, each a group of its own, so that one that is wrong harms no other
     * @param diagnostics what is wrong with the labels
     * @param mounts the Docker secrets of the jobs, by the paths at which they are mounted
     * @param wanted the names of all Docker secrets that are named, there or not
     * @param expressions the expressions of the alerts
     */
    public record Result(
            List<DiscoveryEndpoint> shared,
            SortedMap<String, DiscoveryEndpoint> own,
            List<JobPiece> jobs,
            List<RulePiece> groups,
            List<Diagnostic> diagnostics,
            Map<String, DockerSecret> mounts,
            Set<String> wanted,
            List<Expression> expressions) {

        /** Of a service whose labels say nothing to the server. */
        public static final Result NOTHING =
                new Result(List.of(), new TreeMap<>(), List.of(), List.of(), List.of(), Map.of(), Set.of(), List.of());

        /** Returns whether the labels say nothing to the server. */
        public boolean isNothing() {
            return shared.isEmpty()
                    && own.isEmpty()
                    && jobs.isEmpty()
                    && groups.isEmpty()
                    && diagnostics.isEmpty()
                    && wanted.isEmpty()
                    && expressions.isEmpty();
        }
    }

    /** What is collected of one service. */
    private static final class Collected {
        private final List<DiscoveryEndpoint> shared = new ArrayList<>();
        private final SortedMap<String, DiscoveryEndpoint> own = new TreeMap<>();
        private final List<JobPiece> jobs = new ArrayList<>();
        private final Map<String, DockerSecret> mounts = new TreeMap<>();
        private final Set<String> wanted = new TreeSet<>();
        private final Map<List<Object>, String> urls = new HashMap<>();
        private final Map<List<Object>, String> series = new HashMap<>();
    }

    private final ServerSettings server;
    private final Function<String, @Nullable DockerSecret> secrets;
    private final ServiceAlerts alerts;

    /**
     * Makes a frontend for one server.
     *
     * @param server the server's settings
     * @param secrets finds Docker secrets by name; null for one that isn't there
     * @param verdicts what is known of an expression; null for nothing
     */
    public ServiceFrontend(
            ServerSettings server,
            Function<String, @Nullable DockerSecret> secrets,
            Function<String, @Nullable QueryVerdict> verdicts) {
        this.server = server;
        this.secrets = secrets;
        this.alerts = new ServiceAlerts(server, verdicts);
    }

    /** Returns the name of the server that the labels of {@code service} ask for; empty where they leave it open. */
    public static Optional<String> server(Declared<SwarmService> service) {
        if (!service.spec().labels().containsKey(SERVER_LABEL)
                && !service.spec().containerLabels().containsKey(SERVER_LABEL)) {
            return Optional.empty();
        }
        FoundLabel found =
                ServiceLabels.read(service.spec(), new Report(service)).server();
        return found == null ? Optional.empty() : Optional.of(found.value());
    }

    /** Returns the TCP ports that a service publishes or its image exposes. */
    public static SortedSet<Integer> ports(SwarmService service) {
        return LabelValues.ports(service);
    }

    /** Returns what the labels of {@code declared} become. */
    public Result compile(Declared<SwarmService> declared) {
        SwarmService service = declared.spec();
        if (!ServiceLabels.concern(service)) {
            return Result.NOTHING;
        }
        Report report = new Report(declared);
        ServiceLabels.Declared labels = ServiceLabels.read(service, report);
        boolean bareFits = fits(labels.server());
        List<EndpointLabels> endpoints = labels.endpoints().stream()
                .filter(endpoint -> fits(endpoint.find(LabelField.SERVER)))
                .toList();
        if (!bareFits && endpoints.isEmpty()) {
            return Result.NOTHING;
        }
        Collected collected = new Collected();
        if (endpoints.isEmpty() || isAllowed(endpoints, report)) {
            for (EndpointLabels endpoint : endpoints) {
                Report own = new Report(declared);
                endpoint(declared, endpoint, own, collected);
                report.addAll(own.diagnostics());
            }
        }
        ServiceAlerts.Result rules =
                bareFits ? alerts.compile(declared, labels.alerts(), report) : ServiceAlerts.Result.NOTHING;
        return new Result(
                List.copyOf(collected.shared),
                collected.own,
                List.copyOf(collected.jobs),
                rules.groups(),
                bounded(report.diagnostics(), report),
                collected.mounts,
                collected.wanted,
                rules.expressions());
    }

    private static List<Diagnostic> bounded(List<Diagnostic> all, Report report) {
        if (all.size() <= MOST_DIAGNOSTICS) {
            return all;
        }
        report.add(
                DiagnosticCode.TOO_MANY_PROBLEMS,
                FieldPath.of("labels"),
                "there are " + (all.size() - MOST_DIAGNOSTICS) + " more problems",
                "",
                "mend these first");
        List<Diagnostic> first = new ArrayList<>(all.subList(0, MOST_DIAGNOSTICS));
        report.diagnostics().stream()
                .filter(one -> one.code() == DiagnosticCode.TOO_MANY_PROBLEMS)
                .forEach(first::add);
        first.sort(Diagnostic.ORDER);
        return List.copyOf(first);
    }

    private boolean fits(@Nullable FoundLabel wanted) {
        return wanted == null || wanted.value().equals(server.server().name());
    }

    private boolean isAllowed(List<EndpointLabels> endpoints, Report report) {
        Tenancy tenancy = server.tenancy();
        if (tenancy == null
                || tenancy.allowedSources().isEmpty()
                || tenancy.allowedSources().contains(SourceKind.SWARM)) {
            return true;
        }
        report.add(
                DiagnosticCode.SOURCE_DENIED,
                endpoints.getFirst().place(),
                "the server doesn't let labels of services declare what is scraped",
                tenancy.allowedSources().stream()
                        .map(SourceKind::value)
                        .sorted()
                        .collect(Collectors.joining(", ")),
                "ask for the source swarm in tenancy.allowedSources of the PrometheusServer");
        return false;
    }

    private void endpoint(Declared<SwarmService> declared, EndpointLabels labels, Report report, Collected collected) {
        SwarmService service = declared.spec();
        String stack = service.stack().orElse(SwarmService.NO_STACK);
        String id =
                DiscoveryPool.shared(server.platform()) + "/" + stack + "/" + service.shortName() + "/" + labels.id();
        LabelValues values = new LabelValues(labels, report);
        Optional<Integer> port = values.port(service);
        String path = values.path();
        String scheme = values.scheme();
        String job = values.job(labels.job().isEmpty() ? service.shortName() : labels.job());
        PrometheusDuration interval = interval(labels, values, report);
        PrometheusDuration timeout = timeout(labels, values, interval, report);
        Optional<String> network = values.network(service);
        SortedMap<String, String> params = new TreeMap<>(values.named(LabelField.PARAM));
        SortedMap<String, String> targetLabels = targetLabels(labels, values, report);
        targetLabels.put("job", job);
        targetLabels.putAll(server.enforcedLabels(declared.key().namespace()));
        SwarmSecrets files = new SwarmSecrets(service, secrets, report);
        HttpClientConfig client = client(labels, files, scheme, report);
        collected.wanted.addAll(files.wanted());
        if (report.errors() > 0 || labels.broken() || port.isEmpty()) {
            return;
        }
        if (!isNew(labels, collected, report, List.of(port.get(), path, params), List.of(port.get(), job))) {
            return;
        }
        boolean discovered = server.discoveryUrl().isPresent();
        boolean plain = client.equals(HttpClientConfig.NONE);
        if (discovered && plain) {
            TreeMap<String, String> all = new TreeMap<>(targetLabels);
            all.put("__scheme__", scheme);
            all.put("__metrics_path__", path);
            all.put("__scrape_interval__", interval.toString());
            all.put("__scrape_timeout__", timeout.toString());
            params.forEach((name, value) -> all.put("__param_" + name, value));
            collected.shared.add(
                    new DiscoveryEndpoint(id, declared.key(), service, port.get(), network, path, all, false));
            return;
        }
        ScrapeConfig.Builder config = ScrapeConfig.builder()
                .jobName(id)
                .scrapeInterval(interval)
                .scrapeTimeout(timeout)
                .metricsPath(path)
                .scheme(scheme)
                .limits(SharedPool.limits(server))
                .http(client);
        Map<String, List<String>> lists = new TreeMap<>();
        params.forEach((name, value) -> lists.put(name, List.of(value)));
        config.params(lists);
        if (discovered) {
            config.discovery(List.of(SharedPool.discovery(server, id)));
            collected.own.put(
                    id,
                    new DiscoveryEndpoint(id, declared.key(), service, port.get(), network, path, targetLabels, false));
        } else {
            config.discovery(tasks(service, port.get())).relabelConfigs(steps(service, targetLabels));
        }
        Rendered rendered = server.dialect().render(config.build());
        for (Finding finding : rendered.findings()) {
            report.addAll(List.of(finding.toDiagnostic(declared.key(), labels.place(), declared.source())));
        }
        if (report.errors() > 0) {
            collected.own.remove(id);
            return;
        }
        collected.mounts.putAll(files.mounts());
        collected.jobs.add(new JobPiece(id, declared.key(), labels.id(), job, interval.toDuration(), rendered.bytes()));
    }

    /** Without Narthex the tasks are found by Swarm's DNS, which knows the whole name of the service only. */
    private static List<ServiceDiscovery> tasks(SwarmService service, int port) {
        return List.of(new DnsSdConfig(List.of("tasks." + service.name()), DnsRecordType.A, Long.valueOf(port), null));
    }

    private static List<RelabelConfig> steps(SwarmService service, SortedMap<String, String> labels) {
        TreeMap<String, String> all = new TreeMap<>();
        all.put("service", service.name());
        all.put("image", service.imageName());
        service.stack().ifPresent(stack -> all.put("stack", stack));
        all.putAll(labels);
        List<RelabelConfig> steps = new ArrayList<>();
        all.forEach((name, value) -> steps.add(Steps.set(name, value)));
        return steps;
    }

    private static boolean isNew(
            EndpointLabels labels, Collected collected, Report report, List<Object> url, List<Object> series) {
        String same = collected.urls.putIfAbsent(url, labels.id());
        if (same != null) {
            report.add(
                    DiagnosticCode.ENDPOINTS_COLLIDE,
                    labels.place(),
                    "the endpoints " + same + " and " + labels.id()
                            + " scrape the same port and path; the former counts",
                    "each port and path once",
                    "remove one of them, or set its port or path");
            return false;
        }
        String other = collected.series.putIfAbsent(series, labels.id());
        if (other != null) {
            report.add(
                    DiagnosticCode.ENDPOINTS_COLLIDE,
                    labels.place(),
                    "the endpoints " + other + " and " + labels.id()
                            + " scrape the same port under the same job, so their series couldn't be told apart;"
                            + " the former counts",
                    "a job for each path",
                    "add the label " + LabelField.PREFIX + "endpoint." + labels.id() + ".job");
            return false;
        }
        return true;
    }

    private PrometheusDuration interval(EndpointLabels labels, LabelValues values, Report report) {
        PrometheusDuration interval = values.duration(LabelField.INTERVAL).orElse(server.interval());
        FoundLabel found = labels.find(LabelField.INTERVAL);
        if (found != null && interval.compareTo(SHORTEST) < 0) {
            report.add(
                    DiagnosticCode.LABEL_VALUE_INVALID,
                    found.place(),
                    "the interval " + Quoting.quote(found.value()) + " is shorter than 1s",
                    "at least 1s",
                    "set it to 1s or more");
        }
        Tenancy tenancy = server.tenancy();
        if (tenancy == null || tenancy.minScrapeInterval() == null) {
            return interval;
        }
        PrometheusDuration least = PrometheusDuration.parse(tenancy.minScrapeInterval())
                .toOptional()
                .orElse(PrometheusDuration.ZERO);
        if (interval.compareTo(least) >= 0) {
            return interval;
        }
        report.add(
                DiagnosticCode.INTERVAL_RAISED,
                found == null ? labels.place() : found.place(),
                "interval " + interval + " is shorter than the server grants; it is raised to " + least,
                "at least " + least,
                "set it to " + least + " or more");
        return least;
    }

    /** Prometheus drops a target whose timeout is longer than its interval, so both are always given. */
    private PrometheusDuration timeout(
            EndpointLabels labels, LabelValues values, PrometheusDuration interval, Report report) {
        PrometheusDuration byDefault = server.timeout().compareTo(interval) > 0 ? interval : server.timeout();
        PrometheusDuration timeout = values.duration(LabelField.TIMEOUT).orElse(byDefault);
        FoundLabel found = labels.find(LabelField.TIMEOUT);
        if (found != null && timeout.compareTo(interval) > 0) {
            report.add(
                    DiagnosticCode.TIMEOUT_EXCEEDS_INTERVAL,
                    found.place(),
                    "timeout " + timeout + " is longer than interval " + interval,
                    "at most " + interval,
                    "set the timeout to " + interval + " or less, or raise the interval");
        }
        return timeout;
    }

    private SortedMap<String, String> targetLabels(EndpointLabels labels, LabelValues values, Report report) {
        SortedMap<String, String> result = new TreeMap<>();
        values.named(LabelField.LABEL).forEach((name, value) -> {
            FoundLabel found = labels.settings().get(new LabelSetting(LabelField.LABEL, name));
            FieldPath place = found == null ? labels.place() : found.place();
            boolean external = server.externalLabels().contains(name);
            if (PROTECTED.contains(name) || external || name.equals("job")) {
                report.add(
                        DiagnosticCode.LABEL_PROTECTED,
                        place,
                        "the label " + name
                                + (external
                                        ? " is an external label of the server"
                                        : name.equals("job")
                                                ? " has a label of its own"
                                                : " says where a target comes from"),
                        "another label",
                        name.equals("job")
                                ? "use " + LabelField.PREFIX + "job"
                                : "rename it, for example to app_" + name);
                return;
            }
            result.put(name, value);
        });
        return result;
    }

    private static HttpClientConfig client(EndpointLabels labels, SwarmSecrets files, String scheme, Report report) {
        FoundLabel user = labels.find(LabelField.USERNAME);
        FoundLabel password = labels.find(LabelField.PASSWORD);
        FoundLabel token = labels.find(LabelField.TOKEN);
        FoundLabel ca = labels.find(LabelField.CA);
        if ((user != null || password != null) && token != null) {
            report.add(
                    DiagnosticCode.AUTH_AMBIGUOUS,
                    token.place(),
                    "basic-auth and authorization are set together",
                    "one of them",
                    "keep one of them");
            return HttpClientConfig.NONE;
        }
        if (password != null && user == null) {
            report.add(
                    DiagnosticCode.LABEL_VALUE_INVALID,
                    password.place(),
                    "there is a password but no user's name",
                    "both",
                    "add the label " + LabelField.PREFIX + LabelField.USERNAME.text());
        }
        if (user != null && password == null) {
            report.add(
                    DiagnosticCode.LABEL_VALUE_INVALID,
                    user.place(),
                    "there is a user's name but no password",
                    "both",
                    "add the label " + LabelField.PREFIX + LabelField.PASSWORD.text());
        }
        if (ca != null && !scheme.equals("https")) {
            report.add(
                    DiagnosticCode.LABEL_VALUE_INVALID,
                    ca.place(),
                    "authorities are named, and the scheme is " + Quoting.quote(scheme),
                    "the scheme https",
                    "set " + LabelField.PREFIX + "scheme to https, or leave it out");
        }
        HttpClientConfig.Builder client = HttpClientConfig.builder();
        if (user != null && password != null) {
            client.basicAuth(BasicAuthConfig.builder()
                    .username(user.value())
                    .passwordFile(files.path(password))
                    .build());
        }
        if (token != null) {
            client.authorization(new AuthorizationConfig(null, files.path(token)));
        }
        if (ca != null) {
            client.tls(TlsConfig.builder().caFile(files.path(ca)).build());
        }
        return client.build();
    }
}
