package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.KubernetesPrometheus;
import io.narthex.rollout.kubernetes.ObjectNames;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bindings that let servers discover targets outside their own namespaces. No owner can stand in another namespace,
 * so what is no longer wanted is found by its labels and deleted. For one thread.
 */
final class DiscoveryBindings {

    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryBindings.class);

    private final KubernetesClient client;
    private final OperatorSettings settings;
    private final DeploymentFactory factory;
    private final Map<String, RoleBinding> written = new TreeMap<>();
    private final Map<String, ClusterRoleBinding> writtenEverywhere = new TreeMap<>();
    private Set<String> spared = Set.of();
    private boolean swept;

    DiscoveryBindings(KubernetesClient client, OperatorSettings settings, DeploymentFactory factory) {
        this.client = client;
        this.settings = settings;
        this.factory = factory;
    }

    /**
     * Makes the bindings that the servers need, and deletes all others.
     *
     * @param servers all servers that this operator takes care of
     * @param others servers that other operators take care of, or that can't be read: what is theirs is left alone
     * @return whether all could be done
     */
    boolean reconcile(List<Declared<PrometheusServerSpec>> servers, Set<ResourceKey> others, Inventory inventory) {
        Map<String, RoleBinding> wanted = new TreeMap<>();
        Map<String, ClusterRoleBinding> everywhere = new TreeMap<>();
        for (Declared<PrometheusServerSpec> server : servers) {
            ObjectNames names = ObjectNames.of(server.key());
            if (settings.consent().seesAll(server.key())) {
                if (settings.scope().isCluster()) {
                    everywhere.put(names.elsewhere(), everywhere(names, server.spec()));
                }
            } else {
                for (String namespace : settings.consent().consenting(server.key(), inventory)) {
                    wanted.put(
                            namespace + "/" + names.elsewhere(),
                            factory.roleBinding(names, server.spec(), namespace, names.elsewhere(), Optional.empty()));
                }
            }
        }
        try {
            write(wanted, everywhere);
            Set<String> kept = new HashSet<>();
            others.forEach(key -> kept.add(ObjectNames.of(key).elsewhere()));
            sweep(wanted.keySet(), everywhere.keySet(), kept);
            return true;
        } catch (KubernetesClientException e) {
            LOG.warn("Bindings for discovery can't be written: {}", KubernetesPrometheus.words(e));
            return false;
        }
    }

    /** Writes all of them once more, so that what others changed or deleted is as it was. */
    void restore() {
        try {
            written.values().forEach(this::apply);
            writtenEverywhere.values().forEach(this::apply);
        } catch (KubernetesClientException e) {
            LOG.warn("Bindings for discovery can't be written: {}", KubernetesPrometheus.words(e));
        }
    }

    private void apply(HasMetadata binding) {
        client.resource(binding)
                .fieldManager(ObjectNames.NARTHEX)
                .forceConflicts()
                .serverSideApply();
    }

    private void write(Map<String, RoleBinding> wanted, Map<String, ClusterRoleBinding> everywhere) {
        wanted.forEach((name, binding) -> {
            if (!binding.equals(written.get(name))) {
                apply(binding);
                written.put(name, binding);
            }
        });
        everywhere.forEach((name, binding) -> {
            if (!binding.equals(writtenEverywhere.get(name))) {
                apply(binding);
                writtenEverywhere.put(name, binding);
            }
        });
    }

    private void sweep(Set<String> wanted, Set<String> everywhere, Set<String> kept) {
        boolean fewer = !wanted.containsAll(written.keySet())
                || !everywhere.containsAll(writtenEverywhere.keySet())
                || !kept.containsAll(spared);
        if (swept && !fewer) {
            return;
        }
        if (settings.scope().isCluster()) {
            for (RoleBinding binding : client.rbac()
                    .roleBindings()
                    .inAnyNamespace()
                    .withLabel(ObjectNames.MANAGED_BY, ObjectNames.NARTHEX)
                    .withLabel(ObjectNames.SERVER_NAMESPACE)
                    .list()
                    .getItems()) {
                String name = binding.getMetadata().getName();
                if (!wanted.contains(binding.getMetadata().getNamespace() + "/" + name) && !kept.contains(name)) {
                    client.resource(binding).delete();
                }
            }
            for (ClusterRoleBinding binding : client.rbac()
                    .clusterRoleBindings()
                    .withLabel(ObjectNames.MANAGED_BY, ObjectNames.NARTHEX)
                    .withLabel(ObjectNames.SERVER_NAMESPACE)
                    .list()
                    .getItems()) {
                String name = binding.getMetadata().getName();
                if (!everywhere.contains(name) && !kept.contains(name)) {
                    client.resource(binding).delete();
                }
            }
        } else {
            for (String name : Set.copyOf(written.keySet())) {
                RoleBinding binding = written.get(name);
                if (!wanted.contains(name) && binding != null) {
                    client.resource(binding).delete();
                }
            }
        }
        spared = Set.copyOf(kept);
        written.keySet().retainAll(wanted);
        writtenEverywhere.keySet().retainAll(everywhere);
        swept = true;
    }

    private ClusterRoleBinding everywhere(ObjectNames names, PrometheusServerSpec spec) {
        Map<String, String> labels = new TreeMap<>(names.labels("discovery"));
        labels.put(ObjectNames.SERVER_NAMESPACE, names.server().namespace());
        return new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(names.elsewhere())
                .withLabels(labels)
                .endMetadata()
                .withNewRoleRef()
                .withApiGroup("rbac.authorization.k8s.io")
                .withKind("ClusterRole")
                .withName(settings.deployments().discoveryRole())
                .endRoleRef()
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(DeploymentFactory.serviceAccount(names, spec))
                .withNamespace(names.server().namespace())
                .endSubject()
                .build();
    }
}
