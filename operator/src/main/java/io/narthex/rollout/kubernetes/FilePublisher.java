package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.rollout.Release;
import io.narthex.rollout.kubernetes.SecretWriter.Write;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Decides what is written into which configuration Secret, so that they hold the files of a release. */
final class FilePublisher {

    /** More isn't written in one with the index, since parts are written for good anyway; in bytes. */
    private static final long MOST_WITH_INDEX = 262_144;

    private final SeenSecrets seen;
    private final SecretWriter writer;

    FilePublisher(SeenSecrets seen, SecretWriter writer) {
        this.seen = seen;
        this.writer = writer;
    }

    /**
     * Writes those of the files that aren't there with this content, each Secret at once or not at all. Those Secrets of the
     * kind are written anew, too, in which another changed something: what is added hides the files of others, and of what
     * isn't told to pods nothing arrives.
     *
     * @param obsolete files that are deleted, if they lie in Secrets that are written
     * @throws NotAtHand where a content is nowhere to be found, or there is no room; nothing is written then
     * @throws KubernetesClientException where the API server refuses
     */
    void publish(SecretKind kind, Map<String, String> wanted, Content content, Set<String> obsolete)
            throws NotAtHand, InterruptedException {
        List<Listing> listings = IntStream.range(0, kind.count())
                .mapToObj(number -> seen.listing(kind, number).without(obsolete))
                .toList();
        Placement placement = new Placement(kind, listings::get);
        Map<Integer, Write> writes = new TreeMap<>();
        for (Map.Entry<String, String> file : wanted.entrySet()) {
            String path = file.getKey();
            if (seen.holder(kind, path, file.getValue()).isPresent()) {
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
            write.put(path, file.getValue(), bytes);
            for (int other = 0; other < kind.count(); other++) {
                if (other != number && seen.listing(kind, other).files().containsKey(path)) {
                    writes.computeIfAbsent(other, n -> new Write()).remove(path);
                }
            }
        }
        IntStream.range(0, kind.count())
                .filter(number -> isDamaged(kind, number))
                .forEach(number -> writes.computeIfAbsent(number, n -> new Write()));
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
    private record IndexWrite(Write changes, long size) {}

    private IndexWrite indexWrite(Map<String, String> wanted, Content content) throws NotAtHand {
        Map<String, Listing.Entry> there = seen.listing(SecretKind.INDEX, 0).files();
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
            changes.put(path, file.getValue(), bytes);
        }
        there.keySet().stream().filter(path -> !wanted.containsKey(path)).forEach(changes::remove);
        return new IndexWrite(changes, size);
    }

    /** Takes out of the index's Secret what another wrote into it, which would hide the files of others. */
    void mendIndex() throws NotAtHand, InterruptedException {
        if (isDamaged(SecretKind.INDEX, 0)) {
            writer.write(SecretKind.INDEX, 0, new Write());
        }
    }

    private boolean isDamaged(SecretKind kind, int number) {
        return seen.find(kind, number).filter(SeenSecret::isDamaged).isPresent();
    }

    /** Deletes the files of this kind that are not wanted. */
    void remove(SecretKind kind, Predicate<String> unwanted) throws NotAtHand, InterruptedException {
        Map<Integer, Write> writes = new TreeMap<>();
        for (int number = 0; number < kind.count(); number++) {
            for (String path : seen.listing(kind, number).files().keySet()) {
                if (unwanted.test(path)) {
                    writes.computeIfAbsent(number, n -> new Write()).remove(path);
                }
            }
        }
        writer.write(kind, writes);
    }

    /** No Secret has room for it. */
    static final class NoRoom extends NotAtHand {
        private static final long serialVersionUID = 1;

        NoRoom(String message) {
            super(message);
        }
    }
}
