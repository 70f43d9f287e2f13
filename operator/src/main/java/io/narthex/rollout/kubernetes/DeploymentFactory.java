package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServiceSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.ServiceAccount;
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

    /** Lets the pods of namespaces that carry it with the value {@code "true"} reach servers of other namespaces. */
    public static final String ACCESS = "monitoring.narthex.io/prometheus-access";

    private static final String PORT = PodTemplates.PORT;
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    private final DeploymentSettings settings;
    private final PodTemplates templates;
    private final KubernetesSerialization serialization;

    /**
     * Makes a factory.
     *
     * @param settings what all servers have in common
     * @param serialization writes objects as text
     */
    public DeploymentFactory(DeploymentSettings settings, KubernetesSerialization serialization) {
        this.settings = settings;
        this.templates = new PodTemplates(settings.imageRepository());
        this.serialization = serialization;
    }

    /** Returns the reference by which a server owns its objects. */
    public static OwnerReference owner(String name, String uid) {
        return new OwnerReferenceBuilder()
                .withApiVersion(ApiGroup.API_VERSION)
                .withKind(ApiKinds.SERVER)
                .withName(name)
                .withUid(uid)
                .withController(true)
                .withBlockOwnerDeletion(false)
                .build();
    }

    /** Returns whether an object is owned by the server of this identity. */
    public static boolean isOwned(HasMetadata object, String uid) {
        return Ownership.owner(object).equals(uid);
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
        PodTemplateSpec plain = PodOverlay.apply(templates.make(names, spec, bundle), spec.podTemplate());
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
                .withVolumeClaimTemplates(DataVolume.claims(spec.storage()))
                .endSpec()
                .build();
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
        objects.add(roleBinding(
                names, List.of(serviceAccount(names, spec)), names.namespace(), names.base(), Optional.of(owner)));
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
        // On a namespace only: whoever makes pods could label his own.
        peers.add(peer(Map.of(ACCESS, "true"), null));
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

    /** Returns those to whom a binding gives its rights: accounts of a server's namespace. */
    public static List<Subject> subjects(String namespace, List<String> accounts) {
        return accounts.stream()
                .map(account -> new SubjectBuilder()
                        .withKind("ServiceAccount")
                        .withName(account)
                        .withNamespace(namespace)
                        .build())
                .toList();
    }

    /**
     * Returns the binding that lets a server discover targets in a namespace.
     *
     * @param accounts the service accounts as which its pods run
     */
    public RoleBinding roleBinding(
            ObjectNames names, List<String> accounts, String namespace, String name, Optional<OwnerReference> owner) {
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
                .withSubjects(subjects(names.namespace(), accounts))
                .build();
    }
}
