package io.narthex.reconcile.kubernetes;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.source.kubernetes.ClusterState;
import java.util.Collection;
import java.util.List;

/**
 * What one server may see of the inventory. Follows it change by change, and shares with its earlier versions what
 * didn't change. For one thread.
 */
final class ServerView {

    private final ResourceKey server;
    private final Consent consent;
    private Inventory whole = Inventory.EMPTY;
    private Inventory seen = Inventory.EMPTY;
    private List<Declared<?>> recalled = List.of();
    private ClusterState about = ClusterState.EMPTY;
    private Inventory complete = Inventory.EMPTY;

    ServerView(ResourceKey server, Consent consent) {
        this.server = server;
        this.consent = consent;
    }

    /** Says which versions stand in for resources that can't be read, as long as none was seen that can. */
    void recall(Collection<Declared<?>> versions) {
        recalled = List.copyOf(versions);
        about = ClusterState.EMPTY;
        complete = Inventory.EMPTY;
    }

    /** Returns what the server may see of the newest state. */
    Inventory of(ClusterState state) {
        return of(recalled.isEmpty() ? state.inventory() : withRecalled(state));
    }

    @SuppressWarnings("ReferenceEquality") // Versions of a map that share everything are one instance.
    private Inventory withRecalled(ClusterState state) {
        if (about.inventory() != state.inventory() || about.unreadable() != state.unreadable()) {
            about = state;
            complete = state.inventory();
            for (Declared<?> version : recalled) {
                if (state.unreadable().get(version.key()).isPresent()
                        && complete.find(version.key()).isEmpty()) {
                    complete = complete.with(version);
                }
            }
        }
        return complete;
    }

    /** Returns what the server may see of the newest inventory. */
    @SuppressWarnings("ReferenceEquality") // Versions of a map that share everything are one instance.
    Inventory of(Inventory inventory) {
        if (consent.seesAll(server)) {
            return inventory;
        }
        boolean anew = whole.namespaces() != inventory.namespaces();
        Inventory before = anew ? Inventory.EMPTY : whole;
        Filter filter = new Filter(anew ? Inventory.EMPTY : seen, inventory);
        inventory.resources().differences(before.resources(), (key, was, now) -> filter.resource(key, now));
        inventory
                .secrets()
                .differences(
                        before.secrets(),
                        (id, was, now) ->
                                filter.result = now == null ? filter.result.without(id) : filter.result.with(id, now));
        if (anew) {
            inventory.namespaces().forEach((name, labels) -> filter.result = filter.result.withNamespace(name, labels));
        }
        whole = inventory;
        seen = filter.result;
        return seen;
    }

    private final class Filter {
        private final Inventory all;
        private Inventory result;

        Filter(Inventory start, Inventory all) {
            this.result = start;
            this.all = all;
        }

        void resource(ResourceKey key, @org.jspecify.annotations.Nullable Declared<?> now) {
            if (now == null) {
                result = result.without(key);
            } else if (consent.allows(server, key.namespace(), all)) {
                result = result.with(now);
            }
        }
    }
}
