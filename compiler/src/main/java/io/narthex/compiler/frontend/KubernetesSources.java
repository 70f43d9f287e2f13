package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_VALUE;
import static io.narthex.compiler.model.DiagnosticCode.SOURCE_NOT_SERVED;

import io.narthex.api.v1alpha1.IngressSource;
import io.narthex.api.v1alpha1.LabelSelector;
import io.narthex.api.v1alpha1.NamespaceSelection;
import io.narthex.api.v1alpha1.NodeSource;
import io.narthex.api.v1alpha1.PodSource;
import io.narthex.api.v1alpha1.PortRef;
import io.narthex.api.v1alpha1.ServiceSource;
import io.narthex.compiler.config.KubernetesAttachMetadata;
import io.narthex.compiler.config.KubernetesNamespaces;
import io.narthex.compiler.config.KubernetesRole;
import io.narthex.compiler.config.KubernetesSdConfig;
import io.narthex.compiler.config.RelabelConfig;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Platform;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where targets come from that are objects of Kubernetes: service discovery and the relabeling that goes with it. */
final class KubernetesSources {

    /** The protocols of ports at which nobody answers a scrape. */
    private static final List<String> NOT_SCRAPED = List.of("UDP", "SCTP");

    private final ServerSettings server;
    private final Context context;
    private final Report report;
    private final Texts texts;

    KubernetesSources(ServerSettings server, Context context, Report report, Texts texts) {
        this.server = server;
        this.context = context;
        this.report = report;
        this.texts = texts;
    }

    @Nullable
    Targets service(ServiceSource source, @Nullable PortRef port, boolean scraped) {
        String object = "__meta_kubernetes_service";
        FieldPath at = MonitorSource.AT.field("service");
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

    @Nullable
    Targets pod(PodSource source, @Nullable PortRef port, boolean scraped) {
        String object = "__meta_kubernetes_pod";
        texts.check(port == null ? null : port.name(), MonitorSource.AT.field("pod"));
        check(source.selector(), MonitorSource.AT.field("pod").field("selector"));
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

    @Nullable
    Targets node(NodeSource source, @Nullable Integer port) {
        String object = "__meta_kubernetes_node";
        check(source.selector(), MonitorSource.AT.field("node").field("selector"));
        List<RelabelConfig> steps = new ArrayList<>(Steps.select(source.selector(), object));
        if (port != null) {
            steps.add(Steps.port(port));
        }
        steps.add(Steps.copy(object + "_name", "node"));
        copies(source.copyLabels(), object, "node.copyLabels", steps);
        return kubernetes(KubernetesRole.NODE, null, false, "node", steps);
    }

    @Nullable
    Targets ingress(IngressSource source, @Nullable Integer port, boolean probed) {
        String object = "__meta_kubernetes_ingress";
        check(source.selector(), MonitorSource.AT.field("ingress").field("selector"));
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
                FieldPath at = MonitorSource.AT;
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
                    MonitorSource.AT.field(kind),
                    "the source " + kind + " needs the Kubernetes API, and "
                            + context.platform().text() + " has none at hand",
                    "static, dns, http and file; or kubernetes of the PrometheusServer",
                    "name the API server in kubernetes.url of the PrometheusServer, or use another source");
            return null;
        }
        KubernetesSdConfig.Builder config = KubernetesSdConfig.builder().role(role);
        server.kubernetes().ifPresent(client -> config.apiServer(client.url()).http(client.http()));
        if (role == KubernetesRole.NODE) {
            if (!server.sight()
                    .checkNodes(MonitorSource.AT.field(kind), "let such a server take the Monitor", report)) {
                return null;
            }
        } else {
            List<String> names =
                    namespaces(namespaces, MonitorSource.AT.field(kind).field("namespaces"));
            if (!names.isEmpty()) {
                config.namespaces(new KubernetesNamespaces(null, names));
            }
        }
        if (nodeMetadata) {
            server.sight()
                    .checkNodes(
                            MonitorSource.AT.field(kind).field("attachNodeMetadata"),
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
