package io.narthex.reconcile.kubernetes;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;

/**
 * What one server may see of the inventory. Follows it change by change, and shares with its earlier versions what
 * didn't change. For one thread.
 */
final class ServerView {

    private final ResourceKey server;
    private final Consent consent;
    private Inventory whole = Inventory.EMPTY;
    private Inventory seen = Inventory.EMPTY;

    ServerView(ResourceKey server, Consent consent) {
        this.server = server;
        this.consent = consent;
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
