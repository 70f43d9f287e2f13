package io.narthex.source.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.ResourceKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what a cluster declares. Each kind has one watch, which is begun again for as long as it takes where the API
 * server is down or doesn't know the kind yet; of the objects only what {@link ClusterState} holds is kept.
 *
 * <p>Any thread may call any method.
 */
public final class ClusterSource implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterSource.class);

    private static final Map<String, String> KINDS =
            Map.of("PrometheusServer", "prometheusservers", "Monitor", "monitors", "RuleSet", "rulesets");

    /** At the start so many objects are read at a time, or those of a large cluster would take all memory at once. */
    private static final long PAGE = 250;

    private final KubernetesClient client;
    private final Scope scope;
    private final Runnable listener;
    private final ResourceBinder binder = new ResourceBinder();
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
    private final WatchHealth health;

    private volatile ClusterState state = ClusterState.EMPTY;

    /**
     * Makes a source that looks at nothing before {@link #start}.
     *
     * @param client asks the API server; not closed here
     * @param scope the namespaces to look at
     * @param listener is told that the state has changed; must return soon
     * @param clock tells the time
     */
    public ClusterSource(KubernetesClient client, Scope scope, Runnable listener, InstantSource clock) {
        this.health = new WatchHealth(clock);
        this.client = client;
        this.scope = scope;
        this.listener = listener;
    }

    /** Begins to watch. What is returned is complete once everything that exists has been seen. */
    public CompletionStage<Void> start() {
        List<CompletableFuture<Void>> starts = new ArrayList<>();
        KINDS.keySet().forEach(kind -> {
            var all = client.genericKubernetesResources(context(kind));
            if (scope.isCluster()) {
                starts.add(start(
                        kind, all.inAnyNamespace().withLimit(PAGE).runnableInformer(0), new ResourceHandler(kind)));
            } else {
                scope.namespaces()
                        .forEach(namespace -> starts.add(start(
                                kind,
                                all.inNamespace(namespace).withLimit(PAGE).runnableInformer(0),
                                new ResourceHandler(kind))));
            }
        });
        if (scope.isCluster()) {
            starts.add(start(
                    "Namespace", client.namespaces().withLimit(PAGE).runnableInformer(0), new NamespaceHandler()));
        }
        return CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new));
    }

    private <T extends HasMetadata> CompletableFuture<Void> start(
            String kind, SharedIndexInformer<T> informer, ListedHandler<T> handler) {
        informers.add(informer);
        informer.itemStore(new StubStore<>());
        informer.exceptionHandler((started, problem) -> {
            health.failed(kind, problem);
            return true;
        });
        informer.addEventHandler(handler);
        informer.start();
        var _ = handler.listed.thenRun(() -> health.follow(kind, informer::isWatching));
        return handler.listed;
    }

    /** Returns the newest state. */
    public ClusterState state() {
        return state;
    }

    /** Returns what the watches say of themselves. */
    public WatchHealth health() {
        return health;
    }

    /** Changes the state; tells the listener where it became another. */
    void change(UnaryOperator<ClusterState> change) {
        if (note(change)) {
            listener.run();
        }
    }

    @SuppressWarnings("ReferenceEquality") // One instance is one version.
    private synchronized boolean note(UnaryOperator<ClusterState> change) {
        ClusterState before = state;
        state = change.apply(before);
        return state != before;
    }

    /** Knows when it was told of all that exists: an informer says so of itself before its handlers are through. */
    private abstract class ListedHandler<T> implements ResourceEventHandler<T> {

        final String kind;
        final CompletableFuture<Void> listed = new CompletableFuture<>();

        ListedHandler(String kind) {
            this.kind = kind;
        }

        @Override
        public void onList(String resourceVersion, boolean remainedEmpty) {
            health.heard(kind);
            listed.complete(null);
        }
    }

    private final class ResourceHandler extends ListedHandler<GenericKubernetesResource> {

        ResourceHandler(String kind) {
            super(kind);
        }

        @Override
        public void onAdd(GenericKubernetesResource object) {
            take(object);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
            take(object);
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean unknown) {
            ResourceKey key = ResourceBinder.key(kind, object.getMetadata());
            change(now -> now.without(key));
        }

        /** Another status or annotation alone makes no other version of what is declared. */
        private void take(GenericKubernetesResource object) {
            health.heard(kind);
            ResourceKey key = ResourceBinder.key(kind, object.getMetadata());
            StoredObject stored = binder.stored(object);
            Optional<StoredObject> known = state.objects().get(key);
            Optional<Declared<?>> declared = state.inventory().find(key);
            if (known.isPresent()
                    && known.get().uid().equals(stored.uid())
                    && known.get().generation() == stored.generation()
                    && declared.isPresent()
                    && state.unreadable().get(key).isEmpty()
                    && declared.get().labels().equals(labels(object.getMetadata()))) {
                // Nothing that anybody compiles: who wants to know the object asks for it.
                note(now -> now.with(key, stored));
                return;
            }
            switch (binder.bind(kind, object)) {
                case ResourceBinder.Bound.Taken(Declared<?> resource) -> change(now -> now.with(resource, stored));
                case ResourceBinder.Bound.Unreadable(var problem) -> {
                    LOG.warn("{} can't be read: {}", key, problem.message());
                    change(now -> now.withUnreadable(key, problem, stored));
                }
            }
        }
    }

    private final class NamespaceHandler extends ListedHandler<Namespace> {

        NamespaceHandler() {
            super("Namespace");
        }

        @Override
        public void onAdd(Namespace namespace) {
            health.heard(kind);
            change(now -> now.withNamespace(namespace.getMetadata().getName(), labels(namespace.getMetadata())));
        }

        @Override
        public void onUpdate(Namespace before, Namespace namespace) {
            onAdd(namespace);
        }

        @Override
        public void onDelete(Namespace namespace, boolean unknown) {
            change(now -> now.withNamespace(namespace.getMetadata().getName(), Map.of()));
        }
    }

    private static Map<String, String> labels(ObjectMeta metadata) {
        return metadata.getLabels() == null ? Map.of() : metadata.getLabels();
    }

    /** Returns how the API server knows a kind. */
    public static ResourceDefinitionContext context(String kind) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(ApiGroup.NAME)
                .withVersion(ApiGroup.VERSION)
                .withKind(kind)
                .withPlural(KINDS.getOrDefault(kind, kind))
                .withNamespaced(true)
                .build();
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
    }
}
