package io.narthex.reconcile;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Narrows down which of several changed resources a running Prometheus refuses, where it names none: half of them are
 * withheld, and what it takes is settled. Each trial is a release of its own, so nothing runs meanwhile that Prometheus
 * hasn't taken. For one thread at a time.
 */
final class Bisection {

    private final Map<ResourceKey, Declared<?>> withheld = new TreeMap<>();
    private Optional<Declared<?>> server = Optional.empty();

    /** Returns what isn't to be tried yet. */
    Set<ResourceKey> withheld() {
        return Set.copyOf(withheld.keySet());
    }

    /** Forgets resources that are gone or say something else by now; all of it where the server does. */
    void keepUp(Inventory inventory, ResourceKey serverKey) {
        if (server.isPresent() && !isSame(inventory.find(serverKey), server.get())) {
            end();
        }
        withheld.values().removeIf(version -> !isSame(inventory.find(version.key()), version));
    }

    private static boolean isSame(Optional<? extends Declared<?>> now, Declared<?> version) {
        return now.filter(one -> one.spec().equals(version.spec())).isPresent();
    }

    /**
     * Notes that Prometheus refused all of these together.
     *
     * @param tried the changed resources; where there is none, nothing is left to try
     * @param by the server's version
     * @param serverChanged whether that is new to Prometheus, so that it is tried without any of them first
     * @return whether fewer of them are to be tried now
     */
    boolean refused(List<Declared<?>> tried, Optional<Declared<?>> by, boolean serverChanged) {
        server = by;
        if (tried.isEmpty()) {
            return false;
        }
        List<Declared<?>> rest = serverChanged ? tried : tried.subList(tried.size() / 2, tried.size());
        rest.forEach(version -> withheld.put(version.key(), version));
        return true;
    }

    /** Notes that Prometheus took what was tried; returns whether more is to be tried now. */
    boolean accepted() {
        if (withheld.isEmpty()) {
            server = Optional.empty();
            return false;
        }
        // Of several at least one is refused: they aren't tried all at once again.
        List<ResourceKey> all = List.copyOf(withheld.keySet());
        all.subList(0, (all.size() + 1) / 2).forEach(withheld::remove);
        return true;
    }

    /** Ends: a culprit is known, and nothing of what else was withheld. */
    void end() {
        withheld.clear();
        server = Optional.empty();
    }
}
