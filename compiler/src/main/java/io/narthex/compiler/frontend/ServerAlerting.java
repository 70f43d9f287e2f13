package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_SERVER_VALUE;

import io.narthex.api.v1alpha1.Alertmanager;
import io.narthex.api.v1alpha1.AlertmanagerAuth;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.config.AlertingConfig;
import io.narthex.compiler.config.AlertmanagerConfig;
import io.narthex.compiler.config.DnsRecordType;
import io.narthex.compiler.config.DnsSdConfig;
import io.narthex.compiler.config.KubernetesNamespaces;
import io.narthex.compiler.config.KubernetesRole;
import io.narthex.compiler.config.KubernetesSdConfig;
import io.narthex.compiler.config.RelabelAction;
import io.narthex.compiler.config.RelabelConfig;
import io.narthex.compiler.config.ServiceDiscovery;
import io.narthex.compiler.config.StaticConfig;
import io.narthex.compiler.config.value.PrometheusRegex;
import io.narthex.compiler.config.value.TargetAddress;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a server sends its alerts, and with which labels. */
final class ServerAlerting {

    private static final FieldPath SPEC = FieldPath.of("spec");

    private final Declared<PrometheusServerSpec> server;
    private final PrometheusServerSpec spec;
    private final CompileOptions options;
    private final Names names;
    private final Report report;
    private final Texts texts;
    private final HttpClients clients;
    private final CloudAuth cloud;
    private final Relabelings relabelings;
    private final Optional<ServerSettings.KubernetesClient> kubernetes;
    private final Sight sight;

    ServerAlerting(
            Declared<PrometheusServerSpec> server,
            CompileOptions options,
            Names names,
            Report report,
            Texts texts,
            HttpClients clients,
            CloudAuth cloud,
            Optional<ServerSettings.KubernetesClient> kubernetes,
            Sight sight) {
        this.server = server;
        this.spec = server.spec();
        this.options = options;
        this.names = names;
        this.report = report;
        this.texts = texts;
        this.clients = clients;
        this.cloud = cloud;
        this.relabelings = new Relabelings(report, names.relabeling(), (Severity) null);
        this.kubernetes = kubernetes;
        this.sight = sight;
    }

    /** Returns the section; null where it would be empty. */
    @Nullable
    AlertingConfig config() {
        List<RelabelConfig> steps = new ArrayList<>();
        String replica = ReplicaLabel.of(spec, options.platform());
        if (replica != null && names.labels().isLabelName(replica)) {
            steps.add(RelabelConfig.builder()
                    .regex(PrometheusRegex.literally(replica))
                    .action(RelabelAction.LABELDROP)
                    .build());
        }
        if (spec.notifications() != null) {
            steps.addAll(relabelings.read(
                    spec.notifications().relabelings(),
                    SPEC.field("notifications").field("relabelings")));
        }
        List<AlertmanagerConfig> alertmanagers = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < spec.alertmanagers().size(); i++) {
            Alertmanager alertmanager = spec.alertmanagers().get(i);
            FieldPath at = SPEC.field("alertmanagers").index(i, alertmanager.name());
            report.unique(taken, alertmanager.name(), at);
            AlertmanagerConfig config = alertmanager(alertmanager, at);
            if (config != null) {
                alertmanagers.add(config);
            }
        }
        return steps.isEmpty() && alertmanagers.isEmpty() ? null : new AlertingConfig(steps, alertmanagers);
    }

    private @Nullable AlertmanagerConfig alertmanager(Alertmanager alertmanager, FieldPath at) {
        List<ServiceDiscovery> discovery = new ArrayList<>();
        List<RelabelConfig> steps = new ArrayList<>();
        if (!alertmanager.targets().isEmpty()) {
            List<String> targets = new ArrayList<>();
            for (int i = 0; i < alertmanager.targets().size(); i++) {
                TargetAddress target = report.value(
                        TargetAddress.parse(alertmanager.targets().get(i)),
                        INVALID_SERVER_VALUE,
                        at.field("targets").index(i));
                if (target != null) {
                    targets.add(target.toString());
                }
            }
            discovery.add(new StaticConfig(targets, Map.of()));
        }
        if (alertmanager.dns() != null) {
            discovery.add(dns(alertmanager.dns(), at.field("dns")));
        }
        if (alertmanager.service() != null) {
            discovery.addAll(service(alertmanager.service(), at.field("service"), steps));
        }
        if (discovery.size() != 1) {
            if (discovery.isEmpty() && alertmanager.service() != null) {
                return null;
            }
            report.add(
                    INVALID_SERVER_VALUE,
                    at,
                    discovery.isEmpty()
                            ? "targets, service and dns are all missing"
                            : "several of targets, service and dns are set",
                    "exactly one of targets, service and dns",
                    "");
            return null;
        }
        AlertmanagerAuth auth = alertmanager.auth();
        steps.addAll(relabelings.read(alertmanager.relabelings(), at.field("relabelings")));
        return AlertmanagerConfig.builder()
                .scheme(
                        alertmanager.scheme() == null
                                ? null
                                : alertmanager.scheme().value())
                .pathPrefix(texts.check(alertmanager.pathPrefix(), at.field("pathPrefix")))
                .timeout(texts.positive(alertmanager.timeout(), at.field("timeout")))
                .http(clients.client(alertmanager, at))
                .sigv4(
                        auth == null
                                ? null
                                : cloud.sigv4(auth.sigv4(), at.field("auth").field("sigv4")))
                .discovery(discovery)
                .relabelConfigs(steps)
                .alertRelabelConfigs(relabelings.read(alertmanager.alertRelabelings(), at.field("alertRelabelings")))
                .build();
    }

    private DnsSdConfig dns(Alertmanager.AlertmanagerDns dns, FieldPath at) {
        DnsRecordType type = Enums.dns(dns.type());
        boolean srv = type == null || type == DnsRecordType.SRV;
        if (!srv && dns.port() == null) {
            report.add(
                    INVALID_SERVER_VALUE,
                    at,
                    "records of the type " + type + " hold no port",
                    "port, or records of the type SRV",
                    "set port");
        }
        return new DnsSdConfig(
                texts.checkAll(dns.names(), at.field("names")),
                type,
                srv || dns.port() == null ? null : Long.valueOf(dns.port()),
                texts.positive(dns.refreshInterval(), at.field("refreshInterval")));
    }

    private List<ServiceDiscovery> service(
            Alertmanager.AlertmanagerService service, FieldPath at, List<RelabelConfig> steps) {
        if (options.platform() != Platform.KUBERNETES && spec.kubernetes() == null) {
            report.add(
                    INVALID_SERVER_VALUE,
                    at,
                    "service needs the Kubernetes API, and "
                            + options.platform().text() + " has none at hand",
                    "targets or dns",
                    "use targets or dns");
            return List.of();
        }
        String namespace = service.namespace() == null ? server.key().namespace() : service.namespace();
        sight.check(namespace, at.field("namespace"), "name an Alertmanager of another one", report);
        KubernetesSdConfig.Builder config = KubernetesSdConfig.builder()
                .role(KubernetesRole.ENDPOINTSLICE)
                .namespaces(new KubernetesNamespaces(null, List.of(namespace)));
        kubernetes.ifPresent(client -> config.apiServer(client.url()).http(client.http()));
        steps.add(Steps.keep("__meta_kubernetes_service_name", service.name()));
        steps.add(Steps.keep(
                service.port().number() != null
                        ? "__meta_kubernetes_endpointslice_port"
                        : "__meta_kubernetes_endpointslice_port_name",
                service.port().toString()));
        return List.of(config.build());
    }
}
