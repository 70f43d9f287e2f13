package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Writes into configuration Secrets, each at once or not at all: a write names the version that it expects, and fails where
 * another came meanwhile.
 */
final class SecretWriter {

    private static final int WRITES_AT_ONCE = 8;

    private final ServerSecrets server;
    private final SecretNames names;
    private final SeenSecrets seen;
    private final RandomGenerator random;

    SecretWriter(ServerSecrets server, SecretNames names, SeenSecrets seen, RandomGenerator random) {
        this.server = server;
        this.names = names;
        this.seen = seen;
        this.random = random;
    }

    /** What changes in one Secret. */
    static final class Write {
        private final Map<String, byte[]> put = new TreeMap<>();
        private final Map<String, String> digests = new TreeMap<>();
        private final List<String> remove = new ArrayList<>();

        void put(String path, String digest, byte[] bytes) {
            put.put(path, bytes);
            digests.put(path, digest);
        }

        boolean puts(String path) {
            return put.containsKey(path);
        }

        void remove(String path) {
            remove.add(path);
        }

        boolean isEmpty() {
            return put.isEmpty() && remove.isEmpty();
        }
    }

    /**
     * Writes into several Secrets of this kind, by their numbers.
     *
     * @throws NotAtHand where one is another's; others may be written then
     * @throws KubernetesClientException where the API server refuses; others may be written then
     */
    void write(SecretKind kind, Map<Integer, Write> writes) throws NotAtHand, InterruptedException {
        if (writes.isEmpty()) {
            return;
        }
        if (writes.size() == 1) {
            Map.Entry<Integer, Write> only = writes.entrySet().iterator().next();
            write(kind, only.getKey(), only.getValue());
            return;
        }
        Semaphore permits = new Semaphore(WRITES_AT_ONCE);
        List<Callable<Void>> calls = new ArrayList<>();
        writes.forEach((number, write) -> calls.add(() -> {
            permits.acquire();
            try {
                write(kind, number, write);
                return null;
            } finally {
                permits.release();
            }
        }));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            rethrow(threads.invokeAll(calls));
        }
    }

    private static void rethrow(Collection<Future<Void>> done) throws NotAtHand, InterruptedException {
        for (Future<Void> one : done) {
            try {
                one.get();
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case KubernetesClientException refused -> throw refused;
                    case NotAtHand why -> throw why;
                    case null, default -> throw new IllegalStateException(e);
                }
            }
        }
    }

    /** Writes into one Secret: all that changes, and takes out what another wrote into it. */
    void write(SecretKind kind, int number, Write write) throws NotAtHand, InterruptedException {
        Optional<String> others = seen.foreign(kind, number);
        if (others.isPresent()) {
            throw new NotAtHand(others.get());
        }
        Optional<SeenSecret> before = seen.find(kind, number);
        TreeMap<String, Listing.Entry> files =
                new TreeMap<>(seen.listing(kind, number).files());
        write.remove.forEach(files::remove);
        Map<String, @Nullable String> data = new TreeMap<>();
        write.remove.forEach(path -> data.put(path, null));
        before.ifPresent(one -> one.damaged().forEach(path -> data.put(path, null)));
        write.put.forEach((path, bytes) -> {
            String digest = String.valueOf(write.digests.get(path));
            data.put(path, SecretData.encoded(bytes));
            files.put(
                    path,
                    // A copy has the stamp of its original: where it is seen from makes no difference.
                    seen.listed(path, digest)
                            .orElseGet(
                                    () -> new Listing.Entry(digest, SecretData.sha256(bytes), bytes.length, nonce())));
        });
        Listing listing = new Listing(nonce(), files);
        data.put(Arrivals.listing(kind, number), SecretData.encoded(listing.toBytes()));
        if (kind.mounted()) {
            data.put(
                    Arrivals.key(kind, number),
                    SecretData.encoded(Arrival.of(listing).toBytes()));
        }
        try {
            String version = before.isEmpty()
                    ? create(kind, number, data)
                    : server.merge(names.name(kind, number), before.get().resourceVersion(), data);
            seen.wrote(kind, number, version, listing);
        } catch (KubernetesClientException e) {
            // Whether it was written or not, what is there must be read.
            seen.doubtAll();
            throw e;
        }
    }

    private String create(SecretKind kind, int number, Map<String, @Nullable String> data) {
        data.values().removeIf(Objects::isNull);
        Secret secret = server.empty(names.name(kind, number), SeenSecrets.COMPONENT);
        secret.setData(data);
        try {
            return server.create(secret);
        } catch (KubernetesClientException e) {
            if (e.getCode() == 409) {
                // It isn't listed: is it another's, or did somebody take its labels away?
                seen.doubt(kind, number);
            }
            throw e;
        }
    }

    private String nonce() {
        return HexFormat.of().toHexDigits(random.nextLong());
    }
}
