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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Follows the pods and StatefulSets that Narthex makes. What it shows may be some moments old.
 *
 * <p>Any thread may call any method.
 */
public final class ManagedObjects implements AutoCloseable {

    private final KubernetesClient client;
    private final Set<String> namespaces;
    private final BiConsumer<String, String> listener;
    private final BiConsumer<String, Throwable> failures;
    private final Consumer<String> successes;
    private final List<SharedIndexInformer<Pod>> pods = new ArrayList<>();
    private final List<SharedIndexInformer<StatefulSet>> statefulSets = new ArrayList<>();

    /**
     * Makes one that follows nothing before {@link #start}.
     *
     * @param client asks the API server; not closed here
     * @param namespaces the namespaces to look at; empty for all
     * @param listener is told the namespace and {@link ObjectNames#base} of a server of which something changed
     * @param failures is told the kind that can't be watched, and why
     * @param successes is told the kind of which something was heard
     */
    public ManagedObjects(
            KubernetesClient client,
            Set<String> namespaces,
            BiConsumer<String, String> listener,
            BiConsumer<String, Throwable> failures,
            Consumer<String> successes) {
        this.failures = failures;
        this.successes = successes;
        this.client = client;
        this.namespaces = Set.copyOf(namespaces);
        this.listener = listener;
    }

    /** Begins to watch. What is returned is complete once everything that exists has been seen. */
    public CompletionStage<Void> start() {
        Map<String, String> labels = Map.of(ObjectNames.MANAGED_BY, ObjectNames.NARTHEX);
        List<CompletableFuture<?>> starts = new ArrayList<>();
        if (namespaces.isEmpty()) {
            pods.add(client.pods().inAnyNamespace().withLabels(labels).runnableInformer(0));
            statefulSets.add(client.apps()
                    .statefulSets()
                    .inAnyNamespace()
                    .withLabels(labels)
                    .runnableInformer(0));
        }
        for (String namespace : namespaces) {
            pods.add(client.pods().inNamespace(namespace).withLabels(labels).runnableInformer(0));
            statefulSets.add(client.apps()
                    .statefulSets()
                    .inNamespace(namespace)
                    .withLabels(labels)
                    .runnableInformer(0));
        }
        pods.forEach(informer -> starts.add(start("Pod", informer)));
        statefulSets.forEach(informer -> starts.add(start("StatefulSet", informer)));
        return CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new));
    }

    private <T extends HasMetadata> CompletableFuture<Void> start(String kind, SharedIndexInformer<T> informer) {
        informer.exceptionHandler((started, problem) -> {
            failures.accept(kind, problem);
            return true;
        });
        informer.addEventHandler(new ResourceEventHandler<T>() {
            @Override
            public void onList(String resourceVersion, boolean remainedEmpty) {
                successes.accept(kind);
            }

            @Override
            public void onAdd(T object) {
                tell(object);
            }

            @Override
            public void onUpdate(T before, T object) {
                object.getMetadata().setManagedFields(null);
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

    private void tell(HasMetadata object) {
        object.getMetadata().setManagedFields(null);
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
