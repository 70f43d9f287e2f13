package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_VALUE;
import static io.narthex.compiler.model.DiagnosticCode.PORT_UNUSABLE;
import static io.narthex.compiler.model.DiagnosticCode.SOURCE_NOT_SERVED;
import static io.narthex.compiler.model.DiagnosticCode.SOURCE_UNCLEAR;

import io.narthex.api.v1alpha1.DnsSource;
import io.narthex.api.v1alpha1.Endpoint;
import io.narthex.api.v1alpha1.FileSource;
import io.narthex.api.v1alpha1.HttpSource;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PortRef;
import io.narthex.api.v1alpha1.Source;
import io.narthex.api.v1alpha1.SourceKind;
import io.narthex.api.v1alpha1.StaticSource;
import io.narthex.api.v1alpha1.SwarmSource;
import io.narthex.api.v1alpha1.TargetGroup;
import io.narthex.compiler.config.DnsRecordType;
import io.narthex.compiler.config.DnsSdConfig;
import io.narthex.compiler.config.FileSdConfig;
import io.narthex.compiler.config.HttpSdConfig;
import io.narthex.compiler.config.ServiceDiscovery;
import io.narthex.compiler.config.StaticConfig;
import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.config.value.NameScheme;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.config.value.TargetAddress;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where one endpoint's targets come from: service discovery and the relabeling that goes with it. */
final class Sources {

    private final ServerSettings server;
    private final Context context;
    private final Report report;
    private final HttpClients clients;
    private final Texts texts;
    private final NameScheme names;
    private final KubernetesSources kubernetes;
    private final TargetFilePaths paths;

    Sources(ServerSettings server, Context context, Report report, HttpClients clients, Texts texts, NameScheme names) {
        this.server = server;
        this.context = context;
        this.report = report;
        this.clients = clients;
        this.texts = texts;
        this.names = names;
        this.kubernetes = new KubernetesSources(server, context, report, texts);
        this.paths = new TargetFilePaths(server, context, report, texts);
    }

    /**
     * Returns the targets of one endpoint; null where they can't be, after noting why.
     *
     * @param spec the Monitor
     * @param endpoint the endpoint
     * @param at where that stands
     * @param staticLabels the labels that static targets get at once
     * @param job the name of the scrape job
     */
    @Nullable
    Targets read(MonitorSpec spec, Endpoint endpoint, FieldPath at, Map<String, String> staticLabels, String job) {
        Source source = spec.source();
        PortRef port = endpoint.port();
        FieldPath portAt = at.field("port");
        boolean scraped = spec.prober() == null && !Relabelings.writeAddress(endpoint.relabelings());
        List<SourceKind> kinds = MonitorSource.kinds(source);
        if (kinds.size() != 1) {
            report.add(
                    SOURCE_UNCLEAR,
                    MonitorSource.AT,
                    kinds.isEmpty() ? "the source is missing" : "several sources are set",
                    "exactly one source",
                    kinds.isEmpty() ? "add one, such as static" : "make a Monitor of each");
            return null;
        }
        Integer number = number(port, portAt, kinds.getFirst());
        return switch (kinds.getFirst()) {
            case STATIC ->
                source.staticTargets() == null ? null : statics(spec, source.staticTargets(), number, staticLabels);
            case DNS -> source.dns() == null ? null : dns(source.dns(), number, portAt);
            case HTTP -> source.http() == null ? null : http(source.http(), number);
            case FILE -> source.file() == null ? null : file(source.file(), number);
            case SWARM -> source.swarm() == null ? null : swarm(source.swarm(), number, portAt, job);
            case SERVICE -> source.service() == null ? null : kubernetes.service(source.service(), port, scraped);
            case POD -> source.pod() == null ? null : kubernetes.pod(source.pod(), port, scraped);
            case NODE -> source.node() == null ? null : kubernetes.node(source.node(), number);
            case INGRESS ->
                source.ingress() == null ? null : kubernetes.ingress(source.ingress(), number, spec.prober() != null);
            case DOCKER, CONSUL, EC2, GCE, AZURE, OTHER -> {
                notYet(MonitorSource.AT.field(kinds.getFirst().value()), "the source " + kinds.getFirst());
                yield null;
            }
        };
    }

    private void notYet(FieldPath at, String what) {
        report.add(
                SOURCE_NOT_SERVED,
                at,
                what + " isn't served by this release of Narthex yet",
                "service, pod, node, ingress, static, dns, http, file, or swarm with services or selector",
                "use http or file with a list of targets in its place");
    }

    private @Nullable Integer number(@Nullable PortRef port, FieldPath at, SourceKind kind) {
        if (port == null || kind == SourceKind.SERVICE || kind == SourceKind.POD) {
            return null;
        }
        Integer number = port.number();
        if (number == null) {
            report.add(
                    PORT_UNUSABLE,
                    at,
                    "the source " + kind + " knows no port names, so " + Quoting.quote(String.valueOf(port.name()))
                            + " means nothing",
                    "a number from 1 to 65535",
                    "write the port's number");
        } else if (number < 1 || number > 65535) {
            report.add(PORT_UNUSABLE, at, "there is no port " + number, "a number from 1 to 65535", "");
        }
        return number;
    }

    private Targets statics(MonitorSpec spec, StaticSource source, @Nullable Integer port, Map<String, String> labels) {
        List<ServiceDiscovery> groups = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        FieldPath at = MonitorSource.AT.field("static");
        boolean probed = spec.prober() != null;
        if (source.targets().isEmpty() && source.groups().isEmpty()) {
            report.add(SOURCE_UNCLEAR, at, "there are no targets", "targets or groups", "add targets");
        }
        if (!source.targets().isEmpty()) {
            groups.add(group(
                    source.targets(),
                    source.labels(),
                    at.field("targets"),
                    at.field("labels"),
                    port,
                    labels,
                    seen,
                    probed));
        }
        for (int i = 0; i < source.groups().size(); i++) {
            TargetGroup group = source.groups().get(i);
            FieldPath groupAt = at.field("groups").index(i);
            groups.add(group(
                    group.targets(),
                    group.labels(),
                    groupAt.field("targets"),
                    groupAt.field("labels"),
                    port,
                    labels,
                    seen,
                    probed));
        }
        return new Targets(groups, List.of(), true);
    }

    private StaticConfig group(
            List<String> targets,
            Map<String, String> labels,
            FieldPath at,
            FieldPath labelsAt,
            @Nullable Integer port,
            Map<String, String> more,
            Set<String> seen,
            boolean probed) {
        List<String> addresses = new ArrayList<>(targets.size());
        for (int i = 0; i < targets.size(); i++) {
            String address = address(targets.get(i), at.index(i), port, probed);
            if (address == null) {
                continue;
            }
            addresses.add(address);
            if (!seen.add(address)) {
                report.add(
                        DiagnosticCode.DUPLICATE_TARGET,
                        at.index(i),
                        "the target " + Quoting.quote(targets.get(i)) + " is listed twice",
                        "each target once",
                        "remove one of them");
            }
        }
        Map<String, String> all = new TreeMap<>(more);
        LabelMaps.check(report, names, labels, labelsAt);
        all.putAll(labels);
        return new StaticConfig(addresses, all);
    }

    private @Nullable String address(String target, FieldPath at, @Nullable Integer port, boolean probed) {
        if (probed) {
            return texts.check(target, at);
        }
        TargetAddress address = report.value(TargetAddress.parse(target), DiagnosticCode.INVALID_TARGET, at);
        if (address == null) {
            return null;
        }
        if (port == null) {
            return address.toString();
        }
        return (address.host().contains(":") ? "[" + address.host() + "]" : address.host()) + ":" + port;
    }

    private @Nullable Targets dns(DnsSource source, @Nullable Integer port, FieldPath portAt) {
        FieldPath at = MonitorSource.AT.field("dns");
        DnsRecordType type = Enums.dns(source.type());
        boolean srv = type == null || type == DnsRecordType.SRV;
        if (!srv && port == null) {
            report.add(
                    PORT_UNUSABLE,
                    portAt,
                    "records of the type " + type + " hold no port, and the endpoint names none",
                    "a number from 1 to 65535",
                    "set the endpoint's port, or use records of the type SRV");
            return null;
        }
        if (source.names().isEmpty()) {
            report.add(SOURCE_UNCLEAR, at.field("names"), "there are no names", "at least one name", "add one");
            return null;
        }
        DnsSdConfig config = new DnsSdConfig(
                texts.checkAll(source.names(), at.field("names")),
                type,
                srv || port == null ? null : Long.valueOf(port),
                texts.positive(source.refreshInterval(), at.field("refreshInterval")));
        return new Targets(List.of(config), srv && port != null ? List.of(Steps.port(port)) : List.of(), false);
    }

    private @Nullable Targets http(HttpSource source, @Nullable Integer port) {
        FieldPath at = MonitorSource.AT.field("http");
        HttpUrl url = report.value(HttpUrl.parse(source.url()), INVALID_VALUE, at.field("url"));
        if (url == null) {
            return null;
        }
        HttpSdConfig config = new HttpSdConfig(
                url, texts.positive(source.refreshInterval(), at.field("refreshInterval")), clients.client(source, at));
        return new Targets(List.of(config), port == null ? List.of() : List.of(Steps.port(port)), false);
    }

    private @Nullable Targets file(FileSource source, @Nullable Integer port) {
        FieldPath at = MonitorSource.AT.field("file");
        List<String> files = new ArrayList<>();
        for (int i = 0; i < source.files().size(); i++) {
            String path = paths.read(source.files().get(i), at.field("files").index(i));
            if (path == null) {
                return null;
            }
            files.add(path);
        }
        if (files.isEmpty()) {
            report.add(SOURCE_UNCLEAR, at.field("files"), "there are no files", "at least one file", "add one");
            return null;
        }
        FileSdConfig config =
                new FileSdConfig(files, texts.positive(source.refreshInterval(), at.field("refreshInterval")));
        return new Targets(List.of(config), port == null ? List.of() : List.of(Steps.port(port)), false);
    }

    private @Nullable Targets swarm(SwarmSource source, @Nullable Integer port, FieldPath portAt, String job) {
        FieldPath at = MonitorSource.AT.field("swarm");
        if (source.api() != null) {
            notYet(at.field("api"), "the source swarm with api");
            return null;
        }
        if (source.services().isEmpty() == (source.selector() == null)) {
            report.add(
                    SOURCE_UNCLEAR,
                    at,
                    "services and selector are " + (source.selector() == null ? "both missing" : "both set"),
                    "exactly one of services and selector",
                    "");
            return null;
        }
        if (server.discoveryUrl().isPresent()) {
            return new Targets(List.of(SharedPool.discovery(server, job)), List.of(), false);
        }
        if (source.selector() != null) {
            report.add(
                    SOURCE_NOT_SERVED,
                    at.field("selector"),
                    "services can't be selected by labels without Narthex's discovery, since Swarm's DNS knows no labels",
                    "services, by name",
                    "list the services, or run on Docker Swarm with discovery: Narthex");
            return null;
        }
        if (port == null) {
            report.add(
                    PORT_UNUSABLE,
                    portAt,
                    "Swarm's DNS tells no ports, and the endpoint names none",
                    "a number from 1 to 65535",
                    "set the endpoint's port");
            return null;
        }
        if (context.platform() != Platform.SWARM) {
            report.add(
                    SOURCE_NOT_SERVED,
                    Severity.WARNING,
                    at,
                    "the names tasks.SERVICE resolve only inside a network of Docker Swarm, and Prometheus runs as "
                            + context.platform().text(),
                    "a source that can be reached from there",
                    "");
        }
        List<String> names = texts.checkAll(source.services(), at.field("services")).stream()
                .map(service -> "tasks." + service)
                .toList();
        DnsSdConfig config = new DnsSdConfig(names, DnsRecordType.A, Long.valueOf(port), null);
        return new Targets(List.of(config), List.of(), false);
    }
}
