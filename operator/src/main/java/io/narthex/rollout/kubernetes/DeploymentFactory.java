package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServiceSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.api.v1alpha1.PodSettings;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.ServiceAccount;
import io.narthex.api.v1alpha1.Storage;
import io.narthex.api.v1alpha1.StorageMedium;
import io.narthex.compiler.assemble.Digest;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.prometheus.ServerAccess;
import io.narthex.rollout.Release;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the objects of a PrometheusServer. Pure: the same server and bundle make the same objects, byte for byte, and so
 * restart nothing.
 */
public final class DeploymentFactory {

    /** Where a pod finds its files. */
    public static final Layout LAYOUT = new Layout("/etc/narthex/config", "/prometheus");

    /** Lets pods and namespaces that carry it with the value {@code "true"} reach servers of other namespaces. */
    public static final String ACCESS = "monitoring.narthex.io/prometheus-access";

    private static final String CONTAINER = "prometheus";
    private static final String PORT = "web";
    private static final String CONFIG = "config";
    private static final String DATA = "data";
    /** The user nobody of Prometheus's image. */
    private static final long USER = 65_534;

    private static final int GRACE_SECONDS = 600;
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    private final DeploymentSettings settings;
    private final KubernetesSerialization serialization;

    /**
     * Makes a factory.
     *
     * @param settings what all servers have in common
     * @param serialization writes objects as text
     */
    public DeploymentFactory(DeploymentSettings settings, KubernetesSerialization serialization) {
        this.settings = settings;
        this.serialization = serialization;
    }

    /** Returns the reference by which a server owns its objects. */
    public static OwnerReference owner(String name, String uid) {
        return new OwnerReferenceBuilder()
                .withApiVersion(ApiGroup.API_VERSION)
                .withKind("PrometheusServer")
                .withName(name)
                .withUid(uid)
                .withController(true)
                .withBlockOwnerDeletion(false)
                .build();
    }

    /**
     * Returns what a server becomes.
     *
     * @param server the server
     * @param uid the server's identity in the cluster
     * @param bundle what it is to run with
     * @param access how to come into its pods
     * @throws PodOverlay.Refused where its {@code podTemplate} can't be applied
     */
    public Deployment make(Declared<PrometheusServerSpec> server, String uid, Bundle bundle, ServerAccess access)
            throws PodOverlay.Refused {
        ObjectNames names = ObjectNames.of(server.key());
        OwnerReference owner = owner(server.key().name(), uid);
        PrometheusServerSpec spec = server.spec();
        PodTemplateSpec plain = PodOverlay.apply(template(names, spec, bundle), spec.podTemplate());
        String text = bundle.restartKey() + '\n' + serialization.asJson(plain);
        String restartKey = Digest.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
        PodTemplateSpec template = new PodTemplateSpecBuilder(plain)
                .editMetadata()
                .addToAnnotations(ObjectNames.RESTART_KEY, restartKey)
                .endMetadata()
                .build();
        return new Deployment(
                bundle,
                Release.of(bundle).withRestartKey(restartKey),
                statefulSet(names, owner, spec, template),
                objects(names, owner, spec, bundle.address()),
                access);
    }

    private StatefulSet statefulSet(
            ObjectNames names, OwnerReference owner, PrometheusServerSpec spec, PodTemplateSpec template) {
        return new StatefulSetBuilder()
                .withMetadata(metadata(names, names.statefulSet(), "server", owner))
                .withNewSpec()
                .withReplicas(spec.replicas())
                .withServiceName(names.governingService())
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted("Retain")
                .withWhenScaled("Retain")
                .endPersistentVolumeClaimRetentionPolicy()
                .withSelector(labels(names.selector()))
                .withTemplate(template)
                .withVolumeClaimTemplates(claims(spec.storage()))
                .endSpec()
                .build();
    }

    private static List<PersistentVolumeClaim> claims(@Nullable Storage storage) {
        if (storage == null || !isClaimed(storage)) {
            return List.of();
        }
        return List.of(new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(DATA)
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(storage.storageClass())
                .withNewResources()
                .withRequests(Map.of("storage", claimed(storage)))
                .endResources()
                .endSpec()
                .build());
    }

    private static boolean isClaimed(Storage storage) {
        return storage.existingClaim() == null && (storage.size() != null || storage.storageClass() != null);
    }

    private static Quantity claimed(Storage storage) {
        return new Quantity(storage.size() == null ? "10Gi" : storage.size());
    }

    private PodTemplateSpec template(ObjectNames names, PrometheusServerSpec spec, Bundle bundle) {
        PodSettings pod = spec.pod();
        Map<String, String> labels = new TreeMap<>();
        Map<String, String> annotations = new TreeMap<>();
        if (pod != null) {
            labels.putAll(pod.labels());
            annotations.putAll(pod.annotations());
        }
        labels.putAll(names.labels("server"));
        ServerAddress address = bundle.address();
        annotations.put(
                ObjectNames.ENDPOINT,
                (address.tls() ? "https" : "http") + ":" + address.port() + address.routePrefix());
        annotations.put("kubectl.kubernetes.io/default-container", CONTAINER);
        List<Volume> volumes = new ArrayList<>();
        volumes.add(config(names));
        data(spec.storage()).ifPresent(volumes::add);
        int grace = pod == null || pod.terminationGracePeriodSeconds() == null
                ? GRACE_SECONDS
                : pod.terminationGracePeriodSeconds();
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(serviceAccount(names, spec))
                .withAutomountServiceAccountToken(true)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds((long) grace)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withImagePullSecrets(spec.imagePullSecrets().stream()
                        .map(LocalObjectReference::new)
                        .toList())
                .withNodeSelector(pod == null || pod.nodeSelector().isEmpty() ? null : pod.nodeSelector())
                .withTolerations(pod == null ? List.of() : tolerations(pod))
                .withPriorityClassName(pod == null ? null : pod.priorityClassName())
                .withContainers(container(spec, bundle))
                .withVolumes(volumes)
                .endSpec()
                .build();
    }

    private Container container(PrometheusServerSpec spec, Bundle bundle) {
        ServerAddress address = bundle.address();
        String image = spec.image() != null ? spec.image() : settings.imageRepository() + ":v" + bundle.version();
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(image)
                .withImagePullPolicy(
                        spec.imagePullPolicy() == null
                                ? null
                                : spec.imagePullPolicy().value())
                .withArgs(bundle.flags())
                .addNewEnv()
                .withName("POD_NAME")
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath("metadata.name")
                .endFieldRef()
                .endValueFrom()
                .endEnv()
                .addNewPort()
                .withName(PORT)
                .withContainerPort(address.port())
                .endPort()
                // The last words of a Prometheus that ends are its log, which is how they are learned without a right
                // to
                // logs.
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withResources(resources(spec.pod()))
                // While it reads its write-ahead log it isn't ready, and mustn't be killed for it: up to two hours.
                .withStartupProbe(probe(spec, address, "/-/ready", 1, 7_200))
                .withLivenessProbe(probe(spec, address, "/-/healthy", 10, 6))
                .withReadinessProbe(probe(spec, address, "/-/ready", 5, 3))
                .addNewVolumeMount()
                .withName(CONFIG)
                .withMountPath(LAYOUT.configDirectory())
                .withReadOnly(true)
                .endVolumeMount()
                .addNewVolumeMount()
                .withName(DATA)
                .withMountPath(LAYOUT.dataDirectory())
                .endVolumeMount()
                .build();
    }

    private static Probe probe(
            PrometheusServerSpec spec, ServerAddress address, String path, int period, int failures) {
        ProbeBuilder probe = new ProbeBuilder()
                .withPeriodSeconds(period)
                .withTimeoutSeconds(3)
                .withFailureThreshold(failures);
        if (asksWho(spec)) {
            // The kubelet has no certificate to show, and a password for it would stand in the pod, for all to read.
            // What
            // Prometheus itself says of its readiness the operator asks before it goes on to the next pod.
            return probe.withNewTcpSocket()
                    .withPort(new IntOrString(PORT))
                    .endTcpSocket()
                    .build();
        }
        return probe.withNewHttpGet()
                .withPath(address.routePrefix() + path)
                .withPort(new IntOrString(PORT))
                .withScheme(address.tls() ? "HTTPS" : "HTTP")
                .endHttpGet()
                .build();
    }

    /** Returns whether a server doesn't let in everybody. */
    public static boolean asksWho(PrometheusServerSpec spec) {
        return spec.web() != null && spec.web().asksWho();
    }

    private static ResourceRequirements resources(@Nullable PodSettings pod) {
        if (pod == null || pod.resources() == null) {
            return new ResourceRequirements();
        }
        return new ResourceRequirementsBuilder()
                .withRequests(quantities(pod.resources().requests()))
                .withLimits(quantities(pod.resources().limits()))
                .build();
    }

    private static Map<String, Quantity> quantities(Map<String, String> texts) {
        Map<String, Quantity> quantities = new TreeMap<>();
        texts.forEach((name, text) -> quantities.put(name, new Quantity(text)));
        return quantities;
    }

    private static List<Toleration> tolerations(PodSettings pod) {
        return pod.tolerations().stream()
                .map(toleration -> new TolerationBuilder()
                        .withKey(toleration.key())
                        .withOperator(
                                toleration.operator() == null
                                        ? null
                                        : toleration.operator().value())
                        .withValue(toleration.value())
                        .withEffect(
                                toleration.effect() == null
                                        ? null
                                        : toleration.effect().value())
                        .withTolerationSeconds(toleration.tolerationSeconds())
                        .build())
                .toList();
    }

    /** One volume of all Secrets there may ever be, so that growth never changes the pod. */
    private static Volume config(ObjectNames names) {
        List<VolumeProjection> sources = new ArrayList<>();
        for (SecretKind kind : SecretKind.values()) {
            if (kind.mounted()) {
                for (int number = 0; number < kind.count(); number++) {
                    String secret = names.secret(kind, number);
                    sources.add(new VolumeProjectionBuilder()
                            .withNewSecret()
                            .withName(secret)
                            .withOptional(true)
                            .endSecret()
                            .build());
                    sources.add(new VolumeProjectionBuilder()
                            .withNewSecret()
                            .withName(secret)
                            .withOptional(true)
                            .addNewItem()
                            .withKey(Arrivals.key(kind, number))
                            .withPath(Layout.ARRIVALS + "/" + Arrivals.name(kind, number))
                            .endItem()
                            .endSecret()
                            .build());
                }
            }
        }
        return new VolumeBuilder()
                .withName(CONFIG)
                .withNewProjected()
                .withDefaultMode(0440)
                .withSources(sources)
                .endProjected()
                .build();
    }

    private static Optional<Volume> data(@Nullable Storage storage) {
        if (storage != null && storage.existingClaim() != null) {
            return Optional.of(new VolumeBuilder()
                    .withName(DATA)
                    .withNewPersistentVolumeClaim()
                    .withClaimName(storage.existingClaim())
                    .endPersistentVolumeClaim()
                    .build());
        }
        if (storage != null && isClaimed(storage)) {
            // The StatefulSet puts the claim's volume there.
            return Optional.empty();
        }
        Storage.EmptyDir folder = storage == null ? null : storage.emptyDir();
        EmptyDirVolumeSource source = folder == null
                ? new EmptyDirVolumeSource()
                : new EmptyDirVolumeSourceBuilder()
                        .withSizeLimit(folder.sizeLimit() == null ? null : new Quantity(folder.sizeLimit()))
                        .withMedium(folder.medium() == StorageMedium.MEMORY ? "Memory" : null)
                        .build();
        return Optional.of(
                new VolumeBuilder().withName(DATA).withEmptyDir(source).build());
    }

    private static boolean createsServiceAccount(PrometheusServerSpec spec) {
        return spec.serviceAccount() == null
                || !Boolean.FALSE.equals(spec.serviceAccount().create());
    }

    /** Returns the name of the server's service account. */
    public static String serviceAccount(ObjectNames names, PrometheusServerSpec spec) {
        ServiceAccount account = spec.serviceAccount();
        return account == null || account.name() == null ? names.base() : account.name();
    }

    private List<HasMetadata> objects(
            ObjectNames names, OwnerReference owner, PrometheusServerSpec spec, ServerAddress address) {
        List<HasMetadata> objects = new ArrayList<>();
        if (createsServiceAccount(spec)) {
            ObjectMeta metadata = metadata(names, serviceAccount(names, spec), "server", owner);
            if (spec.serviceAccount() != null
                    && !spec.serviceAccount().annotations().isEmpty()) {
                metadata.setAnnotations(spec.serviceAccount().annotations());
            }
            objects.add(new ServiceAccountBuilder().withMetadata(metadata).build());
        }
        objects.add(roleBinding(names, spec, names.namespace(), names.base(), Optional.of(owner)));
        objects.add(service(
                metadata(names, names.governingService(), "pods", owner),
                names,
                address,
                new ServiceSpecBuilder().withClusterIP("None").withPublishNotReadyAddresses(true)));
        // A query goes on seeing the same replica, whose samples differ a little from another's.
        objects.add(service(
                metadata(names, names.statefulSet(), "server", owner),
                names,
                address,
                new ServiceSpecBuilder().withSessionAffinity("ClientIP")));
        objects.add(new PodDisruptionBudgetBuilder()
                .withMetadata(metadata(names, names.base(), "server", owner))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withSelector(labels(names.selector()))
                .endSpec()
                .build());
        objects.add(networkPolicy(names, owner));
        return objects;
    }

    private static Service service(
            ObjectMeta metadata, ObjectNames names, ServerAddress address, ServiceSpecBuilder spec) {
        return new ServiceBuilder()
                .withMetadata(metadata)
                .withSpec(spec.withSelector(names.selector())
                        .addNewPort()
                        .withName(PORT)
                        .withPort(address.port())
                        .withTargetPort(new IntOrString(PORT))
                        .endPort()
                        .build())
                .build();
    }

    private static ObjectMeta metadata(ObjectNames names, String name, String component, OwnerReference owner) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(names.namespace())
                .withLabels(names.labels(component))
                .withOwnerReferences(owner)
                .build();
    }

    /** Whoever reaches the port can also stop the server, so not everybody may. */
    private NetworkPolicy networkPolicy(ObjectNames names, OwnerReference owner) {
        List<NetworkPolicyPeer> peers = new ArrayList<>();
        peers.add(peer(null, Map.of()));
        settings.operatorNamespace().ifPresent(namespace -> peers.add(peer(Map.of(NAMESPACE_NAME, namespace), null)));
        peers.add(peer(Map.of(ACCESS, "true"), null));
        peers.add(peer(Map.of(), Map.of(ACCESS, "true")));
        return new NetworkPolicyBuilder()
                .withMetadata(metadata(names, names.base(), "server", owner))
                .withNewSpec()
                .withPodSelector(labels(names.selector()))
                .withPolicyTypes("Ingress")
                .addNewIngress()
                .withFrom(peers)
                .addNewPort()
                .withPort(new IntOrString(PORT))
                .withProtocol("TCP")
                .endPort()
                .endIngress()
                .endSpec()
                .build();
    }

    /** Null means what it means there: the policy's own namespace, and all pods. */
    private static NetworkPolicyPeer peer(@Nullable Map<String, String> namespace, @Nullable Map<String, String> pods) {
        return new NetworkPolicyPeerBuilder()
                .withNamespaceSelector(namespace == null ? null : labels(namespace))
                .withPodSelector(pods == null ? null : labels(pods))
                .build();
    }

    private static LabelSelector labels(Map<String, String> labels) {
        return new LabelSelectorBuilder().withMatchLabels(labels).build();
    }

    /** Returns the binding that lets a server discover targets in a namespace. */
    public RoleBinding roleBinding(
            ObjectNames names,
            PrometheusServerSpec spec,
            String namespace,
            String name,
            Optional<OwnerReference> owner) {
        Map<String, String> labels = new TreeMap<>(names.labels("discovery"));
        if (owner.isEmpty()) {
            labels.put(ObjectNames.SERVER_NAMESPACE, names.namespace());
        }
        return new RoleBindingBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(labels)
                .withOwnerReferences(owner.map(List::of).orElse(List.of()))
                .endMetadata()
                .withNewRoleRef()
                .withApiGroup("rbac.authorization.k8s.io")
                .withKind("ClusterRole")
                .withName(settings.discoveryRole())
                .endRoleRef()
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(serviceAccount(names, spec))
                .withNamespace(names.namespace())
                .endSubject()
                .build();
    }
}
