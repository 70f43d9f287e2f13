package io.narthex.source.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps of each object its name and version, which is what an informer needs to tell changes apart. What the objects
 * say is kept by those who are told of them, in the form that they need.
 */
final class StubStore<T extends HasMetadata> implements ItemStore<T> {

    private final ConcurrentHashMap<String, T> stubs = new ConcurrentHashMap<>();

    @Override
    public @Nullable T put(String key, T object) {
        T before = stubs.get(key);
        stubs.put(key, stub(object));
        return before;
    }

    /** The object itself is handed to handlers later on, so that another one must be made. */
    @SuppressWarnings("unchecked")
    private T stub(T object) {
        ObjectMeta full = object.getMetadata();
        ObjectMeta small = new ObjectMeta();
        small.setName(full.getName());
        small.setNamespace(full.getNamespace());
        small.setUid(full.getUid());
        small.setResourceVersion(full.getResourceVersion());
        try {
            T stub = (T) object.getClass().getDeclaredConstructor().newInstance();
            stub.setMetadata(small);
            return stub;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the Kubernetes model has public constructors", e);
        }
    }

    @Override
    public @Nullable T remove(String key) {
        return stubs.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return stubs.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return stubs.values().stream();
    }

    @Override
    public int size() {
        return stubs.size();
    }

    @Override
    public @Nullable T get(String key) {
        return stubs.get(key);
    }

    @Override
    public String getKey(T object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    @Override
    public boolean isFullState() {
        return false;
    }
}
