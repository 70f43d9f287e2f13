package io.narthex.source.kubernetes;

import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import java.util.Map;

/**
 * The cluster at one moment. Immutable; versions share what they have in common.
 *
 * @param inventory what is declared, and the credentials that were asked for and found
 * @param objects what else is known of each resource, those that can't be read too
 * @param unreadable why resources can't be read; in their place the inventory holds their last readable version, if any
 * @param unread what the API server says in place of credentials; in their place the inventory holds what they were last,
 *     if anything
 */
public record ClusterState(
        Inventory inventory,
        BucketMap<ResourceKey, StoredObject> objects,
        BucketMap<ResourceKey, Diagnostic> unreadable,
        BucketMap<SecretId, String> unread) {

    /** An empty cluster. */
    public static final ClusterState EMPTY =
            new ClusterState(Inventory.EMPTY, BucketMap.empty(), BucketMap.empty(), BucketMap.empty());

    ClusterState with(Declared<?> resource, StoredObject object) {
        ResourceKey key = resource.key();
        return new ClusterState(inventory.with(resource), objects.with(key, object), unreadable.without(key), unread);
    }

    ClusterState with(ResourceKey key, StoredObject object) {
        return new ClusterState(inventory, objects.with(key, object), unreadable, unread);
    }

    ClusterState withUnreadable(ResourceKey key, Diagnostic problem, StoredObject object) {
        return new ClusterState(inventory, objects.with(key, object), unreadable.with(key, problem), unread);
    }

    /** Returns whether a resource can be read as it could before, and says the same. */
    boolean isAsKnown(Declared<?> resource) {
        return unreadable.get(resource.key()).isEmpty()
                && inventory
                        .find(resource.key())
                        .filter(known -> known.labels().equals(resource.labels())
                                && known.annotations().equals(resource.annotations())
                                && known.spec().equals(resource.spec()))
                        .isPresent();
    }

    ClusterState without(ResourceKey key) {
        return new ClusterState(inventory.without(key), objects.without(key), unreadable.without(key), unread);
    }

    ClusterState withNamespace(String name, Map<String, String> labels) {
        Inventory next = inventory.withNamespace(name, labels);
        return next.equals(inventory) ? this : new ClusterState(next, objects, unreadable, unread);
    }

    ClusterState with(SecretId id, SecretValue value) {
        return new ClusterState(inventory.with(id, value), objects, unreadable, unread.without(id));
    }

    ClusterState without(SecretId id) {
        return new ClusterState(inventory.without(id), objects, unreadable, unread.without(id));
    }

    ClusterState withUnread(SecretId id, String words) {
        return unread.get(id).filter(words::equals).isPresent()
                ? this
                : new ClusterState(inventory, objects, unreadable, unread.with(id, words));
    }
}
