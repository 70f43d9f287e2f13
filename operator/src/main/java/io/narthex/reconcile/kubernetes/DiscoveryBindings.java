package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.kubernetes.ApiServerWords;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.ForcedApply;
import io.narthex.rollout.kubernetes.NotOurs;
import io.narthex.rollout.kubernetes.ObjectNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bindings that let servers discover targets outside their own namespaces. No owner can stand in another namespace,
 * so what is no longer wanted is found by its labels and deleted. For one thread.
 */
final class DiscoveryBindings {

    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryBindings.class);

    /** So many that are somebody else's are named in a server's status. */
    private static final int MOST = 3;

    private final KubernetesClient client;
    private final ForcedApply apply;
    private final OperatorSettings settings;
    private final DeploymentFactory factory;
    private final Map<String, RoleBinding> written = new TreeMap<>();
    private final Map<String, ClusterRoleBinding> writtenEverywhere = new TreeMap<>();
    private final Map<String, String> complaints = new TreeMap<>();
    /** What stands under the names of some and is somebody else's, in words; by what is wanted there. */
    private final Map<String, Foreign> foreign = new TreeMap<>();

    private Set<String> spared = Set.of();
    private boolean swept;

    /**
     * A binding that is somebody else's.
     *
     * @param name its name
     * @param words what the server's status says of it
     */
    private record Foreign(String name, String words) {}

    /** What asks the API server. */
    private interface Attempt {
        void run() throws NotOurs;
    }

    DiscoveryBindings(KubernetesClient client, OperatorSettings settings, DeploymentFactory factory) {
        this.client = client;
        this.apply = new ForcedApply(client);
        this.settings = settings;
        this.factory = factory;
    }

    /**
     * Makes the bindings that the servers need, and deletes all others.
     *
     * @param accounts all servers that this operator takes care of and that have pods or are to have some, with the service
     *     accounts as which those run, whatever a newer version asks for that isn't carried out
     * @param others returns the servers that other operators take care of by now, or that can't be read: what is theirs is
     *     left alone
     * @return whether all could be done
     */
    boolean reconcile(Map<ResourceKey, String> accounts, Supplier<Set<ResourceKey>> others, Inventory inventory) {
        Map<String, RoleBinding> wanted = new TreeMap<>();
        Map<String, ClusterRoleBinding> everywhere = new TreeMap<>();
        accounts.forEach((server, account) -> {
            ObjectNames names = ObjectNames.of(server);
            if (settings.consent().seesAll(server)) {
                if (settings.scope().isCluster()) {
                    everywhere.put(names.elsewhere(), everywhere(names, account));
                }
            } else {
                for (String namespace : settings.consent().consenting(server, inventory)) {
                    wanted.put(
                            namespace + "/" + names.elsewhere(),
                            factory.roleBinding(names, account, namespace, names.elsewhere(), Optional.empty()));
                }
            }
        });
        Set<String> names = new HashSet<>();
        wanted.values().forEach(binding -> names.add(name(binding)));
        everywhere.values().forEach(binding -> names.add(name(binding)));
        foreign.keySet().retainAll(names);
        // What is withdrawn goes, whatever becomes of the rest.
        boolean roles = write(wanted, written);
        boolean clusterRoles = write(everywhere, writtenEverywhere);
        return sweep(wanted.keySet(), everywhere.keySet(), () -> names(others.get())) && roles && clusterRoles;
    }

    private static Set<String> names(Set<ResourceKey> servers) {
        Set<String> names = new HashSet<>();
        servers.forEach(key -> names.add(ObjectNames.of(key).elsewhere()));
        return names;
    }

    /**
     * Returns which of a server's bindings can't be made, since one of that name is there and isn't the server's; empty for
     * none.
     */
    Optional<String> obstacle(ResourceKey server) {
        if (foreign.isEmpty()) {
            return Optional.empty();
        }
        String name = ObjectNames.of(server).elsewhere();
        List<String> all = foreign.values().stream()
                .filter(one -> one.name().equals(name))
                .map(Foreign::words)
                .toList();
        String first = all.stream().limit(MOST).collect(Collectors.joining("; "));
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(all.size() > MOST ? first + "; and " + (all.size() - MOST) + " more" : first);
    }

    /**
     * Writes all of them once more, so that what others changed or deleted is as it was, but for what stands there by now
     * under a name of theirs and is somebody else's.
     */
    void restore() {
        written.values().forEach(this::apply);
        writtenEverywhere.values().forEach(this::apply);
    }

    private boolean apply(HasMetadata binding) {
        String what = name(binding);
        return attempt(what, () -> {
            try {
                apply.demandOwn(binding);
            } catch (NotOurs e) {
                foreign.put(what, new Foreign(binding.getMetadata().getName(), String.valueOf(e.getMessage())));
                throw e;
            }
            foreign.remove(what);
            apply.write(binding);
        });
    }

    private boolean delete(HasMetadata binding) {
        return attempt(name(binding), () -> client.resource(binding).delete());
    }

    private static String name(HasMetadata binding) {
        String namespace = binding.getMetadata().getNamespace();
        return binding.getKind() + " " + (namespace == null ? "" : namespace + "/")
                + binding.getMetadata().getName();
    }

    /** Returns whether it could be done, and says why not, once until it can. */
    private boolean attempt(String what, Attempt action) {
        try {
            action.run();
            complaints.remove(what);
            return true;
        } catch (NotOurs e) {
            // The server says so, in its status and in the log.
            return false;
        } catch (KubernetesClientException e) {
            String words = ApiServerWords.of(e);
            if (!words.equals(complaints.put(what, words))) {
                LOG.warn("{}, by which a server discovers targets, can't be written or deleted: {}", what, words);
            }
            // In a namespace that goes, nothing is discovered soon, and nothing can be made any more.
            return isTerminating(e);
        }
    }

    private static boolean isTerminating(KubernetesClientException e) {
        return e.getStatus() != null
                && e.getStatus().getDetails() != null
                && e.getStatus().getDetails().getCauses().stream()
                        .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
    }

    private <T extends HasMetadata> boolean write(Map<String, T> wanted, Map<String, T> present) {
        boolean done = true;
        for (Map.Entry<String, T> entry : wanted.entrySet()) {
            T binding = entry.getValue();
            if (!binding.equals(present.get(entry.getKey()))) {
                if (apply(binding)) {
                    present.put(entry.getKey(), binding);
                } else {
                    done = false;
                }
            }
        }
        return done;
    }

    /** Without the cluster's namespaces none can have agreed, and nothing is there to delete. */
    private boolean sweep(Set<String> wanted, Set<String> everywhere, Supplier<Set<String>> others) {
        boolean fewer = written.keySet().retainAll(wanted);
        fewer |= writtenEverywhere.keySet().retainAll(everywhere);
        if (!settings.scope().isCluster() || (swept && !fewer && others.get().containsAll(spared))) {
            return true;
        }
        List<HasMetadata> obsolete = new ArrayList<>();
        boolean done = attempt("The list of bindings", () -> {
            obsolete.addAll(client.rbac()
                    .roleBindings()
                    .inAnyNamespace()
                    .withLabel(ObjectNames.MANAGED_BY, ObjectNames.NARTHEX)
                    .withLabel(ObjectNames.SERVER_NAMESPACE)
                    .list()
                    .getItems());
            obsolete.removeIf(binding -> wanted.contains(binding.getMetadata().getNamespace() + "/"
                    + binding.getMetadata().getName()));
            client
                    .rbac()
                    .clusterRoleBindings()
                    .withLabel(ObjectNames.MANAGED_BY, ObjectNames.NARTHEX)
                    .withLabel(ObjectNames.SERVER_NAMESPACE)
                    .list()
                    .getItems()
                    .stream()
                    .filter(binding ->
                            !everywhere.contains(binding.getMetadata().getName()))
                    .forEach(obsolete::add);
        });
        // Looked at after the list, which shows those of servers that came while others were written.
        Set<String> kept = others.get();
        obsolete.removeIf(binding -> kept.contains(binding.getMetadata().getName()));
        for (HasMetadata binding : obsolete) {
            done &= delete(binding);
        }
        swept = done;
        spared = kept;
        return done;
    }

    private ClusterRoleBinding everywhere(ObjectNames names, String account) {
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
                .withName(account)
                .withNamespace(names.server().namespace())
                .endSubject()
                .build();
    }
}
