package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.reconcile.ReconcileLoop;
import io.narthex.rollout.MonotonicClock;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.ManagedObjects;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.rollout.kubernetes.QuietWrites;
import io.narthex.source.kubernetes.ClusterSource;
import io.narthex.source.kubernetes.ClusterState;
import io.narthex.source.kubernetes.CredentialStore;
import io.narthex.source.kubernetes.KubernetesClients;
import io.narthex.source.kubernetes.MetadataWatch;
import io.narthex.source.kubernetes.StoredObject;
import io.narthex.status.kubernetes.Readiness;
import io.narthex.status.kubernetes.StatusBoard;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes care of all PrometheusServers of a cluster that are its own: one {@link ServerReconciler} for each, which comes
 * and goes with its resource. Says of each Monitor and RuleSet that no server takes why.
 *
 * <p>Any thread may call any method.
 */
public final class ClusterOperator implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterOperator.class);

    private final OperatorSettings settings;
    private final ClusterSource source;
    private final CredentialStore credentials;
    private final ManagedObjects managed;
    private final StatusBoard board;
    private final OperatorParts parts;
    private final DiscoveryBindings bindings;
    private final Nobody nobody;
    private final List<MetadataWatch> watches = new ArrayList<>();
    private final Map<ResourceKey, ServerReconciler> reconcilers = new ConcurrentHashMap<>();
    /** What is complete once all of a part of the scope has been seen. Not changed once that is waited for. */
    private final Map<Optional<String>, CompletableFuture<Void>> seen = new HashMap<>();

    private final InstantSource timer;
    private final ReconcileLoop loop;
    private volatile boolean started;

    // Of the operator's thread.
    private Instant recheckAt = Instant.MAX;
    private Inventory looked = Inventory.EMPTY;
    /** Those of what was looked at; to find them takes a look at every resource. */
    private List<Declared<PrometheusServerSpec>> servers = List.of();

    private BucketMap<ResourceKey, Diagnostic> unreadable = BucketMap.empty();
    /** Servers that couldn't be read since the start: nobody takes care of them, and what is theirs stays. */
    private Set<ResourceKey> unknown = Set.of();

    private long unseen;
    /** As which service accounts servers' pods run. */
    private Map<ResourceKey, List<String>> accounts = Map.of();

    /**
     * Makes an operator that does nothing before {@link #start}.
     *
     * @param client asks the API server; not closed here
     * @param settings how it works
     * @param compiler compiles all servers
     * @param clock tells the time of day; nothing waits by it
     * @param random makes names for writes
     */
    public ClusterOperator(
            KubernetesClient client,
            OperatorSettings settings,
            Compiler compiler,
            InstantSource clock,
            RandomGenerator random) {
        this.settings = settings;
        this.timer = MonotonicClock.startingAt(clock.instant());
        this.loop = new ReconcileLoop("operator", "What the cluster declares", timer, this::round);
        this.source = new ClusterSource(
                client,
                new ClusterSource.Listener() {
                    @Override
                    public void changed() {
                        wake();
                    }

                    @Override
                    public void added(ResourceKey key, StoredObject object, ObjectMeta metadata) {
                        board().added(key, object, metadata);
                    }

                    @Override
                    public void removed(ResourceKey key) {
                        board().forget(key);
                    }

                    @Override
                    public void statusChanged(ResourceKey key, StoredObject object, ObjectMeta metadata) {
                        board().statusChanged(key, object, metadata);
                    }
                },
                timer);
        this.credentials = new CredentialStore(client, source, timer);
        this.managed = new ManagedObjects(client, this::objectChanged, new ManagedObjects.Health() {
            @Override
            public void failed(String kind, Optional<String> namespace, Throwable problem) {
                source.health().failed(kind, namespace, problem);
            }

            @Override
            public void heard(String kind, Optional<String> namespace) {
                source.health().heard(kind, namespace);
            }
        });
        KubernetesClient patient = KubernetesClients.patient(client, QuietWrites.PATIENCE);
        this.board = new StatusBoard(
                patient,
                key -> source.state().objects().get(key),
                clock,
                timer,
                ObjectNames.NARTHEX
                        + settings.operatorClass().map(name -> "-" + name).orElse(""));
        DeploymentFactory deployments =
                new DeploymentFactory(settings.deployments(), client.getKubernetesSerialization());
        this.parts = new OperatorParts(
                patient, settings, compiler, source, credentials, managed, deployments, board, clock, timer, random);
        this.bindings = new DiscoveryBindings(patient, settings, deployments, this::others, timer, loop::wake);
        this.nobody = new Nobody(settings.consent());
        for (Optional<String> namespace : settings.scope().watched()) {
            if (settings.watchSecrets()) {
                watches.add(new MetadataWatch(client, "Secret", "secrets", namespace, secrets(), source.health()));
            }
            watches.add(new MetadataWatch(
                    client, "ConfigMap", "configmaps", namespace, credentials.listener(true), source.health()));
        }
    }

    /**
     * Begins; blocks until everything that exists has been seen. One of several namespaces that stays closed to it doesn't
     * keep it from the others: what runs there is left as it is until all of it can be seen.
     */
    public void start() throws InterruptedException {
        board.start();
        for (Optional<String> part : settings.scope().watched()) {
            List<CompletableFuture<Void>> starts = new ArrayList<>(List.of(source.start(part), managed.start(part)));
            watches.stream()
                    .filter(watch -> watch.namespace().equals(part))
                    .forEach(watch -> starts.add(watch.start()));
            seen.put(part, CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new)));
        }
        awaitSeen();
        LOG.info("Watching {} resources", source.state().inventory().resources().size());
        recheckAt = timer.instant().plus(settings.recheck());
        bindings.start();
        loop.start();
        started = true;
        seen.forEach((part, whole) -> {
            if (!whole.isDone()) {
                LOG.warn(
                        "The namespace {} can't be watched: what is declared there doesn't count, and what runs there"
                                + " is left as it is, until it can be",
                        part.orElse(""));
                var _ = whole.thenRun(this::wake);
            }
        });
    }

    /** Rights that come a moment later are waited for: a server that sees several namespaces would lose the rest. */
    private void awaitSeen() throws InterruptedException {
        Executor later = CompletableFuture.delayedExecutor(settings.recheck().toMillis(), TimeUnit.MILLISECONDS);
        List<CompletableFuture<?>> decided = new ArrayList<>();
        seen.forEach((part, whole) -> decided.add(
                CompletableFuture.anyOf(whole, source.health().refused(part).thenRunAsync(() -> {}, later))));
        try {
            CompletableFuture.allOf(decided.toArray(CompletableFuture[]::new)).get();
            CompletableFuture.anyOf(seen.values().toArray(CompletableFuture[]::new))
                    .get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("a watch ended that is to go on for ever", e);
        }
    }

    /** Whether all that exists in a namespace has been seen, so that nothing is missing there. */
    private boolean isSeen(String namespace) {
        CompletableFuture<Void> whole = seen.get(Optional.of(namespace));
        return whole == null || whole.isDone();
    }

    /** Returns whether everything that existed at the start, and that it may see, has been seen. */
    public boolean isStarted() {
        return started;
    }

    private StatusBoard board() {
        return board;
    }

    /** Returns what is watched. */
    public ClusterSource source() {
        return source;
    }

    /** Returns what it said of the readiness of each resource. */
    public Map<ResourceKey, Readiness> readiness() {
        return board.readiness();
    }

    /** Users' Secrets are read where they are asked for; a server's own are compared with what was written. */
    private MetadataWatch.Listener secrets() {
        MetadataWatch.Listener users = credentials.listener(false);
        return new MetadataWatch.Listener() {
            @Override
            public void present(String namespace, String name, String resourceVersion) {
                users.present(namespace, name, resourceVersion);
                reconcilersOf(namespace).forEach(one -> one.secretChanged(name, resourceVersion));
            }

            @Override
            public void gone(String namespace, String name) {
                users.gone(namespace, name);
                reconcilersOf(namespace).forEach(one -> one.secretChanged(name, ""));
            }

            @Override
            public void listing() {
                users.listing();
            }

            @Override
            public void listed() {
                users.listed();
                reconcilers.values().forEach(ServerReconciler::secretsUnknown);
            }
        };
    }

    private Stream<ServerReconciler> reconcilersOf(String namespace) {
        return reconcilers.entrySet().stream()
                .filter(entry -> entry.getKey().namespace().equals(namespace))
                .map(Map.Entry::getValue);
    }

    private void objectChanged(String namespace, String base) {
        reconcilers.forEach((key, reconciler) -> {
            if (key.namespace().equals(namespace) && ObjectNames.of(key).base().equals(base)) {
                reconciler.objectChanged();
            }
        });
    }

    private void wake() {
        loop.wake();
        // They gather what follows by themselves, so that nothing waits twice.
        reconcilers.values().forEach(ServerReconciler::wake);
    }

    private Instant round() throws InterruptedException {
        Instant now = timer.instant();
        if (!now.isBefore(recheckAt)) {
            recheckAt = now.plus(settings.recheck());
            source.recheck();
            bindings.restore();
            if (!settings.watchSecrets()) {
                credentials.poll();
                reconcilers.values().forEach(ServerReconciler::secretsUnknown);
            }
        }
        look();
        reconcilers.forEach((key, reconciler) -> reconciler.bindings(bindings.obstacle(key)));
        return recheckAt;
    }

    private void look() {
        // Before it is looked at which servers there are: one of a part that is seen whole meanwhile isn't another's.
        List<ResourceKey> silents = board.silent().stream()
                .filter(server -> isSeen(server.namespace()))
                .toList();
        ClusterState state = source.state();
        Inventory inventory = state.inventory();
        List<Declared<PrometheusServerSpec>> all = servers(inventory);
        List<Declared<PrometheusServerSpec>> ours = all.stream()
                .filter(server -> isOurs(server.spec()) && isSeen(server.key().namespace()))
                .toList();
        Set<ResourceKey> unread = unread(state);
        long closed = seen.values().stream().filter(whole -> !whole.isDone()).count();
        boolean changed = follow(ours, state) || !unread.equals(unknown) || closed != unseen;
        Map<ResourceKey, List<String>> before = accounts;
        accounts = accounts();
        unknown = unread;
        unseen = closed;
        if (changed || !accounts.equals(before) || !sameNamespaces(inventory)) {
            bindings.reconcile(accounts, paused(ours), inventory);
        }
        state.unreadable().differences(unreadable, (key, was, why) -> {
            // Of a server that could be read before its reconciler speaks; whose another one is can't be told.
            if (!key.isServer()
                    || (settings.operatorClass().isEmpty()
                            && inventory.find(key).isEmpty())) {
                board.unreadable(key, Optional.ofNullable(why));
            } else if (why == null && !reconcilers.containsKey(key)) {
                // It can be read by now, and is another's.
                board.release(key);
            }
        });
        for (ResourceKey silent : silents) {
            if (!reconcilers.containsKey(silent) && !unknown.contains(silent)) {
                board.spoken(silent);
                board.release(silent);
            }
        }
        tellTheUnselected(all, state, changed || !all.equals(servers));
        looked = inventory;
        servers = all;
        unreadable = state.unreadable();
    }

    private static Set<ResourceKey> unread(ClusterState state) {
        return state.unreadable()
                .keys()
                .filter(key -> key.isServer() && state.inventory().find(key).isEmpty())
                .collect(Collectors.toSet());
    }

    /** Servers that others take care of by now. From any thread. */
    private Set<ResourceKey> others() {
        ClusterState newest = source.state();
        return Stream.concat(newest.inventory().servers().map(Declared::key), unread(newest).stream())
                .filter(key -> !reconcilers.containsKey(key))
                .collect(Collectors.toSet());
    }

    private Map<ResourceKey, List<String>> accounts() {
        Map<ResourceKey, List<String>> found = new HashMap<>();
        reconcilers.forEach((key, reconciler) -> found.put(key, reconciler.accounts()));
        found.values().removeIf(List::isEmpty);
        return Map.copyOf(found);
    }

    private static Set<ResourceKey> paused(List<Declared<PrometheusServerSpec>> servers) {
        return servers.stream()
                .filter(server -> server.spec().paused())
                .map(Declared::key)
                .collect(Collectors.toSet());
    }

    private List<Declared<PrometheusServerSpec>> servers(Inventory inventory) {
        List<ResourceKey> changed = new ArrayList<>();
        inventory.resources().differences(looked.resources(), (key, before, after) -> {
            if (key.isServer()) {
                changed.add(key);
            }
        });
        return changed.isEmpty() ? servers : inventory.servers().toList();
    }

    @SuppressWarnings("ReferenceEquality") // Versions of a map that share everything are one instance.
    private boolean sameNamespaces(Inventory inventory) {
        return looked.namespaces() == inventory.namespaces();
    }

    private boolean isOurs(PrometheusServerSpec spec) {
        return Optional.ofNullable(spec.operatorClass()).equals(settings.operatorClass());
    }

    /** Has a reconciler for each server; returns whether a server came, went or changed. */
    private boolean follow(List<Declared<PrometheusServerSpec>> ours, ClusterState state) {
        boolean changed = false;
        Map<ResourceKey, String> uids = new HashMap<>();
        for (Declared<PrometheusServerSpec> server : ours) {
            state.objects().get(server.key()).ifPresent(object -> uids.put(server.key(), object.uid()));
            changed |= !Objects.equals(looked.find(server.key()).map(Declared::spec), Optional.of(server.spec()));
        }
        for (ResourceKey key : Set.copyOf(reconcilers.keySet())) {
            ServerReconciler reconciler = reconcilers.get(key);
            if (reconciler != null && !reconciler.uid().equals(uids.get(key))) {
                LOG.info("{} is gone, or another operator's", key);
                reconcilers.remove(key);
                reconciler.close();
                withdrawn(key, state);
                changed = true;
            }
        }
        uids.forEach((key, uid) -> {
            if (!reconcilers.containsKey(key)) {
                LOG.info("{} is taken care of", key);
                ServerReconciler reconciler = new ServerReconciler(key, uid, parts, loop::wake);
                reconcilers.put(key, reconciler);
                board.take(key);
                reconciler.start();
            }
        });
        return changed;
    }

    private void withdrawn(ResourceKey server, ClusterState state) {
        board.release(server);
        state.inventory().resources().forEach((key, resource) -> {
            if (!key.isServer()) {
                board.withdraw(key, server);
            }
        });
    }

    /** Looks at those only that changed, or whose namespaces did, unless a server did. Servers of other classes count, too. */
    private void tellTheUnselected(List<Declared<PrometheusServerSpec>> all, ClusterState state, boolean anew) {
        if (settings.operatorClass().isPresent()) {
            // Of what nobody takes, one operator is enough to speak.
            return;
        }
        Set<ResourceKey> keys = new HashSet<>();
        BucketMap<ResourceKey, Declared<?>> earlier = anew ? BucketMap.empty() : looked.resources();
        state.inventory().resources().differences(earlier, (key, was, now) -> keys.add(key));
        keys.addAll(state.inventory().inNamespacesOtherThan(looked));
        for (ResourceKey key : keys) {
            if (!key.isServer() && isSeen(key.namespace())) {
                state.inventory()
                        .find(key)
                        .map(resource -> nobody.why(resource, state.inventory(), all))
                        // A server that can't be read may take it.
                        .filter(why -> why.isEmpty() || unknown.isEmpty())
                        .ifPresent(why -> board.unselected(key, why));
            }
        }
    }

    @Override
    public void close() {
        loop.close();
        bindings.close();
        reconcilers.values().forEach(ServerReconciler::close);
        reconcilers.clear();
        watches.forEach(MetadataWatch::close);
        managed.close();
        credentials.close();
        source.close();
        board.close();
    }
}
