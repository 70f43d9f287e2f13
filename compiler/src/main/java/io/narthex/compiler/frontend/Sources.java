package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_VALUE;
import static io.narthex.compiler.model.DiagnosticCode.PORT_UNUSABLE;
import static io.narthex.compiler.model.DiagnosticCode.SOURCE_NOT_SERVED;
import static io.narthex.compiler.model.DiagnosticCode.SOURCE_UNCLEAR;

import io.narthex.api.v1alpha1.DnsSource;
import io.narthex.api.v1alpha1.Endpoint;
import io.narthex.api.v1alpha1.FileSource;
import io.narthex.api.v1alpha1.HttpSource;
import io.narthex.api.v1alpha1.IngressSource;
import io.narthex.api.v1alpha1.LabelSelector;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.NamespaceSelection;
import io.narthex.api.v1alpha1.NodeSource;
import io.narthex.api.v1alpha1.PodSource;
import io.narthex.api.v1alpha1.PortRef;
import io.narthex.api.v1alpha1.ServiceSource;
import io.narthex.api.v1alpha1.Source;
import io.narthex.api.v1alpha1.SourceKind;
import io.narthex.api.v1alpha1.StaticSource;
import io.narthex.api.v1alpha1.SwarmSource;
import io.narthex.api.v1alpha1.TargetGroup;
import io.narthex.compiler.config.DnsRecordType;
import io.narthex.compiler.config.DnsSdConfig;
import io.narthex.compiler.config.FileSdConfig;
import io.narthex.compiler.config.HttpSdConfig;
import io.narthex.compiler.config.KubernetesAttachMetadata;
import io.narthex.compiler.config.KubernetesNamespaces;
import io.narthex.compiler.config.KubernetesRole;
import io.narthex.compiler.config.KubernetesSdConfig;
import io.narthex.compiler.config.RelabelConfig;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where one endpoint's targets come from: service discovery and the relabeling that goes with it. */
final class Sources {

    /** The path of {@code spec.source}. */
    static final FieldPath AT = FieldPath.of("spec", "source");

    /** What makes a path a pattern to Prometheus (Go, {@code path/filepath.Match}). */
    private static final String PATTERN_CHARACTERS = "*?[\\";

    /** The protocols of ports at which nobody answers a scrape. */
    private static final List<String> NOT_SCRAPED = List.of("UDP", "SCTP");

    /**
     * What one endpoint's targets are made from.
     *
     * @param discovery where they come from
     * @param steps the relabeling that chooses among them and labels them
     * @param labelled whether the Monitor's labels and job are already on them
     */
    record Targets(List<ServiceDiscovery> discovery, List<RelabelConfig> steps, boolean labelled) {}

    private final ServerSettings server;
    private final Context context;
    private final Report report;
    private final HttpClients clients;
    private final Texts texts;
    private final NameScheme names;

    Sources(ServerSettings server, Context context, Report report, HttpClients clients, Texts texts, NameScheme names) {
        this.server = server;
        this.context = context;
        this.report = report;
        this.clients = clients;
        this.texts = texts;
        this.names = names;
    }

    /** Returns which kinds of source are set; one in a valid Monitor. */
    static List<SourceKind> kinds(Source source) {
        Map<SourceKind, @Nullable Object> all = new LinkedHashMap<>();
        all.put(SourceKind.SERVICE, source.service());
        all.put(SourceKind.POD, source.pod());
        all.put(SourceKind.NODE, source.node());
        all.put(SourceKind.INGRESS, source.ingress());
        all.put(SourceKind.STATIC, source.staticTargets());
        all.put(SourceKind.DNS, source.dns());
        all.put(SourceKind.HTTP, source.http());
        all.put(SourceKind.FILE, source.file());
        all.put(SourceKind.SWARM, source.swarm());
        all.put(SourceKind.DOCKER, source.docker());
        all.put(SourceKind.CONSUL, source.consul());
        all.put(SourceKind.EC2, source.ec2());
        all.put(SourceKind.GCE, source.gce());
        all.put(SourceKind.AZURE, source.azure());
        all.put(SourceKind.OTHER, source.other());
        List<SourceKind> set = new ArrayList<>(1);
        all.forEach((kind, value) -> {
            if (value != null) {
                set.add(kind);
            }
        });
        return set;
    }

    /** Returns whether what a source finds depends on where its server may discover objects. */
    static boolean goBySight(Source source) {
        return source.node() != null
                || (source.service() != null && source.service().attachNodeMetadata())
                || (source.pod() != null && source.pod().attachNodeMetadata())
                || namespaces(source) != null;
    }

    /** Returns whether a source names another namespace than its own. */
    static boolean looksBeyond(Source source, String namespace) {
        NamespaceSelection namespaces = namespaces(source);
        return namespaces != null
                && (namespaces.all() || namespaces.names().stream().anyMatch(name -> !name.equals(namespace)));
    }

    private static @Nullable NamespaceSelection namespaces(Source source) {
        return source.service() != null
                ? source.service().namespaces()
                : source.pod() != null
                        ? source.pod().namespaces()
                        : source.ingress() != null ? source.ingress().namespaces() : null;
    }

    /**
     * Returns the start of the labels that discovery gives a source's objects, such as {@code __meta_kubernetes_pod};
     * null for sources whose targets are no objects.
     */
    static @Nullable String object(Source source) {
        return source.service() != null
                ? "__meta_kubernetes_service"
                : source.pod() != null
                        ? "__meta_kubernetes_pod"
                        : source.node() != null
                                ? "__meta_kubernetes_node"
                                : source.ingress() != null ? "__meta_kubernetes_ingress" : null;
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
        List<SourceKind> kinds = kinds(source);
        if (kinds.size() != 1) {
            report.add(
                    SOURCE_UNCLEAR,
                    AT,
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
            case SERVICE -> source.service() == null ? null : service(source.service(), port, scraped);
            case POD -> source.pod() == null ? null : pod(source.pod(), port, scraped);
            case NODE -> source.node() == null ? null : node(source.node(), number);
            case INGRESS -> source.ingress() == null ? null : ingress(source.ingress(), number, spec.prober() != null);
            case DOCKER, CONSUL, EC2, GCE, AZURE, OTHER -> {
                notYet(AT.field(kinds.getFirst().value()), "the source " + kinds.getFirst());
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
        FieldPath at = AT.field("static");
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
        FieldPath at = AT.field("dns");
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
        FieldPath at = AT.field("http");
        HttpUrl url = report.value(HttpUrl.parse(source.url()), INVALID_VALUE, at.field("url"));
        if (url == null) {
            return null;
        }
        HttpSdConfig config = new HttpSdConfig(
                url, texts.positive(source.refreshInterval(), at.field("refreshInterval")), clients.client(source, at));
        return new Targets(List.of(config), port == null ? List.of() : List.of(Steps.port(port)), false);
    }

    private @Nullable Targets file(FileSource source, @Nullable Integer port) {
        FieldPath at = AT.field("file");
        List<String> files = new ArrayList<>();
        for (int i = 0; i < source.files().size(); i++) {
            String path = filePath(source.files().get(i), at.field("files").index(i));
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

    private @Nullable String filePath(String file, FieldPath at) {
        int name = file.lastIndexOf('/') + 1;
        String lower = file.toLowerCase(Locale.ROOT);
        int star = file.indexOf('*');
        if (texts.check(file, at) == null) {
            return null;
        }
        // What Prometheus demands of such a path (discovery/file), and what would act as a pattern beyond it.
        if (!(lower.endsWith(".json") || lower.endsWith(".yml") || lower.endsWith(".yaml"))
                || (star >= 0 && (star < name || file.indexOf('*', star + 1) >= 0))
                || file.chars().anyMatch(c -> c != '*' && PATTERN_CHARACTERS.indexOf(c) >= 0)) {
            report.add(
                    INVALID_VALUE,
                    at,
                    Quoting.quote(file) + " is no path of target files",
                    "a path that ends in .json, .yml or .yaml, with one * at most, in its last part",
                    "");
            return null;
        }
        if (file.startsWith("/")) {
            return context.allowFiles()
                    ? file
                    : denied(
                            at,
                            "the server doesn't let resources name files by absolute paths",
                            "a path within the folder of the resources",
                            "set tenancy.allowFileAccess of the PrometheusServer");
        }
        if (server.folder().isEmpty()) {
            return denied(at, "a relative path has no meaning here", "an absolute path", "");
        }
        if (Boolean.FALSE.equals(allowFiles())) {
            return denied(
                    at,
                    "the server doesn't let resources name files",
                    "another source",
                    "set tenancy.allowFileAccess of the PrometheusServer");
        }
        if (List.of(file.split("/", -1)).contains("..")) {
            return denied(
                    at, "the path leaves the folder of the resources", "a path within the folder of the resources", "");
        }
        String folder = server.folder().get();
        if (folder.chars().anyMatch(c -> PATTERN_CHARACTERS.indexOf(c) >= 0)) {
            report.add(
                    INVALID_VALUE,
                    at,
                    "the path of the folder, " + Quoting.quote(folder) + ", would be read as a pattern",
                    "a folder without any of " + PATTERN_CHARACTERS + " in its path",
                    "rename the folder");
            return null;
        }
        return folder + "/" + (file.startsWith("./") ? file.substring(2) : file);
    }

    private @Nullable String denied(FieldPath at, String message, String allowed, String remedy) {
        report.add(DiagnosticCode.FILE_ACCESS_DENIED, at, message, allowed, remedy);
        return null;
    }

    private @Nullable Boolean allowFiles() {
        return server.tenancy() == null ? null : server.tenancy().allowFileAccess();
    }

    private @Nullable Targets swarm(SwarmSource source, @Nullable Integer port, FieldPath portAt, String job) {
        FieldPath at = AT.field("swarm");
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

    private @Nullable Targets service(ServiceSource source, @Nullable PortRef port, boolean scraped) {
        String object = "__meta_kubernetes_service";
        FieldPath at = AT.field("service");
        List<RelabelConfig> steps = new ArrayList<>();
        texts.checkAll(source.names(), at.field("names"));
        texts.check(port == null ? null : port.name(), at);
        check(source.selector(), at.field("selector"));
        if (!source.names().isEmpty()) {
            steps.add(Steps.keepAny(object + "_name", source.names()));
        }
        steps.addAll(Steps.select(source.selector(), object));
        // Pods' further ports, which no endpoint of the Service means, have no such label.
        steps.add(
                port == null
                        ? Steps.keepPresent("__meta_kubernetes_endpointslice_port")
                        : port.number() != null
                                ? Steps.keep("__meta_kubernetes_endpointslice_port", port.toString())
                                : Steps.keep("__meta_kubernetes_endpointslice_port_name", port.toString()));
        if (scraped) {
            steps.add(Steps.dropAny("__meta_kubernetes_endpointslice_port_protocol", NOT_SCRAPED));
        }
        steps.add(Steps.dropAny("__meta_kubernetes_pod_phase", List.of("Failed", "Succeeded")));
        steps.add(Steps.copy("__meta_kubernetes_namespace", "namespace"));
        steps.add(Steps.copy(object + "_name", "service"));
        steps.add(Steps.copy("__meta_kubernetes_pod_name", "pod"));
        steps.add(Steps.copy("__meta_kubernetes_pod_container_name", "container"));
        copies(source.copyLabels(), object, "service.copyLabels", steps);
        copies(source.copyPodLabels(), "__meta_kubernetes_pod", "service.copyPodLabels", steps);
        return kubernetes(
                KubernetesRole.ENDPOINTSLICE, source.namespaces(), source.attachNodeMetadata(), "service", steps);
    }

    private @Nullable Targets pod(PodSource source, @Nullable PortRef port, boolean scraped) {
        String object = "__meta_kubernetes_pod";
        texts.check(port == null ? null : port.name(), AT.field("pod"));
        check(source.selector(), AT.field("pod").field("selector"));
        List<RelabelConfig> steps = new ArrayList<>(Steps.select(source.selector(), object));
        steps.add(Steps.dropAny("__meta_kubernetes_pod_phase", List.of("Failed", "Succeeded")));
        if (port != null) {
            steps.add(Steps.keep(
                    "__meta_kubernetes_pod_container_port_" + (port.number() != null ? "number" : "name"),
                    port.toString()));
        } else if (scraped) {
            // A container without ports is a target, too: the pod's address, for relabeling to complete.
            steps.add(Steps.keepPresent("__meta_kubernetes_pod_container_port_number"));
        }
        if (scraped) {
            steps.add(Steps.dropAny("__meta_kubernetes_pod_container_port_protocol", NOT_SCRAPED));
        }
        steps.add(Steps.copy("__meta_kubernetes_namespace", "namespace"));
        steps.add(Steps.copy("__meta_kubernetes_pod_name", "pod"));
        steps.add(Steps.copy("__meta_kubernetes_pod_container_name", "container"));
        copies(source.copyLabels(), object, "pod.copyLabels", steps);
        return kubernetes(KubernetesRole.POD, source.namespaces(), source.attachNodeMetadata(), "pod", steps);
    }

    private @Nullable Targets node(NodeSource source, @Nullable Integer port) {
        String object = "__meta_kubernetes_node";
        check(source.selector(), AT.field("node").field("selector"));
        List<RelabelConfig> steps = new ArrayList<>(Steps.select(source.selector(), object));
        if (port != null) {
            steps.add(Steps.port(port));
        }
        steps.add(Steps.copy(object + "_name", "node"));
        copies(source.copyLabels(), object, "node.copyLabels", steps);
        return kubernetes(KubernetesRole.NODE, null, false, "node", steps);
    }

    private @Nullable Targets ingress(IngressSource source, @Nullable Integer port, boolean probed) {
        String object = "__meta_kubernetes_ingress";
        check(source.selector(), AT.field("ingress").field("selector"));
        List<RelabelConfig> steps = new ArrayList<>(Steps.select(source.selector(), object));
        if (port != null) {
            steps.add(Steps.port(port));
        }
        steps.add(Steps.copy("__meta_kubernetes_namespace", "namespace"));
        steps.add(Steps.copy(object + "_name", "ingress"));
        copies(source.copyLabels(), object, "ingress.copyLabels", steps);
        if (probed) {
            steps.add(Steps.rewrite(
                    List.of(object + "_scheme", "__address__", object + "_path"),
                    ";",
                    "(.+);(.+);(.*)",
                    "__address__",
                    "${1}://${2}${3}"));
        }
        return kubernetes(KubernetesRole.INGRESS, source.namespaces(), false, "ingress", steps);
    }

    private void check(@Nullable LabelSelector selector, FieldPath at) {
        if (selector != null) {
            texts.checkAll(selector.matchLabels(), at.field("matchLabels"));
            for (int i = 0; i < selector.matchExpressions().size(); i++) {
                texts.checkAll(
                        selector.matchExpressions().get(i).values(),
                        at.field("matchExpressions").index(i).field("values"));
            }
        }
    }

    private void copies(List<String> labels, String object, String field, List<RelabelConfig> steps) {
        for (String label : labels) {
            String name = Steps.sanitized(label);
            if (name.isEmpty()) {
                // No object has such a label, and the schema lets none through.
                continue;
            }
            String target = Character.isDigit(name.charAt(0)) ? "_" + name : name;
            if (target.startsWith("__")) {
                FieldPath at = AT;
                for (String part : field.split("\\.", -1)) {
                    at = at.field(part);
                }
                report.add(
                        INVALID_VALUE,
                        at,
                        "labels that start with two underscores are Prometheus's own",
                        "other labels",
                        "leave out " + Quoting.quote(label));
                continue;
            }
            steps.add(Steps.copy(object + "_label_" + name, target));
        }
    }

    private @Nullable Targets kubernetes(
            KubernetesRole role,
            @Nullable NamespaceSelection namespaces,
            boolean nodeMetadata,
            String kind,
            List<RelabelConfig> steps) {
        if (server.kubernetes().isEmpty() && context.platform() != Platform.KUBERNETES) {
            report.add(
                    SOURCE_NOT_SERVED,
                    AT.field(kind),
                    "the source " + kind + " needs the Kubernetes API, and "
                            + context.platform().text() + " has none at hand",
                    "static, dns, http and file; or kubernetes of the PrometheusServer",
                    "name the API server in kubernetes.url of the PrometheusServer, or use another source");
            return null;
        }
        KubernetesSdConfig.Builder config = KubernetesSdConfig.builder().role(role);
        server.kubernetes().ifPresent(client -> config.apiServer(client.url()).http(client.http()));
        if (role == KubernetesRole.NODE) {
            if (!server.sight().checkNodes(AT.field(kind), "let such a server take the Monitor", report)) {
                return null;
            }
        } else {
            List<String> names = namespaces(namespaces, AT.field(kind).field("namespaces"));
            if (!names.isEmpty()) {
                config.namespaces(new KubernetesNamespaces(null, names));
            }
        }
        if (nodeMetadata) {
            server.sight()
                    .checkNodes(
                            AT.field(kind).field("attachNodeMetadata"),
                            "leave it out, or let such a server take the Monitor",
                            report);
            config.attachMetadata(new KubernetesAttachMetadata(true, null));
        }
        return new Targets(List.of(config.build()), steps, false);
    }

    /** Returns the namespaces in which to look; none for the whole cluster. */
    private List<String> namespaces(@Nullable NamespaceSelection selection, FieldPath at) {
        if (selection != null && selection.all()) {
            return server.sight().namespaces().map(List::copyOf).orElse(List.of());
        }
        if (selection == null || selection.names().isEmpty()) {
            return List.of(context.namespace());
        }
        for (int i = 0; i < selection.names().size(); i++) {
            server.sight()
                    .check(selection.names().get(i), at.field("names").index(i), "take it out of the source", report);
        }
        return texts.checkAll(selection.names().stream().sorted().distinct().toList(), at.field("names"));
    }
}
