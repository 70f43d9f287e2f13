package io.narthex.reconcile.kubernetes;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.source.kubernetes.ClusterState;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one server may see of the inventory. Follows it change by change, and shares with its earlier versions what
 * didn't change. For one thread.
 */
final class ServerView {

    private final ResourceKey server;
    private final Consent consent;
    private Inventory whole = Inventory.EMPTY;
    private Inventory seen;
    private List<Declared<?>> recalled = List.of();
    private ClusterState about = ClusterState.EMPTY;
    private Inventory complete = Inventory.EMPTY;

    ServerView(ResourceKey server, Consent consent) {
        this.server = server;
        this.consent = consent;
        this.seen = Inventory.EMPTY.seenIn(Set.of(server.namespace()));
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
        Inventory result = seen;
        if (whole.namespaces() != inventory.namespaces()) {
            result = namespaces(result, inventory);
        }
        Filter filter = new Filter(result, inventory);
        inventory.resources().differences(whole.resources(), (key, was, now) -> filter.resource(key, now));
        inventory.secrets().differences(whole.secrets(), (id, was, now) -> filter.credential(id, now));
        whole = inventory;
        seen = filter.result;
        return seen;
    }

    /**
     * Follows what namespaces agree to. Of those that are none of the server's business nothing is taken over, so that they
     * may come, change and go without a compilation.
     */
    private Inventory namespaces(Inventory before, Inventory inventory) {
        Set<String> changed = new HashSet<>();
        inventory.namespaces().differences(whole.namespaces(), (name, was, now) -> changed.add(name));
        Filter filter = new Filter(before, inventory);
        Set<String> turned = new HashSet<>();
        for (String name : changed) {
            boolean allowed = consent.allows(server, name, inventory);
            filter.result =
                    filter.result.withNamespace(name, allowed ? consent.labels(server, name, inventory) : Map.of());
            if (allowed != consent.allows(server, name, whole)) {
                turned.add(name);
            }
        }
        if (!turned.isEmpty()) {
            whole.resources().forEach((key, resource) -> {
                if (turned.contains(key.namespace())) {
                    filter.resource(key, inventory.resources().find(key));
                }
            });
            whole.secrets().forEach((id, value) -> {
                if (turned.contains(id.namespace())) {
                    filter.credential(id, inventory.secrets().find(id));
                }
            });
        }
        return filter.result.seenIn(consent.visible(server, inventory).orElseThrow());
    }

    private final class Filter {
        private final Inventory all;
        private Inventory result;

        Filter(Inventory start, Inventory all) {
            this.result = start;
            this.all = all;
        }

        void resource(ResourceKey key, @Nullable Declared<?> now) {
            result = now != null && consent.allows(server, key.namespace(), all)
                    ? result.with(now)
                    : result.without(key);
        }

        /** A resource names credentials of its own namespace only. */
        void credential(SecretId id, @Nullable SecretValue now) {
            result = now != null && consent.allows(server, id.namespace(), all)
                    ? result.with(id, now)
                    : result.without(id);
        }
    }
}
