package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.narthex.rollout.Release;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The Secrets that hold a server's configuration. Knows what each holds without keeping it; a write names the version
 * that it expects, and fails where another came meanwhile. What another writes into them is noticed and no longer counts
 * as a file of ours.
 *
 * <p>For one thread, but for {@link #changed}.
 */
final class ConfigSecrets {

    static final String COMPONENT = "config";

    private static final int WRITES_AT_ONCE = 8;
    private static final int OWN_VERSIONS = 512;

    /** More isn't written in one with the index, since parts are written for good anyway; in bytes. */
    private static final long MOST_WITH_INDEX = 262_144;

    /**
     * So long after an index was written, every pod sees it whose kubelet brings anything: it looks at a pod each minute and a
     * half, and at Secrets as they were up to a minute before, where it doesn't watch them.
     */
    static final Duration INDEX_ARRIVES = Duration.ofMinutes(3);

    /** Stands for a version that isn't known. */
    private static final String ANY = "*";

    private final KubernetesClient client;
    private final ObjectNames names;
    private final OwnerReference owner;
    private final QuietWrites quiet;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final boolean lists;

    /** Their names by kind and number; making one takes longer than to look it up. */
    private final Map<SecretKind, List<String>> byKind = new EnumMap<>(SecretKind.class);

    private final Set<String> ours = new HashSet<>();
    /** The keys of their listings, by name. */
    private final Map<String, String> listings = new HashMap<>();

    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final Map<String, String> heard = new ConcurrentHashMap<>();
    /** Why a Secret of a name that is needed can't be written, by its name. */
    private final Map<String, String> foreign = new ConcurrentHashMap<>();

    private final Set<String> ownVersions =
            Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > OWN_VERSIONS;
                }
            }));
    private long changes;
    private Mounted mounted = new Mounted(-1, new TreeMap<>(), new TreeMap<>());
    /** The index as it was seen last, and since when; one that was there before counts from the first look. */
    private String indexVersion = ANY;

    private Instant indexSince = Instant.MAX;
    private volatile boolean loaded;
    private volatile boolean doubted;

    /** What was there after so many changes. */
    private record Mounted(long changes, SortedMap<String, Listing> listings, SortedMap<String, String> files) {}

    /**
     * What one holds.
     *
     * @param damaged what else is in it: files that another changed or added
     */
    private record Held(String resourceVersion, Listing listing, Set<String> damaged) {}

    ConfigSecrets(
            KubernetesClient client,
            ObjectNames names,
            OwnerReference owner,
            InstantSource clock,
            RandomGenerator random,
            boolean lists) {
        this.lists = lists;
        this.client = client;
        this.quiet = new QuietWrites(client);
        this.names = names;
        this.owner = owner;
        this.clock = clock;
        this.random = random;
        for (SecretKind kind : SecretKind.values()) {
            List<String> some = IntStream.range(0, kind.count())
                    .mapToObj(number -> names.secret(kind, number))
                    .toList();
            byKind.put(kind, some);
            ours.addAll(some);
            for (int number = 0; number < kind.count(); number++) {
                listings.put(some.get(number), Arrivals.listing(kind, number));
            }
        }
    }

    private String name(SecretKind kind, int number) {
        return byKind.getOrDefault(kind, List.of()).get(number);
    }

    /**
     * Says that a Secret of this name is there in another version; an empty one where it is gone. Returns whether another
     * may have written it. From any thread.
     */
    boolean changed(String name, String resourceVersion) {
        boolean isNews = ours.contains(name) && !ownVersions.contains(resourceVersion);
        if (isNews) {
            heard.put(name, resourceVersion);
        }
        return isNews;
    }

    /** Says that changes may have gone unheard: those that hold something are read anew. From any thread. */
    void unknown() {
        if (lists) {
            loaded = false;
        } else {
            doubted = true;
        }
    }

    /** Reads all of them where none was read yet, else those of which a change was heard. */
    void refresh() {
        if (doubted) {
            doubted = false;
            held.forEach((name, one) -> heard.putIfAbsent(name, ANY));
            foreign.forEach((name, why) -> heard.putIfAbsent(name, ANY));
        }
        if (!loaded) {
            loaded = true;
            Map<String, Held> found = new HashMap<>();
            foreign.clear();
            try {
                for (Secret secret : all()) {
                    if (isOwn(secret)) {
                        found.put(secret.getMetadata().getName(), read(secret));
                    }
                }
            } catch (KubernetesClientException e) {
                loaded = false;
                throw e;
            }
            held.clear();
            held.putAll(found);
            found.forEach(this::distrust);
            changes++;
        }
        for (Map.Entry<String, String> news : Map.copyOf(heard).entrySet()) {
            String name = news.getKey();
            String version = news.getValue();
            foreign.remove(name);
            Held known = held.get(name);
            if (!version.equals(known == null ? "" : known.resourceVersion()) && !ownVersions.contains(version)) {
                Secret secret = client.secrets()
                        .inNamespace(names.namespace())
                        .withName(name)
                        .get();
                if (secret == null || !isOwn(secret)) {
                    changes += held.remove(name) == null ? 0 : 1;
                } else if (known == null
                        || !known.resourceVersion().equals(secret.getMetadata().getResourceVersion())) {
                    Held now = read(secret);
                    held.put(name, now);
                    distrust(name, now);
                    changes++;
                }
            }
            heard.remove(name, version);
        }
        lookAtIndex();
    }

    private void lookAtIndex() {
        String version = indexVersion();
        if (!version.equals(indexVersion)) {
            indexVersion = version;
            indexSince = clock.instant();
        }
    }

    private String indexVersion() {
        Held index = held.get(name(SecretKind.INDEX, 0));
        return index == null ? "" : String.valueOf(index.resourceVersion());
    }

    /** Whether the server owns it; notes why it can't be written where not. */
    private boolean isOwn(Secret secret) {
        try {
            adopt(secret, COMPONENT);
            return true;
        } catch (NotOurs e) {
            foreign.put(secret.getMetadata().getName(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    /**
     * Has the server own a Secret that one of its name left.
     *
     * @throws NotOurs where it is somebody else's
     */
    void adopt(Secret there, String component) throws NotOurs {
        Secret wanted = empty(there.getMetadata().getName(), component);
        Ownership.demand(there, wanted);
        if (Ownership.isOrphan(there, wanted)) {
            Secret adopted = client.secrets()
                    .inNamespace(names.namespace())
                    .withName(there.getMetadata().getName())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), Json.owned(owner));
            there.getMetadata().setResourceVersion(adopted.getMetadata().getResourceVersion());
        }
    }

    /** Returns a Secret of the server's without content. */
    Secret empty(String name, String component) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(names.namespace())
                .withLabels(names.labels(component))
                .withOwnerReferences(owner)
                .endMetadata()
                .withType("Opaque")
                .build();
    }

    /**
     * A file of which another Secret holds something else may be seen as that: it counts as missing wherever it is, and is
     * written anew.
     */
    private void distrust(String name, Held now) {
        if (!now.damaged().isEmpty() && !isKept(name)) {
            held.replaceAll((other, one) -> isKept(other)
                    ? one
                    : new Held(one.resourceVersion(), one.listing().without(now.damaged()), one.damaged()));
        }
    }

    private boolean isKept(String name) {
        return byKind.getOrDefault(SecretKind.KEPT, List.of()).contains(name);
    }

    private List<Secret> all() {
        if (lists) {
            return client.secrets()
                    .inNamespace(names.namespace())
                    .withLabels(names.labels(COMPONENT))
                    .list()
                    .getItems();
        }
        return ours.stream()
                .flatMap(name ->
                        Optional.ofNullable(client.secrets()
                                        .inNamespace(names.namespace())
                                        .withName(name)
                                        .get())
                                .stream())
                .toList();
    }

    /** Takes for present only what is there, byte for byte: what is damaged counts as absent, and is written over. */
    private Held read(Secret secret) {
        Map<String, String> data = Optional.ofNullable(secret.getData()).orElse(Map.of());
        String version = secret.getMetadata().getResourceVersion();
        String listed = listings.getOrDefault(secret.getMetadata().getName(), "");
        Listing listing = content(data, listed).flatMap(ConfigSecrets::parse).orElse(Listing.EMPTY);
        TreeMap<String, Listing.Entry> files = new TreeMap<>();
        listing.files()
                .forEach((path, entry) -> content(data, path)
                        .filter(bytes ->
                                bytes.length == entry.size() && sha256(bytes).equals(entry.sha256()))
                        .ifPresent(bytes -> files.put(path, entry)));
        Set<String> damaged = data.keySet().stream()
                .filter(key -> !Arrivals.isOurs(key) && !files.containsKey(key))
                .collect(Collectors.toUnmodifiableSet());
        return new Held(version, new Listing(listing.version(), files), damaged);
    }

    private static Optional<Listing> parse(byte[] bytes) {
        try {
            return Optional.of(Listing.parse(bytes));
        } catch (IllegalArgumentException e) {
            // Another wrote it: then nothing in that Secret counts as ours.
            return Optional.empty();
        }
    }

    /** Returns the digests of all files that pods see, by path. */
    SortedMap<String, String> files() {
        return newest().files();
    }

    /** Returns the listings of the Secrets that pods see, by the name under which a pod shows them. */
    SortedMap<String, Listing> mounted() {
        return newest().listings();
    }

    private Mounted newest() {
        // Before what it counts is looked at: what changes meanwhile is then looked at again.
        long counted = changes;
        if (mounted.changes() != counted) {
            SortedMap<String, Listing> listings = lookAtMounted();
            TreeMap<String, String> files = new TreeMap<>();
            listings.values()
                    .forEach(listing -> listing.files().forEach((path, entry) -> files.put(path, entry.digest())));
            mounted = new Mounted(
                    counted, Collections.unmodifiableSortedMap(listings), Collections.unmodifiableSortedMap(files));
        }
        return mounted;
    }

    private SortedMap<String, Listing> lookAtMounted() {
        TreeMap<String, Listing> listings = new TreeMap<>();
        for (SecretKind kind : SecretKind.values()) {
            if (kind.mounted()) {
                for (int number = 0; number < kind.count(); number++) {
                    Held one = held.get(name(kind, number));
                    if (one != null && !one.listing().version().isEmpty()) {
                        listings.put(Arrivals.name(kind, number), one.listing());
                    }
                }
            }
        }
        return listings;
    }

    /** Returns a name for the number of changes seen so far. */
    String version() {
        return Long.toString(changes);
    }

    private Listing listing(SecretKind kind, int number) {
        Held one = held.get(name(kind, number));
        return one == null ? Listing.EMPTY : one.listing();
    }

    /** Returns whether a Secret of this kind holds the file. */
    boolean holds(SecretKind kind, String path, String digest) {
        return holder(kind, path, digest).isPresent();
    }

    private OptionalInt holder(SecretKind kind, String path, String digest) {
        return IntStream.range(0, kind.count())
                .filter(number -> {
                    Listing.Entry entry = listing(kind, number).files().get(path);
                    return entry != null && entry.digest().equals(digest);
                })
                .findFirst();
    }

    /** Returns those of the files, by path, that no Secret holds that pods see. */
    SortedMap<String, String> missing(Map<String, String> wanted) {
        TreeMap<String, String> missing = new TreeMap<>(wanted);
        missing.entrySet().removeIf(file -> file.getValue().equals(files().get(file.getKey())));
        return missing;
    }

    /** Returns the listing of the Secret that holds this part for good, by its name in {@link #mounted}. */
    Optional<String> original(String path, String digest) {
        OptionalInt number = holder(SecretKind.PART, path, digest);
        return number.isPresent() ? Optional.of(Arrivals.name(SecretKind.PART, number.getAsInt())) : Optional.empty();
    }

    /** A write to one Secret. */
    private static final class Write {
        final Map<String, byte[]> put = new TreeMap<>();
        final Map<String, String> digests = new TreeMap<>();
        final List<String> remove = new ArrayList<>();

        boolean isEmpty() {
            return put.isEmpty() && remove.isEmpty();
        }
    }

    /**
     * Publishes, and makes room where there is none: while nothing can be verified, nothing gets obsolete, and each change
     * leaves its parts behind. All those go that no pod may load any more.
     *
     * @param needed files that stay, whether an index names them or not
     * @throws RoomLater where there is no room yet
     * @throws NotAtHand where a content is nowhere to be found, or what stays leaves no room
     */
    void publish(SecretKind kind, Map<String, String> wanted, Content content, Set<String> obsolete, Set<String> needed)
            throws NotAtHand, InterruptedException {
        try {
            publish(kind, wanted, content, obsolete);
        } catch (NoRoom e) {
            Optional<String> index = loadableIndex();
            if (index.isEmpty()) {
                throw new RoomLater(String.valueOf(e.getMessage()), indexSince.plus(INDEX_ARRIVES));
            }
            remove(
                    kind,
                    path -> Placement.isNamedByContent(path)
                            && !needed.contains(path)
                            && !index.get().contains(path));
            try {
                publish(kind, wanted, content, obsolete);
            } catch (NoRoom still) {
                throw new NotAtHand(still.getMessage()
                        + ". They hold the new configuration, the one that pods load, and the last good one, and nothing"
                        + " else: have several PrometheusServers each take some of the Monitors");
            }
        }
    }

    /**
     * Returns the text of the only index that a pod may load; empty where a pod may yet load another than the published one. A
     * pod loses a file only when its kubelet brings what is written, and then it brings the index, too.
     */
    private Optional<String> loadableIndex() {
        lookAtIndex();
        if (clock.instant().isBefore(indexSince.plus(INDEX_ARRIVES))) {
            return Optional.empty();
        }
        String name = name(SecretKind.INDEX, 0);
        @Nullable
        Secret secret =
                client.secrets().inNamespace(names.namespace()).withName(name).get();
        if (!indexVersion()
                .equals(
                        secret == null
                                ? ""
                                : String.valueOf(secret.getMetadata().getResourceVersion()))) {
            heard.put(name, ANY);
            // The other one will be seen with the next look.
            indexSince = clock.instant();
            return Optional.empty();
        }
        return Optional.of(Optional.ofNullable(secret)
                .map(Secret::getData)
                .flatMap(data -> content(data, Release.INDEX))
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse(""));
    }

    /**
     * Writes those of the files that aren't there with this content, each Secret at once or not at all.
     *
     * @param obsolete files that are deleted, if they lie in Secrets that are written
     * @throws NotAtHand where a content is nowhere to be found, or there is no room; nothing is written then
     * @throws KubernetesClientException where the API server refuses
     */
    void publish(SecretKind kind, Map<String, String> wanted, Content content, Set<String> obsolete)
            throws NotAtHand, InterruptedException {
        if (wanted.isEmpty()) {
            return;
        }
        List<Listing> listings = IntStream.range(0, kind.count())
                .mapToObj(number -> listing(kind, number).without(obsolete))
                .toList();
        Placement placement = new Placement(kind, listings::get);
        Map<Integer, Write> writes = new TreeMap<>();
        for (Map.Entry<String, String> file : wanted.entrySet()) {
            String path = file.getKey();
            if (holds(kind, path, file.getValue())) {
                continue;
            }
            byte[] bytes = content.find(path, file.getValue())
                    .orElseThrow(() -> new NotAtHand("the content of " + path + " isn't at hand"));
            int number = placement
                    .place(path, bytes.length)
                    .orElseThrow(() -> new NoRoom("no Secret has room for " + path + " of " + bytes.length
                            + " bytes, beside what all " + kind.count() + " hold; one holds at most "
                            + Placement.ROOM + " bytes"));
            Write write = writes.computeIfAbsent(number, n -> new Write());
            write.put.put(path, bytes);
            write.digests.put(path, file.getValue());
            for (int other = 0; other < kind.count(); other++) {
                if (other != number && listing(kind, other).files().containsKey(path)) {
                    writes.computeIfAbsent(other, n -> new Write()).remove.add(path);
                }
            }
        }
        writes.forEach((number, write) -> listing(kind, number).files().keySet().stream()
                .filter(path -> obsolete.contains(path) && !write.put.containsKey(path))
                .forEach(write.remove::add));
        write(kind, writes);
    }

    /**
     * Writes the index in one with copies of parts, which arrive with it; other copies go.
     *
     * @param digest the index
     * @param copies the parts, by path
     * @param mayWait whether nothing at all is written where that would be much
     */
    void publishIndex(String digest, Map<String, String> copies, Content content, boolean mayWait)
            throws NotAtHand, InterruptedException {
        Map<String, String> index = Map.of(Release.INDEX, digest);
        TreeMap<String, String> both = new TreeMap<>(copies);
        both.putAll(index);
        IndexWrite write = indexWrite(both, content);
        if (write.size() > MOST_WITH_INDEX && !copies.isEmpty()) {
            if (mayWait) {
                return;
            }
            // All that serve see the originals; copies would only be kept for one that can't be reached.
            write = indexWrite(index, content);
        }
        if (write.size() > Placement.ROOM) {
            throw new NotAtHand("no Secret has room for " + Release.INDEX + " of " + write.size()
                    + " bytes; one holds at most " + Placement.ROOM + " bytes");
        }
        if (write.changes().isEmpty()) {
            mendIndex();
        } else {
            write(SecretKind.INDEX, 0, write.changes());
        }
    }

    /**
     * What it takes for the index's Secret to hold these files and no others.
     *
     * @param changes what is written
     * @param size how much room they take, in bytes
     */
    private record IndexWrite(Write changes, long size) {}

    private IndexWrite indexWrite(Map<String, String> wanted, Content content) throws NotAtHand {
        Map<String, Listing.Entry> there = listing(SecretKind.INDEX, 0).files();
        Write changes = new Write();
        long size = 0;
        for (Map.Entry<String, String> file : wanted.entrySet()) {
            String path = file.getKey();
            Listing.Entry entry = there.get(path);
            if (entry != null && entry.digest().equals(file.getValue())) {
                size += Listing.size(path, entry.size());
                continue;
            }
            byte[] bytes = content.find(path, file.getValue())
                    .orElseThrow(() -> new NotAtHand("the content of " + path + " isn't at hand"));
            size += Listing.size(path, bytes.length);
            changes.put.put(path, bytes);
            changes.digests.put(path, file.getValue());
        }
        there.keySet().stream().filter(path -> !wanted.containsKey(path)).forEach(changes.remove::add);
        return new IndexWrite(changes, size);
    }

    /** Takes out of the index's Secret what another wrote into it, which would hide the files of others. */
    void mendIndex() throws NotAtHand, InterruptedException {
        Held index = held.get(name(SecretKind.INDEX, 0));
        if (index != null && !index.damaged().isEmpty()) {
            write(SecretKind.INDEX, 0, new Write());
        }
    }

    /** Deletes the files of this kind that are not wanted. */
    void remove(SecretKind kind, Predicate<String> unwanted) throws NotAtHand, InterruptedException {
        Map<Integer, Write> writes = new TreeMap<>();
        for (int number = 0; number < kind.count(); number++) {
            for (String path : listing(kind, number).files().keySet()) {
                if (unwanted.test(path)) {
                    writes.computeIfAbsent(number, n -> new Write()).remove.add(path);
                }
            }
        }
        write(kind, writes);
    }

    private void write(SecretKind kind, Map<Integer, Write> writes) throws NotAtHand, InterruptedException {
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

    private void write(SecretKind kind, int number, Write write) throws NotAtHand, InterruptedException {
        String name = name(kind, number);
        @Nullable String others = foreign.get(name);
        if (others != null) {
            throw new NotAtHand(others);
        }
        @Nullable Held before = held.get(name);
        TreeMap<String, Listing.Entry> files =
                new TreeMap<>(before == null ? Map.of() : before.listing().files());
        write.remove.forEach(files::remove);
        Map<String, @Nullable String> data = new TreeMap<>();
        write.remove.forEach(path -> data.put(path, null));
        if (before != null) {
            before.damaged().forEach(path -> data.put(path, null));
        }
        write.put.forEach((path, bytes) -> {
            String digest = String.valueOf(write.digests.get(path));
            data.put(path, encoded(bytes));
            files.put(
                    path,
                    listed(path, digest)
                            .orElseGet(() -> new Listing.Entry(digest, sha256(bytes), bytes.length, nonce())));
        });
        Listing listing = new Listing(nonce(), files);
        data.put(Arrivals.listing(kind, number), encoded(listing.toBytes()));
        if (kind.mounted()) {
            data.put(Arrivals.key(kind, number), encoded(Arrival.of(listing).toBytes()));
        }
        try {
            String version = before == null
                    ? create(name, data).getMetadata().getResourceVersion()
                    : quiet.merge(
                            names.namespace(), "secrets/" + name, Json.mergePatch(before.resourceVersion(), data));
            ownVersions.add(version);
            held.put(name, new Held(version, listing, Set.of()));
            synchronized (this) {
                changes++;
            }
        } catch (KubernetesClientException e) {
            // Whether it was written or not, what is there must be read.
            loaded = false;
            throw e;
        }
    }

    /** A copy has the stamp of its original: where it is seen from makes no difference. */
    private Optional<Listing.Entry> listed(String path, String digest) {
        return held.values().stream()
                .flatMap(one -> Optional.ofNullable(one.listing().files().get(path)).stream())
                .filter(entry -> entry.digest().equals(digest))
                .findFirst();
    }

    private Secret create(String name, Map<String, @Nullable String> data) {
        data.values().removeIf(java.util.Objects::isNull);
        Secret secret = empty(name, COMPONENT);
        secret.setData(data);
        try {
            return client.resource(secret).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 409) {
                // It isn't listed: is it another's, or did somebody take its labels away?
                heard.put(name, ANY);
            }
            throw e;
        }
    }

    /** Reads a file of a kind that pods don't see. */
    Optional<byte[]> read(SecretKind kind, String path, String digest) {
        for (int number = 0; number < kind.count(); number++) {
            Listing.Entry entry = listing(kind, number).files().get(path);
            if (entry != null && entry.digest().equals(digest)) {
                Secret secret = client.secrets()
                        .inNamespace(names.namespace())
                        .withName(name(kind, number))
                        .get();
                return Optional.ofNullable(secret)
                        .map(Secret::getData)
                        .flatMap(data -> content(data, path))
                        .filter(bytes -> sha256(bytes).equals(entry.sha256()));
            }
        }
        return Optional.empty();
    }

    private String nonce() {
        return HexFormat.of().toHexDigits(random.nextLong());
    }

    static String encoded(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Returns an entry of a Secret; empty where there is none, or it is no base64. */
    static Optional<byte[]> content(Map<String, String> data, String key) {
        try {
            return Optional.ofNullable(data.get(key)).map(Base64.getDecoder()::decode);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** A content that must be written can't be. */
    static class NotAtHand extends Exception {
        private static final long serialVersionUID = 1;

        NotAtHand(String message) {
            super(message);
        }
    }

    /** No Secret has room for it. */
    private static final class NoRoom extends NotAtHand {
        private static final long serialVersionUID = 1;

        NoRoom(String message) {
            super(message);
        }
    }

    /** No Secret has room for it before what pods may still load can be deleted. */
    static final class RoomLater extends NotAtHand {
        private static final long serialVersionUID = 1;

        private final Instant from;

        RoomLater(String message, Instant from) {
            super(message);
            this.from = from;
        }

        /**
         * Returns what is waited for, until when at the latest, and what can be done.
         *
         * @param now the time by the clock of the Secrets
         * @param day the same time of day
         * @param pause so long it may take until it is tried again
         */
        String inWords(Instant now, Instant day, Duration pause) {
            Instant latest = day.plus(Duration.between(now, from))
                    .plus(pause)
                    .truncatedTo(ChronoUnit.MINUTES)
                    .plus(Duration.ofMinutes(1));
            return getMessage()
                    + ". It waits until every pod has the index that was written last; then what no pod can load"
                    + " any more is deleted and this is written, at " + latest + " at the latest, and nothing has to be"
                    + " done for it. Each change leaves its files behind until every pod is verified: where this comes"
                    + " again, see why a pod isn't ready or can't be reached";
        }
    }
}
