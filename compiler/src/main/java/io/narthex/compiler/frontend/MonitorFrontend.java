package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_VALUE;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.api.v1alpha1.Endpoint;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PortRef;
import io.narthex.api.v1alpha1.SourceKind;
import io.narthex.api.v1alpha1.SwarmSource;
import io.narthex.api.v1alpha1.Tenancy;
import io.narthex.compiler.assemble.JobPiece;
import io.narthex.compiler.config.ConfigLine;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.Finding;
import io.narthex.compiler.config.Rendered;
import io.narthex.compiler.frontend.EndpointFrontend.Job;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Origin;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
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
                checkName(endpoint, at, own);
                Job job = frontend(monitor, endpoint, at, own, credentials).read();
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
                Credentials credentials = new Credentials(context(monitor), report);
                Job job = frontend(monitor, endpoints.get(i), at(i, endpoints.get(i)), report, credentials)
                        .read();
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

    private EndpointFrontend frontend(
            Declared<MonitorSpec> monitor, Endpoint endpoint, FieldPath at, Report report, Credentials credentials) {
        return new EndpointFrontend(
                server, context(monitor), monitor, endpoint, name(monitor, endpoint), at, report, credentials);
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

    private static void checkName(Endpoint endpoint, FieldPath at, Report report) {
        if (!NAME.matcher(endpoint.name()).matches()) {
            report.add(
                    INVALID_VALUE,
                    at.field("name"),
                    "the endpoint's name has other characters than letters, digits, - and .",
                    "a name such as metrics",
                    "rename it");
        }
    }

    private boolean isAllowed(Declared<MonitorSpec> monitor, Report report) {
        Tenancy tenancy = server.isForeign(monitor.key().namespace()) ? server.tenancy() : null;
        if (tenancy == null) {
            return true;
        }
        boolean allowed = true;
        if (tenancy.ownNamespaceOnly()
                && MonitorSource.looksBeyond(
                        monitor.spec().source(), monitor.key().namespace())) {
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
}
