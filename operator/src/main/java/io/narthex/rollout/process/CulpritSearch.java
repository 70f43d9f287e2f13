package io.narthex.rollout.process;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.Culprit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds by bisection which resources make Prometheus refuse a bundle. Asks at most {@value #MOST_CHECKS} times; what it
 * hasn't found by then it doesn't claim.
 */
final class CulpritSearch {

    static final int MOST_CHECKS = 64;

    /** Says what is wrong with a bundle; empty for nothing. */
    @FunctionalInterface
    interface Judge {
        Optional<String> against(Bundle bundle) throws IOException, InterruptedException;
    }

    private final Suspects suspects;
    private final Judge judge;
    private final List<Culprit> culprits = new ArrayList<>();
    private int checks;

    CulpritSearch(Suspects suspects, Judge judge) {
        this.suspects = suspects;
        this.judge = judge;
    }

    /** Returns the culprits; none where they can't be told, such as where each alone is taken. */
    List<Culprit> run() throws IOException, InterruptedException {
        List<ResourceKey> all = new ArrayList<>(new TreeSet<>(suspects.resources()));
        if (all.isEmpty() || against(List.of()).isPresent()) {
            return List.of();
        }
        search(all, against(all));
        return List.copyOf(culprits);
    }

    private void search(List<ResourceKey> group, Optional<String> complaint) throws IOException, InterruptedException {
        if (complaint.isEmpty()) {
            return;
        }
        if (group.size() == 1) {
            culprits.add(new Culprit(group.getFirst(), complaint.get()));
            return;
        }
        int half = group.size() / 2;
        List<ResourceKey> first = group.subList(0, half);
        List<ResourceKey> second = group.subList(half, group.size());
        search(first, against(first));
        search(second, against(second));
    }

    /** Asks about a bundle with these suspects alone. */
    private Optional<String> against(List<ResourceKey> group) throws IOException, InterruptedException {
        if (checks >= MOST_CHECKS) {
            return Optional.empty();
        }
        checks++;
        Set<ResourceKey> excluded = new TreeSet<>(suspects.resources());
        group.forEach(excluded::remove);
        Optional<Bundle> bundle = suspects.without(excluded);
        return bundle.isEmpty() ? Optional.empty() : judge.against(bundle.get());
    }
}
