package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The Secrets that hold a server's configuration. {@link SeenSecrets} knows what each holds, without keeping it, {@link
 * FilePublisher} decides what goes where, {@link SecretWriter} writes it, and {@link RoomMaker} deletes what is in the way.
 * A write names the version that it expects, and fails where another came meanwhile. What another writes into them is
 * noticed and no longer counts as a file of ours.
 *
 * <p>For one thread, but for {@link #changed}.
 */
final class ConfigSecrets {

    private final ServerSecrets server;
    private final SeenSecrets seen;
    private final FilePublisher publisher;
    private final RoomMaker room;

    ConfigSecrets(
            KubernetesClient client,
            ObjectNames names,
            OwnerReference owner,
            InstantSource clock,
            RandomGenerator random,
            boolean lists) {
        SecretNames ours = new SecretNames(names);
        this.server = new ServerSecrets(client, names, owner);
        this.seen = new SeenSecrets(server, ours, lists);
        this.publisher = new FilePublisher(seen, new SecretWriter(server, ours, seen, random));
        this.room = new RoomMaker(server, ours, seen, publisher, clock);
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
        room.lookAtIndex();
    }

    /**
     * Returns a Secret that the server owns, also one that a server of its name left; empty where there is none.
     *
     * @throws NotOurs where it is somebody else's
     */
    Optional<Secret> findOwn(String name, String component) throws NotOurs {
        return server.findOwn(name, component);
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
     * Publishes; where there is no room, all files go that no pod may load any more.
     *
     * @param needed files that stay, whether an index names them or not
     * @throws RoomLater where there is no room yet
     * @throws NotAtHand where a content is nowhere to be found, or what stays leaves no room
     */
    void publish(SecretKind kind, Map<String, String> wanted, Content content, Set<String> obsolete, Set<String> needed)
            throws NotAtHand, InterruptedException {
        room.publish(kind, wanted, content, obsolete, needed);
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
        publisher.publish(kind, wanted, content, obsolete);
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
        publisher.publishIndex(digest, copies, content, mayWait);
    }

    /** Takes out of the index's Secret what another wrote into it, which would hide the files of others. */
    void mendIndex() throws NotAtHand, InterruptedException {
        publisher.mendIndex();
    }

    /** Deletes the files of this kind that are not wanted. */
    void remove(SecretKind kind, Predicate<String> unwanted) throws NotAtHand, InterruptedException {
        publisher.remove(kind, unwanted);
    }

    /** Reads a file of a kind that pods don't see. */
    Optional<byte[]> read(SecretKind kind, String path, String digest) {
        return seen.read(kind, path, digest);
    }
}
