package io.narthex.source.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import java.nio.charset.StandardCharsets;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the Secrets and ConfigMaps that servers ask for, no others, and of those no entry that nobody asks for; reads
 * them anew when they change. What it finds stands in the {@link ClusterSource}'s inventory.
 */
public final class CredentialStore {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialStore.class);

    private final KubernetesClient client;
    private final ClusterSource source;

    // Guarded by this.
    private final Map<ResourceKey, BucketMap<SecretId, Integer>> asked = new HashMap<>();
    private final Map<SecretId, Integer> counts = new HashMap<>();
    private final Map<ObjectName, Set<SecretId>> entries = new HashMap<>();
    private final Map<ObjectName, String> versions = new HashMap<>();

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

    /**
     * Makes a store.
     *
     * @param client asks the API server; not closed here
     * @param source whose inventory holds what is found
     */
    public CredentialStore(KubernetesClient client, ClusterSource source) {
        this.client = client;
        this.source = source;
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
                        ObjectName object = ObjectName.of(id);
                        entries.computeIfAbsent(object, o -> new TreeSet<>()).add(id);
                        versions.remove(object);
                    }
                } else if (is == null && counts.merge(id, -1, Integer::sum) == 0) {
                    dropped.add(id);
                }
            });
            dropped.forEach(this::drop);
            wanted.keys()
                    .map(ObjectName::of)
                    .filter(object -> !versions.containsKey(object))
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
        Set<SecretId> rest = entries.get(object);
        if (rest != null) {
            rest.remove(id);
            if (rest.isEmpty()) {
                entries.remove(object);
                versions.remove(object);
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
        return entries.keySet().stream()
                .filter(object -> object.configMap() == configMaps)
                .toList();
    }

    private void changed(ObjectName object, String version) {
        synchronized (this) {
            if (!entries.containsKey(object) || version.equals(versions.get(object))) {
                return;
            }
        }
        Thread.ofVirtual().name("read-credential").start(() -> {
            try {
                read(Set.of(object)).ifPresent(problem -> LOG.warn("{}", problem));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Optional<String> read(Set<ObjectName> objects) throws InterruptedException {
        if (objects.isEmpty()) {
            return Optional.empty();
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Optional<String>>> reads = new ArrayList<>();
            objects.forEach(object -> reads.add(() -> read(object)));
            Optional<String> problem = Optional.empty();
            for (Future<Optional<String>> read : threads.invokeAll(reads)) {
                problem = problem.or(() -> result(read));
            }
            return problem;
        }
    }

    private static Optional<String> result(Future<Optional<String>> read) {
        try {
            return read.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<String> read(ObjectName object) {
        try {
            if (object.configMap()) {
                ConfigMap found = client.configMaps()
                        .inNamespace(object.namespace())
                        .withName(object.name())
                        .get();
                Map<String, SecretValue> values = new HashMap<>();
                if (found != null && found.getData() != null) {
                    found.getData().forEach((key, text) -> values.put(key, SecretValue.of(text)));
                }
                take(object, found == null ? "" : found.getMetadata().getResourceVersion(), values);
            } else {
                Secret found = client.secrets()
                        .inNamespace(object.namespace())
                        .withName(object.name())
                        .get();
                Map<String, SecretValue> values = new HashMap<>();
                if (found != null && found.getData() != null) {
                    found.getData()
                            .forEach((key, data) -> values.put(
                                    key,
                                    SecretValue.of(
                                            Base64.getDecoder().decode(data.getBytes(StandardCharsets.US_ASCII)))));
                }
                take(object, found == null ? "" : found.getMetadata().getResourceVersion(), values);
            }
            return Optional.empty();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 403) {
                // Without the right to it, it is as if it weren't there; to be asked again when it changes.
                LOG.warn("{} may not be read", object);
                take(object, "", Map.of());
                return Optional.empty();
            }
            return Optional.of(object + " can't be read: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private void take(ObjectName object, String version, Map<String, SecretValue> values) {
        Set<SecretId> wanted;
        synchronized (this) {
            Set<SecretId> ids = entries.get(object);
            if (ids == null) {
                return;
            }
            versions.put(object, version);
            wanted = Set.copyOf(ids);
        }
        for (SecretId id : wanted) {
            SecretValue value = values.get(id.key());
            source.change(now -> value != null
                    ? now.with(id, value)
                    : now.inventory().secret(id).isPresent() ? now.without(id) : now);
        }
    }
}
