package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.kubernetes.ApiServerWords;
import io.narthex.rollout.Bell;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.ForcedApply;
import io.narthex.rollout.kubernetes.NotOurs;
import io.narthex.rollout.kubernetes.ObjectNames;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bindings that let servers discover targets outside their own namespaces. No owner can stand in another namespace,
 * so what is no longer wanted is found by its labels and deleted. Several are written at once, in threads of their own, and
 * each that fails is tried again by itself: an admission webhook that doesn't answer holds the API server up for half a minute.
 *
 * <p>Any thread may call any method; none but {@link #close} waits.
 */
final class DiscoveryBindings implements AutoCloseable {

    private static final int RESTORES_OF_A_LOOK = 10;

    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryBindings.class);

    /** So many that are somebody else's are named in a server's status. */
    private static final int MOST = 3;

    private final KubernetesClient client;
    private final ForcedApply apply;
    private final OperatorSettings settings;
    private final DeploymentFactory factory;
    private final Supplier<Set<ResourceKey>> others;
    private final InstantSource timer;
    private final Runnable changed;
    private final Bell bell;
    private final Thread thread;

    // Guarded by this.
    private final BindingQueue queue = new BindingQueue();
    private final Set<Thread> writers = new HashSet<>();
    private final Map<String, String> complaints = new HashMap<>();
    /** What stands under the names of some and is somebody else's, in words; by what is wanted there. */
    private final Map<String, Foreign> foreign = new TreeMap<>();

    /** The names of those that were left alone as servers' of others. */
    private Set<String> spared = Set.of();

    private boolean swept;
    private boolean closed;
    private int restored;

    /**
     * A binding that is somebody else's.
     *
     * @param name its name
     * @param words what the server's status says of it
     */
    private record Foreign(String name, String words) {}

    /**
     * Makes one that asks nothing before {@link #start}.
     *
     * @param client asks the API server; not closed here
     * @param others returns, from any thread, the servers that other operators take care of by now, or that can't be read:
     *     what is theirs is left alone
     * @param timer tells how time passes
     * @param changed is called where {@link #obstacle} says something else than before
     */
    DiscoveryBindings(
            KubernetesClient client,
            OperatorSettings settings,
            DeploymentFactory factory,
            Supplier<Set<ResourceKey>> others,
            InstantSource timer,
            Runnable changed) {
        this.client = client;
        this.apply = new ForcedApply(client);
        this.settings = settings;
        this.factory = factory;
        this.others = others;
        this.timer = timer;
        this.changed = changed;
        this.bell = new Bell(timer);
        this.thread = Thread.ofVirtual().name("bindings").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /**
     * Has the bindings made that the servers need, and all others deleted.
     *
     * @param accounts all servers that this operator takes care of and that have pods or are to have some, with the service
     *     accounts as which those run or are to run, whatever a newer version asks for that isn't carried out
     * @param paused those of them that are left as they are: none is made or changed, but what isn't permitted any more goes
     */
    void reconcile(Map<ResourceKey, List<String>> accounts, Set<ResourceKey> paused, Inventory inventory) {
        List<HasMetadata> all = new ArrayList<>();
        List<HasMetadata> left = new ArrayList<>();
        accounts.forEach((server, its) -> {
            List<HasMetadata> wanted = paused.contains(server) ? left : all;
            ObjectNames names = ObjectNames.of(server);
            if (settings.consent().seesAll(server)) {
                if (settings.scope().isCluster()) {
                    wanted.add(everywhere(names, its));
                }
            } else {
                for (String namespace : settings.consent().consenting(server, inventory)) {
                    wanted.add(factory.roleBinding(names, its, namespace, names.elsewhere(), Optional.empty()));
                }
            }
        });
        Set<String> ofOthers = names(others.get());
        synchronized (this) {
            Instant now = timer.instant();
            queue.want(all, left, now);
            foreign.keySet().removeIf(name -> !queue.isWanted(name));
            // Without the cluster's namespaces none can have agreed, and nothing is there to delete.
            if (settings.scope().isCluster() && !(swept && ofOthers.containsAll(spared))) {
                queue.put(new BindingQueue.Look(), now);
            }
        }
        bell.ring();
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
    synchronized Optional<String> obstacle(ResourceKey server) {
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
     * Has all of them written once more, so that what others changed or deleted is as it was, but for what stands there by
     * now under a name of theirs and is somebody else's. Each tenth time those are looked for that nobody wants: a write that was
     * given up may have come late, and who restores a backup may bring some back.
     */
    void restore() {
        synchronized (this) {
            Instant now = timer.instant();
            queue.restore(now);
            restored++;
            if (settings.scope().isCluster() && restored % RESTORES_OF_A_LOOK == 0) {
                queue.put(new BindingQueue.Look(), now);
            }
        }
        bell.ring();
    }

    /** Returns whether nothing is under way, and nothing to be done before some time has passed. */
    synchronized boolean isThrough() {
        return queue.isThrough(timer.instant());
    }

    private void run() {
        try {
            do {
                bell.await(begin());
            } while (bell.hush());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins all that is to be done by now; returns when there will be more, unless somebody rings before. */
    private synchronized Instant begin() {
        Instant now = timer.instant();
        Optional<BindingQueue.Task> next = closed ? Optional.empty() : queue.next(now);
        while (next.isPresent()) {
            BindingQueue.Task task = next.get();
            Thread writer = Thread.ofVirtual().name("write-binding").unstarted(() -> take(task));
            writers.add(writer);
            writer.start();
            next = queue.next(now);
        }
        return queue.dueAfter(now);
    }

    private void take(BindingQueue.Task task) {
        boolean done = false;
        try {
            done = isDone(task);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("{} can't be written or deleted by a bug of Narthex; trying again", task.name(), e);
        } finally {
            synchronized (this) {
                writers.remove(Thread.currentThread());
                queue.ended(task, done, timer.instant());
            }
            bell.ring();
        }
    }

    /** Does it; returns whether that is over, and says why not, once until it is. */
    private boolean isDone(BindingQueue.Task task) {
        try {
            switch (task) {
                case BindingQueue.Look _ -> look();
                case BindingQueue.Delete(HasMetadata binding) -> delete(binding);
                case BindingQueue.Write(HasMetadata binding) -> write(binding);
                case BindingQueue.Leave _ -> {
                    // It is never due.
                }
            }
            synchronized (this) {
                complaints.remove(task.name());
            }
            return true;
        } catch (NotOurs e) {
            // The server says so, in its status and in the log.
            return false;
        } catch (KubernetesClientException e) {
            complain(task.name(), ApiServerWords.of(e));
            // In a namespace that goes, nothing is discovered soon, and nothing can be made any more.
            return isTerminating(e);
        }
    }

    private synchronized void complain(String what, String words) {
        if (!closed && !words.equals(complaints.put(what, words))) {
            LOG.warn("{}, by which a server discovers targets, can't be written or deleted: {}", what, words);
        }
    }

    private static boolean isTerminating(KubernetesClientException e) {
        return e.getStatus() != null
                && e.getStatus().getDetails() != null
                && e.getStatus().getDetails().getCauses().stream()
                        .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
    }

    private void write(HasMetadata binding) throws NotOurs {
        String what = BindingQueue.name(binding);
        try {
            apply.demandOwn(binding);
        } catch (NotOurs e) {
            note(what, Optional.of(new Foreign(binding.getMetadata().getName(), String.valueOf(e.getMessage()))));
            throw e;
        }
        note(what, Optional.empty());
        if (!isClosed()) {
            apply.write(binding);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void note(String what, Optional<Foreign> found) {
        Optional<Foreign> before;
        synchronized (this) {
            before = Optional.ofNullable(foreign.remove(what));
            found.filter(one -> queue.isWanted(what)).ifPresent(one -> foreign.put(what, one));
        }
        if (!before.equals(found)) {
            changed.run();
        }
    }

    /** Some time may have passed since nobody wanted it any more: it may be somebody else's by now. */
    private void delete(HasMetadata binding) {
        String name = binding.getMetadata().getName();
        if (names(others.get()).contains(name)) {
            synchronized (this) {
                spared = Stream.concat(spared.stream(), Stream.of(name)).collect(Collectors.toUnmodifiableSet());
            }
            return;
        }
        HasMetadata there = client.resource(binding).get();
        if (there != null && isOurs(there)) {
            client.resource(there)
                    .lockResourceVersion(there.getMetadata().getResourceVersion())
                    .delete();
        }
    }

    private static boolean isOurs(HasMetadata binding) {
        Map<String, String> labels = binding.getMetadata().getLabels();
        return labels != null
                && ObjectNames.NARTHEX.equals(labels.get(ObjectNames.MANAGED_BY))
                && labels.containsKey(ObjectNames.SERVER_NAMESPACE);
    }

    /** Finds what was left behind. */
    private void look() {
        List<HasMetadata> all = new ArrayList<>();
        all.addAll(client.rbac()
                .roleBindings()
                .inAnyNamespace()
                .withLabel(ObjectNames.MANAGED_BY, ObjectNames.NARTHEX)
                .withLabel(ObjectNames.SERVER_NAMESPACE)
                .list()
                .getItems());
        all.addAll(client.rbac()
                .clusterRoleBindings()
                .withLabel(ObjectNames.MANAGED_BY, ObjectNames.NARTHEX)
                .withLabel(ObjectNames.SERVER_NAMESPACE)
                .list()
                .getItems());
        // Looked at after the list, which shows those of servers that came meanwhile.
        Set<String> kept = names(others.get());
        synchronized (this) {
            Instant now = timer.instant();
            all.stream()
                    .filter(binding -> !queue.isWanted(BindingQueue.name(binding))
                            && !kept.contains(binding.getMetadata().getName()))
                    .forEach(binding -> queue.put(new BindingQueue.Delete(binding), now));
            spared = kept;
            swept = true;
        }
    }

    /** Ends; what is under way is given up, and nothing is written afterwards. */
    @Override
    public void close() {
        List<Thread> ending = new ArrayList<>();
        synchronized (this) {
            closed = true;
            ending.addAll(writers);
        }
        bell.close();
        ending.add(thread);
        ending.forEach(Thread::interrupt);
        try {
            for (Thread one : ending) {
                one.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ClusterRoleBinding everywhere(ObjectNames names, List<String> accounts) {
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
                .withSubjects(DeploymentFactory.subjects(names.namespace(), accounts))
                .build();
    }
}
