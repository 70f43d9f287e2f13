package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.rollout.Release;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The Secrets that hold a server's configuration. Knows what each holds without keeping it; a write names the version
 * that it expects, and fails where another came meanwhile. What another writes into them is noticed and no longer counts
 * as a file of ours.
 *
 * <p>For one thread, but for {@link #changed}.
 */
final class ConfigSecrets {

    /** More isn't written in one with the index, since parts are written for good anyway; in bytes. */
    private static final long MOST_WITH_INDEX = 262_144;

    /**
     * So long after an index was written, every pod sees it whose kubelet brings anything: it looks at a pod each minute and a
     * half, and at Secrets as they were up to a minute before, where it doesn't watch them.
     */
    static final Duration INDEX_ARRIVES = Duration.ofMinutes(3);

    /** Differs from every version. */
    private static final String NOT_LOOKED_AT = "*";

    private final SecretNames names;
    private final ServerSecrets server;
    private final SeenSecrets seen;
    private final InstantSource clock;
    private final SecretWriter writer;
    /** The index as it was seen last, and since when; one that was there before counts from the first look. */
    private String indexVersion = NOT_LOOKED_AT;

    private Instant indexSince = Instant.MAX;

    ConfigSecrets(
            KubernetesClient client,
            ObjectNames names,
            OwnerReference owner,
            InstantSource clock,
            RandomGenerator random,
            boolean lists) {
        this.names = new SecretNames(names);
        this.server = new ServerSecrets(client, names, owner);
        this.seen = new SeenSecrets(server, this.names, lists);
        this.clock = clock;
        this.writer = new SecretWriter(server, this.names, seen, random);
    }

    /**
     * Says that a Secret of this name is there in another version; an empty one where it is gone. Returns whether another
     * may have written it. From any thread.
     */
    boolean changed(String name, String resourceVersion) {
        return seen.changed(name, resourceVersion);
    }

    /** Says that changes may have gone unheard: those that hold something are read anew. From any thread. */
    void unknown() {
        seen.unknown();
    }

    /** Reads all of them where none was read yet, else those of which a change was heard. */
    void refresh() {
        seen.refresh();
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
        return seen.find(SecretKind.INDEX, 0)
                .map(index -> String.valueOf(index.resourceVersion()))
                .orElse("");
    }

    /**
     * Has the server own a Secret that one of its name left.
     *
     * @throws NotOurs where it is somebody else's
     */
    void adopt(Secret there, String component) throws NotOurs {
        server.adopt(there, component);
    }

    /** Returns a Secret of the server's without content. */
    Secret empty(String name, String component) {
        return server.empty(name, component);
    }

    /** Returns the digests of all files that pods see, by path. */
    SortedMap<String, String> files() {
        return seen.files();
    }

    /** Returns the listings of the Secrets that pods see, by the name under which a pod shows them. */
    SortedMap<String, Listing> mounted() {
        return seen.mounted();
    }

    /** Returns a name for the number of changes seen so far. */
    String version() {
        return seen.version();
    }

    /** Returns whether a Secret of this kind holds the file. */
    boolean holds(SecretKind kind, String path, String digest) {
        return seen.holder(kind, path, digest).isPresent();
    }

    /** Returns those of the files, by path, that no Secret holds that pods see. */
    SortedMap<String, String> missing(Map<String, String> wanted) {
        return seen.missing(wanted);
    }

    /** Returns the listing of the Secret that holds this part for good, by its name in {@link #mounted}. */
    Optional<String> original(String path, String digest) {
        OptionalInt number = seen.holder(SecretKind.PART, path, digest);
        return number.isPresent() ? Optional.of(Arrivals.name(SecretKind.PART, number.getAsInt())) : Optional.empty();
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
        Optional<Secret> secret = server.find(names.name(SecretKind.INDEX, 0));
        if (!indexVersion()
                .equals(secret.map(there -> String.valueOf(there.getMetadata().getResourceVersion()))
                        .orElse(""))) {
            seen.doubt(SecretKind.INDEX, 0);
            // The other one will be seen with the next look.
            indexSince = clock.instant();
            return Optional.empty();
        }
        return Optional.of(secret.map(Secret::getData)
                .flatMap(data -> SecretData.content(data, Release.INDEX))
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
                .mapToObj(number -> seen.listing(kind, number).without(obsolete))
                .toList();
        Placement placement = new Placement(kind, listings::get);
        Map<Integer, SecretWriter.Write> writes = new TreeMap<>();
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
            SecretWriter.Write write = writes.computeIfAbsent(number, n -> new SecretWriter.Write());
            write.put(path, file.getValue(), bytes);
            for (int other = 0; other < kind.count(); other++) {
                if (other != number && seen.listing(kind, other).files().containsKey(path)) {
                    writes.computeIfAbsent(other, n -> new SecretWriter.Write()).remove(path);
                }
            }
        }
        writes.forEach((number, write) -> seen.listing(kind, number).files().keySet().stream()
                .filter(path -> obsolete.contains(path) && !write.puts(path))
                .forEach(write::remove));
        writer.write(kind, writes);
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
            writer.write(SecretKind.INDEX, 0, write.changes());
        }
    }

    /**
     * What it takes for the index's Secret to hold these files and no others.
     *
     * @param changes what is written
     * @param size how much room they take, in bytes
     */
    private record IndexWrite(SecretWriter.Write changes, long size) {}

    private IndexWrite indexWrite(Map<String, String> wanted, Content content) throws NotAtHand {
        Map<String, Listing.Entry> there = seen.listing(SecretKind.INDEX, 0).files();
        SecretWriter.Write changes = new SecretWriter.Write();
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
            changes.put(path, file.getValue(), bytes);
        }
        there.keySet().stream().filter(path -> !wanted.containsKey(path)).forEach(changes::remove);
        return new IndexWrite(changes, size);
    }

    /** Takes out of the index's Secret what another wrote into it, which would hide the files of others. */
    void mendIndex() throws NotAtHand, InterruptedException {
        if (seen.find(SecretKind.INDEX, 0)
                .filter(index -> !index.damaged().isEmpty())
                .isPresent()) {
            writer.write(SecretKind.INDEX, 0, new SecretWriter.Write());
        }
    }

    /** Deletes the files of this kind that are not wanted. */
    void remove(SecretKind kind, Predicate<String> unwanted) throws NotAtHand, InterruptedException {
        Map<Integer, SecretWriter.Write> writes = new TreeMap<>();
        for (int number = 0; number < kind.count(); number++) {
            for (String path : seen.listing(kind, number).files().keySet()) {
                if (unwanted.test(path)) {
                    writes.computeIfAbsent(number, n -> new SecretWriter.Write())
                            .remove(path);
                }
            }
        }
        writer.write(kind, writes);
    }

    /** Reads a file of a kind that pods don't see. */
    Optional<byte[]> read(SecretKind kind, String path, String digest) {
        return seen.read(kind, path, digest);
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
