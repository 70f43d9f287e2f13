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
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.ResourceKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what a cluster declares. Each kind has one watch, which is begun again for as long as it takes where the API
 * server is down or doesn't know the kind yet; of the objects only what {@link ClusterState} holds is kept.
 *
 * <p>What a watch brings was pruned by the definition under which it was opened: for a moment after a definition changed,
 * the API server leaves out of what is stored fields that only the new one knows, and never says so again. So all is read
 * anew when the definitions are seen to have changed.
 *
 * <p>Any thread may call any method.
 */
public final class ClusterSource implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterSource.class);

    /** At the start so many objects are read at a time, or those of a large cluster would take all memory at once. */
    private static final long PAGE = 250;

    private final KubernetesClient client;
    private final Listener listener;
    private final ResourceBinder binder = new ResourceBinder();
    private final DefinitionVersion definitions;
    private final WatchHealth health;

    // Guarded by this.
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
    private final List<Watched> declared = new ArrayList<>();
    private boolean closed;

    private volatile ClusterState state = ClusterState.EMPTY;

    /**
     * Makes a source that looks at nothing before {@link #start}.
     *
     * @param client asks the API server; not closed here
     * @param listener is told what changed
     * @param clock tells the time
     */
    public ClusterSource(KubernetesClient client, Listener listener, InstantSource clock) {
        this.health = new WatchHealth(clock);
        this.definitions = new DefinitionVersion(client);
        this.client = client;
        this.listener = listener;
    }

    /** Who is told. Each method must return soon. */
    public interface Listener {

        /** Says that the state has changed. */
        void changed();

        /** Says that a resource will be seen for the first time; the metadata are whole. */
        default void added(ResourceKey key, StoredObject object, ObjectMeta metadata) {}

        /** Says that a resource is gone, also where another one has its name by now. */
        default void removed(ResourceKey key) {}

        /** Says that a resource has another status than before, whoever wrote it; the metadata are whole. */
        default void statusChanged(ResourceKey key, StoredObject object, ObjectMeta metadata) {}
    }

    /**
     * What is watched of a kind: in one namespace, or in all.
     *
     * @param seen is complete once everything that exists there has been seen, by this informer or one before it
     */
    private record Watched(
            String kind, Optional<String> namespace, SharedIndexInformer<?> informer, CompletableFuture<Void> seen) {

        boolean covers(ResourceKey key) {
            return key.kind().equals(kind)
                    && namespace.filter(one -> !one.equals(key.namespace())).isEmpty();
        }
    }

    /**
     * Begins to watch one part of the scope, as {@link Scope#watched} names it. What is returned is complete once everything
     * that exists there has been seen.
     */
    public synchronized CompletableFuture<Void> start(Optional<String> namespace) {
        if (informers.isEmpty()) {
            definitions.changed();
        }
        List<CompletableFuture<Void>> starts = new ArrayList<>();
        ApiKinds.SPECS.keySet().forEach(kind -> {
            CompletableFuture<Void> seen = new CompletableFuture<>();
            starts.add(seen);
            watch(kind, namespace, seen, false);
        });
        if (namespace.isEmpty()) {
            NamespaceHandler handler = new NamespaceHandler();
            SharedIndexInformer<Namespace> informer =
                    client.namespaces().withLimit(PAGE).runnableInformer(0);
            starts.add(start(informer, new StubStore<>(), handler));
        }
        return CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new));
    }

    private void watch(String kind, Optional<String> namespace, CompletableFuture<Void> seen, boolean anew) {
        var all = client.genericKubernetesResources(context(kind));
        SharedIndexInformer<GenericKubernetesResource> informer = (namespace.isPresent()
                        ? all.inNamespace(namespace.get())
                        : all.inAnyNamespace())
                .withLimit(PAGE)
                .runnableInformer(0);
        StubStore<GenericKubernetesResource> stubs = new StubStore<>();
        Watched watched = new Watched(kind, namespace, informer, seen);
        declared.add(watched);
        var _ = start(informer, stubs, new ResourceHandler(watched, stubs, anew))
                .thenRun(() -> seen.complete(null));
    }

    private <T extends HasMetadata> CompletableFuture<Void> start(
            SharedIndexInformer<T> informer, StubStore<T> stubs, ListedHandler<T> handler) {
        informers.add(informer);
        informer.itemStore(stubs);
        informer.exceptionHandler((started, problem) -> {
            health.failed(handler.kind, handler.namespace, problem);
            return true;
        });
        informer.addEventHandler(handler);
        informer.start();
        var _ = handler.listed.thenRun(() -> follow(handler, informer));
        return handler.listed;
    }

    private synchronized void follow(ListedHandler<?> handler, SharedIndexInformer<?> informer) {
        if (informers.contains(informer)) {
            health.follow(informer, handler.kind, handler.namespace, informer::isWatching);
        }
    }

    /** Reads all resources anew if their definitions changed since the last call; asks the API server for that. */
    public void recheck() {
        if (!definitions.changed()) {
            return;
        }
        LOG.info("The definitions of the resources changed: reading all of them anew");
        synchronized (this) {
            if (closed) {
                return;
            }
            List<Watched> before = List.copyOf(declared);
            declared.clear();
            for (Watched old : before) {
                informers.remove(old.informer());
                health.forget(old.informer());
                old.informer().stop();
                // Whoever waits for what the old one hasn't seen waits for this one from now on.
                watch(old.kind(), old.namespace(), old.seen(), true);
            }
        }
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
            listener.changed();
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
        final Optional<String> namespace;
        final CompletableFuture<Void> listed = new CompletableFuture<>();

        ListedHandler(String kind, Optional<String> namespace) {
            this.kind = kind;
            this.namespace = namespace;
        }

        final void heard() {
            health.heard(kind, namespace);
        }

        @Override
        public void onList(String resourceVersion, boolean remainedEmpty) {
            heard();
            listed.complete(null);
        }
    }

    private final class ResourceHandler extends ListedHandler<GenericKubernetesResource> {

        private final Watched watched;
        private final StubStore<GenericKubernetesResource> stubs;

        /** Whether what is listed may be other than it was, though it has the same version. */
        private boolean anew;

        ResourceHandler(Watched watched, StubStore<GenericKubernetesResource> stubs, boolean anew) {
            super(watched.kind(), watched.namespace());
            this.watched = watched;
            this.stubs = stubs;
            this.anew = anew;
        }

        /** What went away between two watches, nobody told. */
        @Override
        public void onList(String resourceVersion, boolean remainedEmpty) {
            if (anew) {
                anew = false;
                Set<ResourceKey> there = stubs.values()
                        .map(stub -> ResourceBinder.key(kind, stub.getMetadata()))
                        .collect(Collectors.toSet());
                List<ResourceKey> gone = state.objects()
                        .keys()
                        .filter(key -> watched.covers(key) && !there.contains(key))
                        .toList();
                gone.forEach(this::remove);
            }
            super.onList(resourceVersion, remainedEmpty);
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
            remove(ResourceBinder.key(kind, object.getMetadata()));
        }

        private void remove(ResourceKey key) {
            change(now -> now.without(key));
            listener.removed(key);
        }

        private void take(GenericKubernetesResource object) {
            heard();
            ResourceKey key = ResourceBinder.key(kind, object.getMetadata());
            StoredObject stored = binder.stored(object);
            Optional<StoredObject> known = state.objects().get(key);
            if (known.filter(before -> !before.uid().equals(stored.uid())).isPresent()) {
                // Between two watches it was deleted and made anew.
                remove(key);
                known = Optional.empty();
            }
            if (known.isEmpty()) {
                // Before anybody can speak of it.
                listener.added(key, stored, object.getMetadata());
            }
            take(key, object, stored, known);
            if (known.filter(before -> !before.status().equals(stored.status())).isPresent()) {
                listener.statusChanged(key, stored, object.getMetadata());
            }
        }

        /** Another status or annotation alone makes no other version of what is declared. */
        private void take(
                ResourceKey key, GenericKubernetesResource object, StoredObject stored, Optional<StoredObject> known) {
            Optional<Declared<?>> declared = state.inventory().find(key);
            if (!anew
                    && known.isPresent()
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
                case ResourceBinder.Bound.Taken(Declared<?> resource) -> {
                    if (anew && state.isAsKnown(resource)) {
                        note(now -> now.with(key, stored));
                    } else {
                        change(now -> now.with(resource, stored));
                    }
                }
                case ResourceBinder.Bound.Unreadable(var problem) -> {
                    if (!state.unreadable().get(key).equals(Optional.of(problem))) {
                        LOG.warn("{} can't be read: {}", key, problem.message());
                    }
                    change(now -> now.withUnreadable(key, problem, stored));
                }
            }
        }
    }

    private final class NamespaceHandler extends ListedHandler<Namespace> {

        NamespaceHandler() {
            super("Namespace", Optional.empty());
        }

        @Override
        public void onAdd(Namespace namespace) {
            heard();
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
                .withPlural(ApiKinds.plural(kind))
                .withNamespaced(true)
                .build();
    }

    @Override
    public synchronized void close() {
        closed = true;
        informers.forEach(SharedIndexInformer::stop);
    }
}
