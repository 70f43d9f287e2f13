package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * Follows the pods and StatefulSets that Narthex makes. What it shows may be some moments old.
 *
 * <p>Any thread may call any method.
 */
public final class ManagedObjects implements AutoCloseable {

    /** Is told how the watches do: of a kind in a namespace, or in all. */
    public interface Health {

        /** A kind can't be watched. */
        void failed(String kind, Optional<String> namespace, Throwable problem);

        /** Something was heard of a kind. */
        void heard(String kind, Optional<String> namespace);
    }

    /** Finds pods by who controls them. */
    private static final String CONTROLLER = "controller";

    private final KubernetesClient client;
    private final BiConsumer<String, String> listener;
    private final Health health;
    private final List<SharedIndexInformer<Pod>> pods = new ArrayList<>();
    private final List<SharedIndexInformer<StatefulSet>> statefulSets = new ArrayList<>();

    /**
     * Makes one that follows nothing before {@link #start}.
     *
     * @param client asks the API server; not closed here
     * @param listener is told the namespace and {@link ObjectNames#base} of a server of which something changed
     * @param health is told how the watches do
     */
    public ManagedObjects(KubernetesClient client, BiConsumer<String, String> listener, Health health) {
        this.client = client;
        this.listener = listener;
        this.health = health;
    }

    /**
     * Begins to watch a namespace; without a name, all. What is returned is complete once everything that exists there has
     * been seen.
     */
    public CompletableFuture<Void> start(Optional<String> namespace) {
        Map<String, String> labels = Map.of(ObjectNames.MANAGED_BY, ObjectNames.NARTHEX);
        var allPods = client.pods();
        var allSets = client.apps().statefulSets();
        SharedIndexInformer<Pod> pod = (namespace.isPresent()
                        ? allPods.inNamespace(namespace.get())
                        : allPods.inAnyNamespace())
                .withLabels(labels)
                .runnableInformer(0);
        SharedIndexInformer<StatefulSet> set = (namespace.isPresent()
                        ? allSets.inNamespace(namespace.get())
                        : allSets.inAnyNamespace())
                .withLabels(labels)
                .runnableInformer(0);
        pod.addIndexers(Map.of(CONTROLLER, ManagedObjects::controllers));
        pods.add(pod);
        statefulSets.add(set);
        return CompletableFuture.allOf(start("Pod", namespace, pod), start("StatefulSet", namespace, set));
    }

    private <T extends HasMetadata> CompletableFuture<Void> start(
            String kind, Optional<String> namespace, SharedIndexInformer<T> informer) {
        informer.exceptionHandler((started, problem) -> {
            health.failed(kind, namespace, problem);
            return true;
        });
        informer.addEventHandler(new ResourceEventHandler<T>() {
            @Override
            public void onList(String resourceVersion, boolean remainedEmpty) {
                // What is as it was is stored anew by that, and not told.
                informer.getStore().list().forEach(ManagedObjects::shorten);
                health.heard(kind, namespace);
            }

            @Override
            public void onAdd(T object) {
                tell(object);
            }

            @Override
            public void onUpdate(T before, T object) {
                shorten(object);
                if (!(before instanceof Pod old && object instanceof Pod now && PodView.differInNudgeAlone(old, now))) {
                    tell(object);
                }
            }

            @Override
            public void onDelete(T object, boolean unknown) {
                tell(object);
            }
        });
        return informer.start().toCompletableFuture();
    }

    /** Who manages which field is as long as the rest, and nobody asks for it. */
    private static void shorten(HasMetadata object) {
        object.getMetadata().setManagedFields(null);
    }

    private void tell(HasMetadata object) {
        shorten(object);
        Map<String, String> labels = object.getMetadata().getLabels();
        String base = labels == null ? null : labels.get(ObjectNames.INSTANCE);
        if (base != null) {
            listener.accept(object.getMetadata().getNamespace(), base);
        }
    }

    Optional<Pod> pod(String namespace, String name) {
        return find(pods, namespace, name);
    }

    Optional<StatefulSet> statefulSet(String namespace, String name) {
        return find(statefulSets, namespace, name);
    }

    /** Returns a server's StatefulSet. */
    public Optional<StatefulSet> statefulSet(ObjectNames names) {
        return statefulSet(names.namespace(), names.statefulSet());
    }

    /** Returns the pods that a StatefulSet controls. */
    public List<Pod> pods(StatefulSet set) {
        String controller =
                controller(set.getMetadata().getNamespace(), set.getMetadata().getUid());
        return pods.stream()
                .flatMap(informer -> informer.getIndexer().byIndex(CONTROLLER, controller).stream())
                .toList();
    }

    private static List<String> controllers(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .map(owner -> controller(pod.getMetadata().getNamespace(), owner.getUid()))
                .toList();
    }

    /** Whoever makes a pod may name anybody as its owner, but not in another namespace. */
    private static String controller(String namespace, String uid) {
        return namespace + "/" + uid;
    }

    /** Returns how many pods of a server are ready. */
    public int readyReplicas(String namespace, ObjectNames names) {
        return statefulSet(namespace, names.statefulSet())
                .map(set -> set.getStatus())
                .map(status -> status.getReadyReplicas())
                .orElse(0);
    }

    private static <T extends HasMetadata> Optional<T> find(
            List<SharedIndexInformer<T>> informers, String namespace, String name) {
        return informers.stream()
                .flatMap(informer -> Optional.ofNullable(informer.getStore().getByKey(namespace + "/" + name)).stream())
                .findFirst();
    }

    @Override
    public void close() {
        pods.forEach(SharedIndexInformer::stop);
        statefulSets.forEach(SharedIndexInformer::stop);
    }
}
