package io.narthex.source.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.time.Backoff;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the Secrets and ConfigMaps that servers ask for, no others, and of those no entry that nobody asks for; reads
 * them anew when they change. What it finds stands in the {@link ClusterSource}'s inventory.
 */
public final class CredentialStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialStore.class);

    /** What couldn't be read is read again, after ever longer pauses. */
    private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    /** What the API server fails to give out for so long isn't waited for any more. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** A right that is missing for so long was withdrawn; one that is bound anew, or isn't known yet, comes back sooner. */
    private static final Duration UNTIL_WITHDRAWN = Duration.ofSeconds(10);

    /** After so long it is looked whether the right is still missing. */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(5);

    /** The version of what isn't waited for. */
    private static final String UNREAD = "unread";

    private final KubernetesClient client;
    private final ClusterSource source;
    private final InstantSource timer;

    // Guarded by this.
    private final Map<ResourceKey, BucketMap<SecretId, Integer>> asked = new HashMap<>();
    private final Map<SecretId, Integer> counts = new HashMap<>();
    private final Map<ObjectName, Wanted> objects = new HashMap<>();
    private boolean closed;

    /** A Secret or ConfigMap. */
    private record ObjectName(boolean configMap, String namespace, String name) {
        static ObjectName of(SecretId id) {
            return new ObjectName(id.isConfigMap(), id.namespace(), id.objectName());
        }

        @Override
        public String toString() {
            return (configMap ? "ConfigMap " : "Secret ") + namespace + "/" + name;
        }
    }

    /** An object of which somebody asks for entries. All but {@code turn} is guarded by the store. */
    private static final class Wanted {
        /** One reads at a time, so that an older answer never comes after a newer one. */
        final ReentrantLock turn = new ReentrantLock();

        final Set<SecretId> ids = new TreeSet<>();
        /** The version that was read, which is empty where there is none. */
        @Nullable
        String version;
        /** How often it was said to have changed. */
        long changes;
        /** Ends the pause before the next read. */
        final Semaphore told = new Semaphore(0);
        /** Since when the API server fails to give it out. */
        @Nullable
        Instant failingSince;
        /** Since when the API server gives no other answer than that the right to it is missing. */
        @Nullable
        Instant forbiddenSince;

        boolean isFollowed;
    }

    /**
     * Makes a store.
     *
     * @param client asks the API server; not closed here
     * @param source whose inventory holds what is found
     * @param timer tells how time passes
     */
    public CredentialStore(KubernetesClient client, ClusterSource source, InstantSource timer) {
        this.client = client;
        this.source = source;
        this.timer = timer;
    }

    /**
     * Says what a server asks for from now on, and waits until that was looked up.
     *
     * @return why something couldn't be looked up; empty where all was, whether it exists or not
     */
    public Optional<String> ask(ResourceKey server, BucketMap<SecretId, Integer> wanted) throws InterruptedException {
        Set<ObjectName> unread = new HashSet<>();
        synchronized (this) {
            BucketMap<SecretId, Integer> before = asked.getOrDefault(server, BucketMap.empty());
            asked.put(server, wanted);
            List<SecretId> dropped = new ArrayList<>();
            wanted.differences(before, (id, was, is) -> {
                if (was == null) {
                    if (counts.merge(id, 1, Integer::sum) == 1) {
                        Wanted object = objects.computeIfAbsent(ObjectName.of(id), o -> new Wanted());
                        object.ids.add(id);
                        object.version = null;
                    }
                } else if (is == null && counts.merge(id, -1, Integer::sum) == 0) {
                    dropped.add(id);
                }
            });
            dropped.forEach(this::drop);
            wanted.keys()
                    .map(ObjectName::of)
                    .filter(object -> {
                        Wanted found = objects.get(object);
                        return found != null && found.version == null;
                    })
                    .forEach(unread::add);
        }
        return read(unread);
    }

    /** Says that a server asks for nothing more. */
    public void forget(ResourceKey server) {
        synchronized (this) {
            BucketMap<SecretId, Integer> before = asked.remove(server);
            if (before != null) {
                before.keys().toList().forEach(id -> {
                    if (counts.merge(id, -1, Integer::sum) == 0) {
                        drop(id);
                    }
                });
            }
        }
    }

    private void drop(SecretId id) {
        counts.remove(id);
        ObjectName object = ObjectName.of(id);
        Wanted rest = objects.get(object);
        if (rest != null) {
            rest.ids.remove(id);
            if (rest.ids.isEmpty()) {
                objects.remove(object);
            }
        }
        source.change(now -> now.without(id));
    }

    /** Returns what is to be told of the versions of Secrets or ConfigMaps. */
    public MetadataWatch.Listener listener(boolean configMaps) {
        return new MetadataWatch.Listener() {

            private final Set<ObjectName> seen = new HashSet<>();
            private boolean listing;

            @Override
            public void present(String namespace, String name, String resourceVersion) {
                ObjectName object = new ObjectName(configMaps, namespace, name);
                if (listing) {
                    seen.add(object);
                }
                changed(object, resourceVersion);
            }

            @Override
            public void gone(String namespace, String name) {
                changed(new ObjectName(configMaps, namespace, name), "");
            }

            @Override
            public void listing() {
                seen.clear();
                listing = true;
            }

            @Override
            public void listed() {
                listing = false;
                known(configMaps).stream()
                        .filter(object -> !seen.contains(object))
                        .forEach(object -> changed(object, ""));
                seen.clear();
            }
        };
    }

    /** Reads all Secrets that are asked for once more, since nobody tells of their changes. */
    public void poll() throws InterruptedException {
        read(Set.copyOf(known(false))).ifPresent(problem -> LOG.warn("{}", problem));
    }

    private synchronized List<ObjectName> known(boolean configMaps) {
        return objects.keySet().stream()
                .filter(object -> object.configMap() == configMaps)
                .toList();
    }

    private void changed(ObjectName object, String version) {
        synchronized (this) {
            Wanted wanted = objects.get(object);
            if (wanted == null || version.equals(wanted.version)) {
                return;
            }
            wanted.changes++;
            wanted.told.release();
            follow(object, wanted, Duration.ZERO);
        }
    }

    /** Has it read, after a while, until nothing changed meanwhile. To be called with the store's lock held. */
    private void follow(ObjectName object, Wanted wanted, Duration pause) {
        if (wanted.isFollowed || closed) {
            return;
        }
        wanted.isFollowed = true;
        Thread.ofVirtual().name("read-credential").start(() -> {
            try {
                catchUp(object, wanted, pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void catchUp(ObjectName object, Wanted wanted, Duration first) throws InterruptedException {
        Duration pause = first;
        boolean complained = false;
        while (true) {
            if (wanted.told.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                wanted.told.drainPermits();
            }
            long before;
            synchronized (this) {
                if (closed || objects.get(object) != wanted) {
                    return;
                }
                before = wanted.changes;
            }
            Result result = read(object);
            if (!result.known() && !complained) {
                complained = true;
                LOG.warn("{}; trying again", result.problem());
            }
            synchronized (this) {
                // A read that began after a change was told of shows it, or something newer.
                if (!result.again() && wanted.changes == before) {
                    wanted.isFollowed = false;
                    return;
                }
            }
            pause = result.again() ? PAUSES.next(pause) : Duration.ZERO;
        }
    }

    private Optional<String> read(Set<ObjectName> some) throws InterruptedException {
        if (some.isEmpty()) {
            return Optional.empty();
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Result>> reads = new ArrayList<>();
            some.forEach(object -> reads.add(() -> read(object)));
            Optional<String> problem = Optional.empty();
            for (Future<Result> read : threads.invokeAll(reads)) {
                Result result = result(read);
                problem = problem.or(() -> result.known() ? Optional.empty() : Optional.of(result.problem()));
            }
            return problem;
        }
    }

    /**
     * How a read ended.
     *
     * @param known whether it is known now what there is
     * @param problem what went wrong; empty where nothing did
     */
    private record Result(boolean known, String problem) {
        static final Result READ = new Result(true, "");

        /** Whether another read may find something else, though nobody told of a change. */
        boolean again() {
            return !problem.isEmpty();
        }
    }

    private static Result result(Future<Result> read) {
        try {
            return read.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Result read(ObjectName object) {
        Wanted wanted;
        synchronized (this) {
            wanted = objects.get(object);
        }
        if (wanted == null) {
            return Result.READ;
        }
        wanted.turn.lock();
        try {
            take(object, wanted, content(object));
            return Result.READ;
        } catch (KubernetesClientException e) {
            String problem = object + " can't be read: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            if (e.getCode() == 403) {
                forbidden(object, wanted, problem);
                return new Result(true, problem);
            }
            return new Result(isGivenUp(object, wanted, e), problem);
        } finally {
            wanted.turn.unlock();
        }
    }

    /**
     * Without the right to it, it is as if it weren't there; what is known of it counts until the right was missing for a while.
     * Nobody tells when the right is given.
     */
    private synchronized void forbidden(ObjectName object, Wanted wanted, String problem) {
        wanted.failingSince = null;
        if (wanted.forbiddenSince == null) {
            wanted.forbiddenSince = timer.instant();
        }
        boolean known = wanted.ids.stream()
                .anyMatch(id -> source.state().inventory().secret(id).isPresent());
        if (known && timer.instant().isBefore(wanted.forbiddenSince.plus(UNTIL_WITHDRAWN))) {
            if (wanted.version == null) {
                wanted.version = UNREAD;
            }
            follow(object, wanted, SECOND_LOOK);
            return;
        }
        if (known || !wanted.isFollowed) {
            LOG.warn("{}; it counts as missing until it may be read", problem);
        }
        take(object, wanted, new Content("", Map.of()));
        follow(object, wanted, PAUSES.longest());
    }

    /**
     * Whether an object that the API server fails to give out counts as it did last from now on, or as missing, so that it
     * keeps nothing else from being rolled out: such as a Secret whose encryption key is lost. One that answers nothing at
     * all, or gives out no other object either, is waited for.
     */
    private boolean isGivenUp(ObjectName object, Wanted wanted, KubernetesClientException e) {
        synchronized (this) {
            wanted.forbiddenSince = null;
            if (wanted.failingSince == null) {
                wanted.failingSince = timer.instant();
            }
            if (e.getCode() < 500 || timer.instant().isBefore(wanted.failingSince.plus(PATIENCE))) {
                return false;
            }
        }
        if (!isAnotherGivenOut(object)) {
            return false;
        }
        synchronized (this) {
            if (objects.get(object) != wanted) {
                return true;
            }
            String words = WatchHealth.Problem.of(e).message();
            for (SecretId id : wanted.ids) {
                source.change(
                        now -> now.withUnread(id, words.lines().findFirst().orElse("")));
            }
            if (wanted.version == null) {
                wanted.version = UNREAD;
            }
            if (!wanted.isFollowed) {
                LOG.warn(
                        "{} can't be read: {}; it counts as it did last, or as missing, until it can be",
                        object,
                        words);
            }
            follow(object, wanted, PAUSES.longest());
        }
        return true;
    }

    /** Where nothing else is asked for there is nothing to compare with. */
    private boolean isAnotherGivenOut(ObjectName failing) {
        Optional<ObjectName> other;
        synchronized (this) {
            other = objects.entrySet().stream()
                    .filter(entry -> entry.getKey().configMap() == failing.configMap()
                            && entry.getValue().failingSince == null
                            && !entry.getKey().equals(failing))
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
        try {
            other.ifPresent(object -> content(object));
            return true;
        } catch (KubernetesClientException e) {
            return e.getCode() == 403;
        }
    }

    private Content content(ObjectName object) {
        return object.configMap() ? configMap(object) : secret(object);
    }

    /** What an object holds, in a version; empty where there is none. */
    private record Content(String version, Map<String, SecretValue> values) {}

    private Content configMap(ObjectName object) {
        ConfigMap found = client.configMaps()
                .inNamespace(object.namespace())
                .withName(object.name())
                .get();
        Map<String, SecretValue> values = new HashMap<>();
        if (found != null && found.getBinaryData() != null) {
            values.putAll(decoded(found.getBinaryData()));
        }
        if (found != null && found.getData() != null) {
            found.getData().forEach((key, text) -> values.put(key, SecretValue.of(text)));
        }
        return new Content(found == null ? "" : found.getMetadata().getResourceVersion(), values);
    }

    private Content secret(ObjectName object) {
        Secret found = client.secrets()
                .inNamespace(object.namespace())
                .withName(object.name())
                .get();
        Map<String, SecretValue> values =
                found == null || found.getData() == null ? Map.of() : decoded(found.getData());
        return new Content(found == null ? "" : found.getMetadata().getResourceVersion(), values);
    }

    private static Map<String, SecretValue> decoded(Map<String, String> data) {
        Map<String, SecretValue> values = new HashMap<>();
        data.forEach((key, text) ->
                values.put(key, SecretValue.of(Base64.getDecoder().decode(text.getBytes(StandardCharsets.US_ASCII)))));
        return values;
    }

    private void take(ObjectName object, Wanted wanted, Content content) {
        synchronized (this) {
            if (objects.get(object) != wanted) {
                return;
            }
            wanted.version = content.version();
            wanted.failingSince = null;
            wanted.forbiddenSince = null;
            for (SecretId id : wanted.ids) {
                SecretValue value = content.values().get(id.key());
                source.change(now -> value != null
                        ? now.with(id, value)
                        : now.inventory().secret(id).isPresent()
                                        || now.unread().get(id).isPresent()
                                ? now.without(id)
                                : now);
            }
        }
    }

    /** Ends what still waits to read something once more. */
    @Override
    public synchronized void close() {
        closed = true;
    }
}
