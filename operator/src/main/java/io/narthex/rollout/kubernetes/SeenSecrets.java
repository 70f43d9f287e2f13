package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Knows what a server's configuration Secrets hold, without keeping the contents, from what is read, heard and written.
 *
 * <p>For one thread, but for {@link #changed} and {@link #unknown}, and for what writers tell and ask of one Secret.
 */
final class SeenSecrets {

    static final String COMPONENT = "config";

    private static final int OWN_VERSIONS = 512;

    /** Stands for a version that isn't known. */
    private static final String ANY = "*";

    private final ServerSecrets server;
    private final SecretNames names;
    private final boolean lists;

    private final Map<String, SeenSecret> held = new ConcurrentHashMap<>();
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
    private Mounted mounted = new Mounted(-1, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    private volatile boolean loaded;
    private volatile boolean doubted;

    /**
     * What was there after so many changes.
     *
     * @param all the digests of the files, also of those that the pods aren't shown
     */
    private record Mounted(
            long changes,
            SortedMap<String, Listing> listings,
            SortedMap<String, String> files,
            SortedMap<String, String> all) {}

    /** Makes one; where Secrets may not be listed, each is asked for by its name. */
    SeenSecrets(ServerSecrets server, SecretNames names, boolean lists) {
        this.server = server;
        this.names = names;
        this.lists = lists;
    }

    /**
     * Says that a Secret of this name is there in another version; an empty one where it is gone. Returns whether another
     * may have written it. From any thread.
     */
    boolean changed(String name, String resourceVersion) {
        boolean isNews = names.all().contains(name) && !ownVersions.contains(resourceVersion);
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
            Map<String, SeenSecret> found = new HashMap<>();
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
            SeenSecret known = held.get(name);
            if (!version.equals(known == null ? "" : known.resourceVersion()) && !ownVersions.contains(version)) {
                Optional<Secret> secret = server.find(name).filter(this::isOwn);
                if (secret.isEmpty()) {
                    changes += held.remove(name) == null ? 0 : 1;
                } else if (known == null
                        || !known.resourceVersion()
                                .equals(secret.get().getMetadata().getResourceVersion())) {
                    SeenSecret now = read(secret.get());
                    held.put(name, now);
                    distrust(name, now);
                    changes++;
                }
            }
            heard.remove(name, version);
        }
    }

    private List<Secret> all() {
        if (lists) {
            return server.labelled(COMPONENT);
        }
        return names.all().stream().flatMap(name -> server.find(name).stream()).toList();
    }

    /** Whether the server owns it; notes why it can't be written where not. */
    private boolean isOwn(Secret secret) {
        try {
            server.adopt(secret, COMPONENT);
            return true;
        } catch (NotOurs e) {
            foreign.put(secret.getMetadata().getName(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    private SeenSecret read(Secret secret) {
        String name = secret.getMetadata().getName();
        return SeenSecret.of(secret, names.listing(name), names.arrival(name));
    }

    /**
     * A file of which another Secret holds something else may be seen as that: it counts as missing wherever it is, and is
     * written anew.
     */
    private void distrust(String name, SeenSecret now) {
        if (!now.damaged().isEmpty() && !isKept(name)) {
            held.replaceAll((other, one) -> isKept(other) ? one : one.without(now.damaged()));
        }
    }

    private boolean isKept(String name) {
        return names.isOf(SecretKind.KEPT, name);
    }

    // What they hold.

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
            TreeMap<String, Listing> listings = new TreeMap<>();
            TreeMap<String, String> files = new TreeMap<>();
            TreeMap<String, String> all = new TreeMap<>();
            lookAtMounted((name, one) -> {
                one.listing().files().forEach((path, entry) -> all.put(path, entry.digest()));
                if (one.shows()) {
                    listings.put(name, one.listing());
                    one.listing().files().forEach((path, entry) -> files.put(path, entry.digest()));
                }
            });
            mounted = new Mounted(
                    counted,
                    Collections.unmodifiableSortedMap(listings),
                    Collections.unmodifiableSortedMap(files),
                    Collections.unmodifiableSortedMap(all));
        }
        return mounted;
    }

    private void lookAtMounted(BiConsumer<String, SeenSecret> look) {
        for (SecretKind kind : SecretKind.values()) {
            if (kind.mounted()) {
                for (int number = 0; number < kind.count(); number++) {
                    SeenSecret one = held.get(names.name(kind, number));
                    if (one != null && !one.listing().version().isEmpty()) {
                        look.accept(Arrivals.name(kind, number), one);
                    }
                }
            }
        }
    }

    /** Returns a name for the number of changes seen so far. */
    String version() {
        return Long.toString(changes);
    }

    /** Returns what a Secret holds; empty where there is none that the server owns. */
    Optional<SeenSecret> find(SecretKind kind, int number) {
        return Optional.ofNullable(held.get(names.name(kind, number)));
    }

    Listing listing(SecretKind kind, int number) {
        return find(kind, number).map(SeenSecret::listing).orElse(Listing.EMPTY);
    }

    /** Returns the number of the first Secret of this kind that holds the file. */
    OptionalInt holder(SecretKind kind, String path, String digest) {
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
        missing.entrySet()
                .removeIf(file -> file.getValue().equals(newest().all().get(file.getKey())));
        return missing;
    }

    /** Returns how a file with this content is listed in any of them. */
    Optional<Listing.Entry> listed(String path, String digest) {
        return held.values().stream()
                .flatMap(one -> Optional.ofNullable(one.listing().files().get(path)).stream())
                .filter(entry -> entry.digest().equals(digest))
                .findFirst();
    }

    /** Reads a file of a kind that pods don't see. */
    Optional<byte[]> read(SecretKind kind, String path, String digest) {
        OptionalInt number = holder(kind, path, digest);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(listing(kind, number.getAsInt()).files().get(path))
                .flatMap(entry -> server.find(names.name(kind, number.getAsInt()))
                        .map(Secret::getData)
                        .flatMap(data -> SecretData.content(data, path))
                        .filter(bytes -> SecretData.sha256(bytes).equals(entry.sha256())));
    }

    // What their writers tell and ask. From any thread.

    /** Returns why a Secret can't be written; empty where it can. */
    Optional<String> foreign(SecretKind kind, int number) {
        return Optional.ofNullable(foreign.get(names.name(kind, number)));
    }

    /** Says what a Secret holds since it was written. */
    void wrote(SecretKind kind, int number, String version, Listing listing) {
        ownVersions.add(version);
        held.put(names.name(kind, number), new SeenSecret(version, listing, Set.of(), true));
        synchronized (this) {
            changes++;
        }
    }

    /** Says that a Secret isn't as it was seen: it is read anew. */
    void doubt(SecretKind kind, int number) {
        heard.put(names.name(kind, number), ANY);
    }

    /** Says that none may be as it was seen: all are read anew. */
    void doubtAll() {
        loaded = false;
    }
}
